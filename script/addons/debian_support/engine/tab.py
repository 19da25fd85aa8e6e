import base64
import logging
import mimetypes
from urllib.parse import unquote, urlparse

from .errors import BrowserFailed, StylesMissing

_logger = logging.getLogger(__name__)

MILLIMETRES_PER_INCH = 25.4
PAGE_PATH = "/debian_support/print"

# Fonts and images are awaited, or they would be missing on paper.
READY_SCRIPT = """(async () => {
    await document.fonts.ready;
    const images = [...document.images];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    return images.filter((i) => !i.complete || !i.naturalWidth).map((i) => i.src);
})()"""


class Tab:
    """A browser tab that shows HTML as if the Odoo server had sent it.

    The HTML is handed over under an address of that server, so that its fonts and images
    are of the same origin, the session cookie applies, and local files are out of reach.

    :param Browser browser: a running browser
    :param PrintJob job: the server, and what need not be asked from it
    """

    timeout = 60

    def __init__(self, browser, job, cookies=None, viewport=None):
        self._browser = browser
        self._job = job
        self._origin = urlparse(job.base_url)._replace(path="", query="", fragment="").geturl()
        self._page_url = self._origin + PAGE_PATH
        self._loaded = set()
        self._styles = {}
        self._open(cookies or {}, viewport)

    def print(self, html, paper, margins=True):
        """Return the PDF of an HTML document.

        :param Paper paper: the sheet
        :param bool margins: False to print on the sheet from edge to edge
        :raise StylesMissing: when the server fails to send a style sheet
        """
        self._browser.expect_answer_within(self.timeout)
        self._load(html)
        self._check_ready()
        result = self._call("Page.printToPDF", **self._print_options(paper, margins))
        return base64.b64decode(result["data"])

    def _open(self, cookies, viewport):
        targets = self._browser.call("Target.getTargets")["targetInfos"]
        target = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = self._browser.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._browser.on_event = self._on_event
        self._call("Page.enable")
        self._call("Page.setLifecycleEventsEnabled", enabled=True)
        self._call("Inspector.enable")
        self._call("Network.enable")
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        # As wkhtmltopdf does: reports are made with the rules for screens.
        self._call("Emulation.setEmulatedMedia", media="screen")
        # Without a session (a scheduled action), the server cannot know the database.
        headers = {"X-Odoo-Database": self._job.database}
        self._call("Network.setExtraHTTPHeaders", headers=headers)
        for name, value in cookies.items():
            self._call("Network.setCookie", name=name, value=value, url=self._page_url)
        if viewport:
            width, height = viewport
            self._call(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=False,
            )

    def _call(self, method, **params):
        return self._browser.call(method, self._session, **params)

    def _load(self, html):
        self._html = html.encode()
        self._styles.clear()
        answer = self._call("Page.navigate", url=self._page_url)
        if answer.get("errorText"):
            raise BrowserFailed(answer["errorText"])
        # Not just any load: the empty page of the start may be late on a busy machine.
        while answer["loaderId"] not in self._loaded:
            self._browser.receive()

    def _check_ready(self):
        answer = self._call(
            "Runtime.evaluate",
            expression=READY_SCRIPT,
            awaitPromise=True,
            returnByValue=True,
        )
        for url in self._styles.values():
            raise StylesMissing(url)
        for url in answer["result"].get("value") or ():
            _logger.warning("An image is missing on a printed report: %s", url[:200])

    def _print_options(self, paper, margins):
        top, right, bottom, left = (
            (paper.top, paper.right, paper.bottom, paper.left) if margins else (0, 0, 0, 0)
        )
        return {
            "paperWidth": paper.width / MILLIMETRES_PER_INCH,
            "paperHeight": paper.height / MILLIMETRES_PER_INCH,
            "marginTop": top / MILLIMETRES_PER_INCH,
            "marginRight": right / MILLIMETRES_PER_INCH,
            "marginBottom": bottom / MILLIMETRES_PER_INCH,
            "marginLeft": left / MILLIMETRES_PER_INCH,
            "scale": paper.scale,
            "printBackground": True,
            "generateTaggedPDF": False,
        }

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    def _on_event(self, message):
        if message.get("sessionId") != self._session:
            return
        handler = {
            "Inspector.targetCrashed": self._on_crash,
            "Page.lifecycleEvent": self._on_lifecycle,
            "Fetch.requestPaused": self._on_request,
            "Network.requestWillBeSent": self._on_sent,
            "Network.responseReceived": self._on_response,
        }.get(message["method"])
        if handler:
            handler(message["params"])

    def _on_crash(self, _params):
        raise BrowserFailed("The page crashed, perhaps for want of memory.")

    def _on_lifecycle(self, params):
        if params["name"] == "load":
            self._loaded.add(params["loaderId"])

    def _on_sent(self, params):
        """Take note of a style sheet, missing until the server has sent it."""
        url = params["request"]["url"]
        if params.get("type") == "Stylesheet" and url.startswith(self._origin + "/"):
            self._styles[params["requestId"]] = url

    def _on_response(self, params):
        if params["response"]["status"] < 400:
            self._styles.pop(params["requestId"], None)

    def _on_request(self, paused):
        """Answer a request of the page from what is at hand, or let it go to the server."""
        request, url = paused["requestId"], paused["request"]["url"]
        content = self._find_content(url)
        if content:
            self._fulfill(request, *content)
        elif url.startswith(("data:", self._origin + "/")):
            self._browser.send("Fetch.continueRequest", self._session, requestId=request)
        else:
            _logger.warning("A printed report may not load %s", url[:200])
            self._browser.send(
                "Fetch.failRequest",
                self._session,
                requestId=request,
                errorReason="BlockedByClient",
            )

    def _find_content(self, url):
        """Return (mimetype, bytes) of an address, or None when only the server knows."""
        if url == self._page_url:
            return "text/html; charset=utf-8", self._html
        if not url.startswith(self._origin + "/"):
            return None
        path = unquote(urlparse(url).path)
        if path == "/favicon.ico":
            return "image/x-icon", b""
        if path in self._job.resources:
            return self._job.resources[path]
        filename = self._job.static_file(path)
        if not filename:
            return None
        with open(filename, "rb") as file:
            mimetype = mimetypes.guess_type(filename)[0] or "application/octet-stream"
            return mimetype, file.read()

    def _fulfill(self, request, mimetype, content):
        self._browser.send(
            "Fetch.fulfillRequest",
            self._session,
            requestId=request,
            responseCode=200,
            responseHeaders=[{"name": "Content-Type", "value": mimetype}],
            body=base64.b64encode(content).decode(),
        )
