import itertools
import logging
import subprocess
import time

from odoo.addons.base.models.report_paperformat import PAPER_SIZES

from . import command
from .browser import Browser
from .errors import BrowserFailed
from .merge import count_pages, merge
from .overlay import Overlay
from .tab import Tab

_logger = logging.getLogger(__name__)

SIZES = {size["key"]: (size["width"], size["height"]) for size in PAPER_SIZES if "width" in size}

# Where Chromium differs from wkhtmltopdf, for which Odoo's reports are made:
# - Bootstrap keeps a container narrower than the paper;
# - a white page would hide what it is laid over (l10n_ch: the QR-bill, over the last page);
# - the head of a table that may not be cut is repeated (without a rule: in print media only);
# - what follows a floating block (the totals of an invoice) stays on the page before it, when
#   only the block moves to the next one.
BODY_STYLE = """<style>
body.o_body_pdf.container { max-width: none; }
body { background-color: transparent; }
thead, tfoot { break-inside: avoid; }
.overflow-hidden:has(> .float-end) { break-inside: avoid; }
</style>"""

# A header is repeated for each page, with its logo: one document must not grow endlessly.
SHEETS_PER_DOCUMENT = 50


def run(args, job):
    """Do what wkhtmltopdf does with these arguments.

    :param list args: command line of wkhtmltopdf
    :param PrintJob job: the server
    :return: the process, as `subprocess.run` gives it
    :raise PrintError: when the document cannot be printed
    """
    began = time.monotonic()
    options = command.parse(args, SIZES)
    with Browser(job.base_url) as browser:
        viewport = options.viewport_size and map(int, options.viewport_size.split("x"))
        tab = Tab(browser, job, command.read_cookies(options), viewport)
        documents = [tab.print(_read_body(path), options.paper) for path in options.bodies]
        overlays = _print_overlays(tab, options, [count_pages(doc) for doc in documents])
    size = (options.paper.width, options.paper.height)
    options.output.write_bytes(merge(documents, overlays, size))
    seconds = time.monotonic() - began
    _logger.info("Chromium printed %s documents in %.1f s", len(documents), seconds)
    return subprocess.CompletedProcess(args, returncode=0, stdout="", stderr="")


def _read_body(path):
    html = path.read_text(encoding="utf-8")
    head, end, rest = html.partition("</head>")
    return f"{head}{BODY_STYLE}{end}{rest}" if end else f"<!DOCTYPE html>{BODY_STYLE}{html}"


def _print_overlays(tab, options, counts):
    header = options.header_html and options.header_html.read_text(encoding="utf-8")
    footer = options.footer_html and options.footer_html.read_text(encoding="utf-8")
    overlay = Overlay(header, footer, options.paper)
    if not overlay:
        return []
    pages = [
        (index, number, count)
        for index, count in enumerate(counts)
        for number in range(1, count + 1)
    ]
    return [_print_sheets(tab, overlay, options, part) for part in _batches(pages)]


def _print_sheets(tab, overlay, options, pages):
    document = tab.print(overlay.build(pages), options.paper, margins=False)
    if count_pages(document) != len(pages):
        # Each sheet goes onto the page of the same rank: one too many shifts all of them.
        raise BrowserFailed("The headers and footers do not match the pages.")
    return document


def _batches(pages):
    pages = iter(pages)
    return iter(lambda: list(itertools.islice(pages, SHEETS_PER_DOCUMENT)), [])
