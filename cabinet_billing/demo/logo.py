"""A small logo for the demo practices, drawn when they are loaded."""

import base64
import io

from PIL import Image, ImageDraw

SIZE = 240


def make_logo(name, color):
    """Return a PNG, as Odoo stores it: a round mark whose petals depend on the name.

    :param str name: the practice's name
    :param str color: its colour, as in ``#3b6b8f``
    """
    image = Image.new("RGBA", (SIZE, SIZE), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, SIZE - 8, SIZE - 8), fill=color)
    middle, petals = SIZE // 2, 3 + len(name) % 3
    for rank in range(petals):
        petal = Image.new("L", image.size, 0)
        ImageDraw.Draw(petal).ellipse((middle - 20, 36, middle + 20, middle), fill=255)
        image.paste("white", mask=petal.rotate(360 * rank / petals))
    draw.ellipse((middle - 14, middle - 14, middle + 14, middle + 14), fill=color)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue())
