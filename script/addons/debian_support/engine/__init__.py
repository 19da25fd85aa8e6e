"""Print HTML reports with Chromium, called with the arguments of wkhtmltopdf.

This package knows nothing of Odoo's models: it takes a command line and a job, and writes
a PDF file. What goes wrong is raised as a `PrintError`.
"""

from .browser import find_browser
from .errors import BrowserFailed, BrowserMissing, BrowserTimeout, PrintError, StylesMissing
from .job import PrintJob, current_job
from .run import run

__all__ = [
    "BrowserFailed",
    "BrowserMissing",
    "BrowserTimeout",
    "PrintError",
    "PrintJob",
    "StylesMissing",
    "current_job",
    "find_browser",
    "run",
]
