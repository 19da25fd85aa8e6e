"""Headers and footers: a document with one sheet for each printed page, laid over it."""

from copy import deepcopy

import lxml.html
from lxml.builder import E

# A fixed or absolute element of a layout must stay within its header or footer, which is a
# document of its own in wkhtmltopdf: the transform makes the block its frame. A sheet is
# contained: what overflows is cut, and the way it falls on pages does not move its content.
# It is a little lower than the paper, or a rounding would push a blank page in between.
STYLE = """
@page {{ margin: 0; }}
html, body {{
    height: auto !important; margin: 0 !important; padding: 0 !important;
    background: transparent !important;
}}
.ds_sheet {{
    position: relative; contain: strict; break-after: page; break-inside: avoid;
    width: {width:.3f}mm; height: {height:.3f}mm;
}}
.ds_sheet:last-child {{ break-after: auto; }}
.ds_sheet > div {{
    position: absolute; transform: translate(0); overflow: visible !important;
    left: {left:.3f}mm; width: {inner_width:.3f}mm; max-width: none !important;
}}
.ds_sheet > .ds_header {{ top: {header_top:.3f}mm; {header_line} }}
.ds_sheet > .ds_footer {{ top: {footer_top:.3f}mm; }}
"""

# Numbers that mean something in a header or footer; see `subst` in web.minimal_layout.
SECTIONS = ("section", "subsection", "subsubsection")


class Overlay:
    """The headers and footers of a report.

    :param str header: HTML with the headers of all the bodies, or None
    :param str footer: the same for the footers
    :param Paper paper: the sheet
    """

    def __init__(self, header, footer, paper):
        self._paper = paper
        self._headers = _Blocks(header, "minimal_layout_report_headers")
        self._footers = _Blocks(footer, "minimal_layout_report_footers")

    def __bool__(self):
        """Tell whether there is anything to print over the pages."""
        return bool(self._headers or self._footers)

    def build(self, pages):
        """Return the HTML of some sheets.

        :param pages: (index of the body, number of the page in it, number of its pages)
        """
        source = self._headers if self._headers else self._footers
        body = E.body(*[self._build_sheet(*page) for page in pages])
        for name, value in source.body_attributes.items():
            if name in ("dir", "style"):
                body.set(name, value)
        head = deepcopy(source.head)
        head.append(E.style(self._style()))
        html = lxml.html.tostring(E.html(head, body), encoding="unicode")
        return f"<!DOCTYPE html>\n{html}"

    def _build_sheet(self, index, number, count):
        sheet = E.div({"class": "ds_sheet"})
        for blocks, name in ((self._headers, "ds_header"), (self._footers, "ds_footer")):
            if blocks:
                block = blocks.build(index, name)
                _set_text(block, "page", number)
                _set_text(block, "topage", count)
                for section in SECTIONS:
                    _set_text(block, section, "")
                sheet.append(block)
        return sheet

    def _style(self):
        paper, scale = self._paper, self._paper.scale
        return STYLE.format(
            width=paper.width / scale,
            height=paper.height / scale - 0.5,
            left=paper.left / scale,
            inner_width=(paper.width - paper.left - paper.right) / scale,
            header_top=paper.header_top / scale,
            header_line="border-top: 1px solid black;" if paper.header_line else "",
            footer_top=(paper.height - paper.bottom) / scale,
        )


class _Blocks:
    """The headers (or footers) found in the document that Odoo makes of them."""

    def __init__(self, html, container_id):
        self.head, self.body_attributes, self._nodes, self._shared = None, {}, [], False
        if not html:
            return
        root = lxml.html.document_fromstring(html)
        for script in root.xpath("//script"):
            script.drop_tree()
        body = root.find("body")
        self.head = root.find("head") if root.find("head") is not None else E.head()
        self.body_attributes = dict(body.attrib)
        containers = body.xpath(".//*[@id=$name]", name=container_id)
        # Some reports bring one header of their own, for all the pages.
        self._shared = not containers
        self._nodes = list(containers[0] if containers else body)

    def __bool__(self):
        return bool(self._nodes)

    def build(self, index, name):
        """Return the block of a body, with the classes that Odoo gives to <body>."""
        if self._shared:
            nodes = self._nodes
        else:
            nodes = self._nodes[index : index + 1]
        classes = f"{name} {self.body_attributes.get('class', '')}"
        return E.div({"class": classes}, *map(deepcopy, nodes))


def _set_text(block, name, value):
    query = "descendant::*[contains(concat(' ', normalize-space(@class), ' '), $name)]"
    for node in block.xpath(query, name=f" {name} "):
        for child in list(node):
            node.remove(child)
        node.text = str(value)
