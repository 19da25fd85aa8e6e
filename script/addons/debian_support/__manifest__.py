{
    "name": "Debian support",
    "summary": "Runs Debian's build of Odoo: web assets without the stripped file, "
    "PDF printing with Chromium",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Cabinet Billing contributors",
    "depends": ["web", "mail"],
    "assets": {
        # Debian strips this file (no source for it) and leaves its name in the bundle:
        # each backend page then logs a console error, and every tour fails on it.
        "web.assets_backend": [
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
        ],
    },
    "post_load": "post_load",
}
