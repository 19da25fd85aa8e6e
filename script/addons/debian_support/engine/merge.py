import io

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfReader,
    PdfWriter,
    createStringObject,
)

SHEET = NameObject("/HeaderAndFooter")


def count_pages(document):
    """Return the number of pages of a PDF."""
    return len(_read_pages(document))


def merge(documents, overlays, size):
    """Join PDF documents, lay sheets over their pages and mark where each one begins.

    :param list documents: PDF contents
    :param list overlays: PDF contents with, together, one sheet for each page; or nothing
    :param size: width and height of the paper in millimetres
    :rtype: bytes
    """
    writer = PdfWriter()
    starts = []
    for document in documents:
        starts.append(len(writer.pages))
        for page in _read_pages(document):
            page[NameObject("/MediaBox")] = _get_box(size)
            writer.add_page(page)
    sheets = [sheet for overlay in overlays for sheet in _read_pages(overlay)]
    for page, sheet in zip(writer.pages, sheets, strict=bool(sheets)):
        _stamp(writer, page, sheet)
    if len(documents) > 1:
        _add_outlines(writer, starts)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _read_pages(document):
    return PdfReader(io.BytesIO(document)).pages


def _get_box(size):
    """Return the sheet in whole points, as wkhtmltopdf does; Chromium adds up to a point."""
    width, height = (round(side * 72 / 25.4) for side in size)
    return ArrayObject(map(NumberObject, (0, 0, width, height)))


def _stamp(writer, page, sheet):
    """Draw a sheet over a page, as one object.

    The library's own way to merge reads each drawing instruction of both pages, which takes
    longer than to print them.
    """
    drawing = sheet["/Contents"].get_object()
    drawing[NameObject("/Type")] = NameObject("/XObject")
    drawing[NameObject("/Subtype")] = NameObject("/Form")
    drawing[NameObject("/BBox")] = ArrayObject(sheet["/MediaBox"])
    drawing[NameObject("/Resources")] = sheet["/Resources"]
    resources = page["/Resources"].get_object()
    objects = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    objects[SHEET] = writer._add_object(drawing)
    # Chromium's pages end in another scale than they begin: q and Q keep that to themselves.
    page[NameObject("/Contents")] = ArrayObject(
        [
            _add_stream(writer, b"q\n"),
            page.raw_get("/Contents"),
            _add_stream(writer, b"\nQ q %s Do Q\n" % SHEET.encode()),
        ]
    )


def _add_stream(writer, instructions):
    stream = DecodedStreamObject()
    stream.set_data(instructions)
    return writer._add_object(stream)


def _add_outlines(writer, starts):
    """Add one outline for each document, in the shape by which Odoo splits its records.

    Odoo reads the chain of top outlines, and takes the destination's first item for the
    index of a page (`_render_qweb_pdf_prepare_streams`).
    """
    names = [NameObject(f"/document{number}") for number, _start in enumerate(starts, start=1)]
    outlines = DictionaryObject()
    parent = writer._add_object(outlines)
    nodes = [DictionaryObject() for _start in starts]
    references = [writer._add_object(node) for node in nodes]
    for index, node in enumerate(nodes):
        node[NameObject("/Title")] = createStringObject(str(index + 1))
        node[NameObject("/Parent")] = parent
        node[NameObject("/Dest")] = names[index]
        if index:
            node[NameObject("/Prev")] = references[index - 1]
            nodes[index - 1][NameObject("/Next")] = references[index]
    outlines[NameObject("/First")], outlines[NameObject("/Last")] = references[0], references[-1]
    outlines[NameObject("/Count")] = NumberObject(len(nodes))
    writer._root_object[NameObject("/Outlines")] = parent
    writer._root_object[NameObject("/Dests")] = DictionaryObject(
        {
            name: ArrayObject([NumberObject(start), NameObject("/Fit")])
            for name, start in zip(names, starts, strict=True)
        }
    )
