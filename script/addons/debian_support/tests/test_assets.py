from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAssets(TransactionCase):
    def test_each_file_of_the_backend_bundle_exists(self):
        files = self.env["ir.qweb"]._get_asset_content("web.assets_backend")[0]
        self.assertGreater(len(files), 100)
        urls = [file["url"] for file in files]
        self.assertFalse([url for url in urls if "selfie_segmentation.js" in url])
