"""Measure what is drawn on the page of a PDF, in points."""

from odoo.tools.pdf import pypdf

IDENTITY = (1, 0, 0, 1, 0, 0)


def list_images(page):
    """Return width and height of each image that the page draws itself."""
    objects = page["/Resources"]["/XObject"]
    return [
        (abs(matrix[0]), abs(matrix[3]))
        for operator, operands, matrix in _walk(page)
        if operator == b"Do" and objects[operands[0]].get_object()["/Subtype"] == "/Image"
    ]


def list_rectangles(page):
    """Return left, bottom, right and top of each rectangle that the page draws itself."""
    return [
        _place(matrix, *map(float, operands))
        for operator, operands, matrix in _walk(page)
        if operator == b"re"
    ]


def _walk(page):
    """Yield operator, operands and the matrix from its coordinates to those of the page."""
    matrix, saved = IDENTITY, []
    for operands, operator in pypdf.generic.ContentStream(page["/Contents"], page.pdf).operations:
        if operator == b"q":
            saved.append(matrix)
        elif operator == b"Q":
            matrix = saved.pop()
        elif operator == b"cm":
            matrix = _multiply(tuple(map(float, operands)), matrix)
        yield operator, operands, matrix


def _multiply(first, second):
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _place(matrix, x, y, width, height):
    corners = [(x, y), (x + width, y + height)]
    xs = [matrix[0] * left + matrix[2] * up + matrix[4] for left, up in corners]
    ys = [matrix[1] * left + matrix[3] * up + matrix[5] for left, up in corners]
    return min(xs), min(ys), max(xs), max(ys)
