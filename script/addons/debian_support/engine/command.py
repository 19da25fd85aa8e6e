import argparse
from dataclasses import dataclass
from pathlib import Path

# The zoom that Odoo asks for (96 / DPI) and the smart shrinking of wkhtmltopdf (3 / 4) together
# print a CSS inch as 72 / DPI inches. Odoo's style sheets count on it: at the usual 90 DPI,
# l10n_ch makes each length of the QR-bill 1.25 times too large; at 70 DPI, l10n_din5008 takes
# a CSS millimetre for a real one; so do labels, at 96 DPI without smart shrinking.
SHRUNK_INCH, PLAIN_INCH = 72, 96
MIN_SCALE, MAX_SCALE = 0.1, 2.0  # what Chromium accepts


@dataclass(frozen=True)
class Paper:
    """Size and margins of a sheet in millimetres, as it lies in the printer's tray.

    :param float header_top: distance from the top of the sheet to the top of the header
    :param float scale: printed size of what is one millimetre in the style sheet
    """

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header_top: float
    header_line: bool
    scale: float


def parse(args, sizes):
    """Read a wkhtmltopdf command line.

    Left out on purpose: `--zoom`, which follows from `--dpi`; `--javascript-delay`, as
    Chromium tells when a page is ready.

    :param list args: the arguments, the file to write last
    :param dict sizes: name of paper format -> (width, height) in millimetres, upright
    :return: the options, with `paper` (a `Paper`), `bodies` and `output` added
    :rtype: argparse.Namespace
    """
    options, _ignored = _build_parser().parse_known_args(args)
    *bodies, output = options.files
    options.bodies = [Path(path) for path in bodies]
    options.output = Path(output)
    options.paper = _read_paper(options, sizes)
    return options


def read_cookies(options):
    """Return the cookies of the command line and of its cookie jar, by name."""
    cookies = dict(options.cookie)
    if options.cookie_jar:
        for line in options.cookie_jar.read_text().splitlines():
            name, _sep, value = line.partition(";")[0].partition("=")
            cookies[name.strip()] = value.strip()
    return cookies


def _build_parser():
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--page-size", default="A4")
    for name in ("--page-width", "--page-height"):
        parser.add_argument(name, type=_millimetres)
    for name in ("--margin-top", "--margin-right", "--margin-bottom", "--margin-left"):
        parser.add_argument(name, type=_millimetres, default=10.0)
    parser.add_argument("--header-spacing", type=_millimetres, default=0.0)
    parser.add_argument("--orientation", default="Portrait", type=str.capitalize)
    parser.add_argument("--header-line", action="store_true")
    parser.add_argument("--disable-smart-shrinking", action="store_true")
    parser.add_argument("--viewport-size")
    parser.add_argument("--cookie", nargs=2, action="append", default=[])
    for name in ("--cookie-jar", "--header-html", "--footer-html"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--dpi", type=float, default=96.0)
    # Named so that their values are not taken for files.
    for name in ("--zoom", "--javascript-delay"):
        parser.add_argument(name)
    for name in ("--quiet", "--disable-local-file-access"):
        parser.add_argument(name, action="store_true")
    parser.add_argument("files", nargs="+")
    return parser


def _millimetres(value):
    return float(value.removesuffix("mm"))


def _read_paper(options, sizes):
    width, height = sizes.get(options.page_size) or sizes["A4"]
    width, height = options.page_width or width, options.page_height or height
    if options.orientation == "Landscape":
        width, height = height, width
    return Paper(
        width=width,
        height=height,
        top=options.margin_top,
        right=options.margin_right,
        bottom=options.margin_bottom,
        left=options.margin_left,
        header_top=options.margin_top - options.header_spacing,
        header_line=options.header_line,
        scale=_read_scale(options),
    )


def _read_scale(options):
    inch = PLAIN_INCH if options.disable_smart_shrinking else SHRUNK_INCH
    return min(max(inch / options.dpi, MIN_SCALE), MAX_SCALE)
