from odoo.tests import BaseCase, tagged

from ..engine import command
from ..engine.run import SIZES

FILES = ["body.html", "out.pdf"]


@tagged("post_install", "-at_install")
class TestCommand(BaseCase):
    def read_paper(self, *args):
        return command.parse([*args, *FILES], SIZES).paper

    def test_the_usual_paper_prints_style_sheets_at_four_fifths(self):
        paper = self.read_paper("--page-size", "A4", "--dpi", "90", "--zoom", "1.0667")
        self.assertEqual((paper.width, paper.height, paper.scale), (210, 297, 0.8))

    def test_labels_print_style_sheets_at_their_real_size(self):
        paper = self.read_paper("--dpi", "96", "--disable-smart-shrinking")
        self.assertEqual(paper.scale, 1)

    def test_a_custom_paper_turns_with_its_orientation(self):
        size = ("--page-width", "100mm", "--page-height", "60mm")
        paper = self.read_paper(*size, "--orientation", "landscape")
        self.assertEqual((paper.width, paper.height), (60, 100))

    def test_the_header_begins_its_spacing_above_the_body(self):
        paper = self.read_paper("--margin-top", "40.0", "--header-spacing", "35")
        self.assertEqual(paper.header_top, 5)

    def test_an_unknown_option_does_not_hide_the_files(self):
        options = command.parse(["--quiet", "--grayscale", *FILES], SIZES)
        self.assertEqual([path.name for path in options.bodies], ["body.html"])
        self.assertEqual(options.output.name, "out.pdf")
