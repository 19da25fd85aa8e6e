class PrintError(Exception):
    """Printing failed; each subclass is one reason, which the caller puts into words."""


class BrowserMissing(PrintError):
    """There is no Chromium on this machine."""


class BrowserFailed(PrintError):
    """Chromium did not start, stopped, or refused a command; the text says what it said."""


class BrowserTimeout(PrintError):
    """Chromium did not answer in time, and was killed."""


class StylesMissing(PrintError):
    """The server did not deliver a style sheet; the text is its address."""
