import io
from unittest.mock import patch

import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..formats import schema_fetch
from ..formats.safe_zip import pack
from .common import CabinetCommon
from .dental_common import STAMP

ADDRESS = "https://forum.example/xml/rechnung"
MAIN = "generalInvoiceRequest_500.xsd"
HEAD = b'<schema xmlns="http://www.w3.org/2001/XMLSchema">'
TINY = HEAD + b'<element name="a" type="int"/></schema>'
IMPORTING = TINY.replace(b"<element", b'<include schemaLocation="./parts/sig.xsd"/><element')
PART = TINY.replace(b'name="a"', b'name="b"')


@tagged("post_install", "-at_install")
class TestSchemaFetch(CabinetCommon):
    """ "Télécharger depuis le site du Forum": what comes is checked like an upload."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.env["cabinet.xml.schema"].search([]).unlink()
        parameters = cls.env["ir.config_parameter"].sudo()
        cls.shipped = parameters.get_param("cabinet_billing.schema_address")
        parameters.set_param("cabinet_billing.schema_address", ADDRESS)
        cls.site, cls.asked = {}, []

    def setUp(self):
        super().setUp()
        self.site.clear()
        self.asked.clear()

    @classmethod
    def _request_handler(cls, session, request, /, **how):
        """Answer as the site would; what it does not have is not reached at all."""
        if not cls.site:
            return super()._request_handler(session, request, **how)
        cls.asked.append(request.url)
        found = cls.site.get(request.url, 404)
        if isinstance(found, Exception):
            raise found
        answer = requests.Response()
        answer.url, answer.request = request.url, request
        answer.status_code = found if isinstance(found, int) else 200
        if isinstance(found, str):
            answer.status_code, answer.headers["Location"] = 302, found
        answer.raw = io.BytesIO(found if isinstance(found, bytes) else b"")
        return answer

    def _fetch(self, user=None):
        window = self.env["cabinet.xml.schema.load"].with_user(user or self.manager).create({})
        window.action_fetch()
        return self.env["cabinet.xml.schema"].search([])

    def _assert_refused(self, words, user=None):
        with (
            mute_logger("odoo.addons.base.models.ir_attachment"),
            self.assertRaisesRegex(UserError, words) as caught,
            self.cr.savepoint(),
        ):
            self._fetch(user)
        self.assertFalse(self.env["cabinet.xml.schema"].search([]))
        return str(caught.exception)

    # Success --------------------------------------------------------------------------------------

    def test_the_schemas_that_a_page_links_to_are_loaded_with_their_imports(self):
        page = f"""<!doctype html><p>Schema: <a href="/files/{MAIN}">5.0</a>
            <a href="https://elsewhere.example/{MAIN}">mirror</a> <a href="doc.pdf">pdf</a>
            <a href="http://forum.example/files/generalInvoiceRequest_450.xsd">4.5</a>"""
        self.site |= {
            ADDRESS: page.encode(),
            f"https://forum.example/files/{MAIN}": IMPORTING,
            "https://forum.example/files/parts/sig.xsd": PART,
        }
        schema = self._fetch()
        self.assertEqual((schema.version, schema.main), ("5.0", MAIN))
        self.assertEqual(schema.file_names, f"{MAIN}, sig.xsd")
        self.assertEqual(len(self.asked), 3)

    def test_the_address_may_be_a_zip_or_a_schema_and_the_site_may_send_on(self):
        moved = "https://forum.example/new/generalInvoice.zip"
        self.site |= {ADDRESS: "/new/generalInvoice.zip", moved: pack({MAIN: TINY}, STAMP)}
        self.assertEqual(self._fetch().main, MAIN)
        self.site[ADDRESS] = f"/new/{MAIN}"
        self.site[f"https://forum.example/new/{MAIN}"] = TINY
        self.assertEqual(self._fetch().main, MAIN)

    def test_the_address_that_ships_is_the_forums_and_safe(self):
        self.assertTrue(self.shipped.startswith("https://www.forum-datenaustausch.ch/"))

    # Refusals -------------------------------------------------------------------------------------

    def test_without_a_network_it_is_said_in_one_sentence_with_what_to_do(self):
        text = self._assert_refused("cannot be reached from here")
        self.assertIn("Download the files by your browser", text)
        self.assertNotIn("\n", text)
        self.site[ADDRESS] = requests.ConnectTimeout()
        self._assert_refused("did not answer in time")
        self.site[ADDRESS] = requests.exceptions.SSLError()
        self._assert_refused("cannot be reached from here")

    def test_wrong_content_is_refused_like_an_upload(self):
        entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        for content, words in (
            (b"<html><a href='doc.pdf'>nothing</a></html>", "no schema"),
            (b"", "no schema"),
            (entity, "no schema"),
            (pack({"readme.txt": b"x"}, STAMP), "cannot be read"),
            (pack({"other.xsd": TINY}, STAMP), "None of these files"),
            (pack({MAIN: entity}, STAMP), "cannot be used"),
            (pack({MAIN: IMPORTING}, STAMP), "needs sig.xsd"),
            (404, "nothing at"),
            (500, "nothing at"),
        ):
            with self.subTest(words=words, content=str(content)[:40]):
                self.site[ADDRESS] = content
                self._assert_refused(words)

    def test_too_much_or_too_slow_is_refused(self):
        self.site[ADDRESS] = bytes(schema_fetch.MAX_FILE + 1)
        self._assert_refused("more than schemas can be")
        self.site[ADDRESS] = ADDRESS
        self._assert_refused("more than schemas can be")
        self.assertLess(len(self.asked), 40)
        self.site[ADDRESS] = TINY
        with patch.object(schema_fetch, "MAX_SECONDS", -1):
            self._assert_refused("did not answer in time")

    def test_neither_redirect_nor_import_leads_to_another_host_or_out_of_https(self):
        for target, words in (
            ("https://elsewhere.example/a.xsd", "elsewhere.example"),
            ("https://forum.example:8443/a.xsd", "forum.example:8443"),
            ("http://forum.example/a.xsd", "https://"),
            ("file:///etc/passwd", "https://"),
        ):
            with self.subTest(target):
                self.site[ADDRESS] = target
                self._assert_refused(words)
                self.assertNotIn(target, self.asked)
        self.site[ADDRESS] = f"/{MAIN}"
        far = TINY.replace(
            b"<element", b'<include schemaLocation="http://x.example/s.xsd"/><element'
        )
        self.site[f"https://forum.example/{MAIN}"] = far
        self._assert_refused("needs s.xsd")
        for address in ("http://forum.example/", "", "forum.example", "ftp://forum.example/"):
            self.env["ir.config_parameter"].sudo().set_param(
                "cabinet_billing.schema_address", address
            )
            self._assert_refused("https://")

    def test_only_a_manager_fetches(self):
        self.site[ADDRESS] = TINY
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._fetch(self.biller)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["cabinet.xml.schema"].with_user(self.biller)._fetch_files()
        self.assertFalse(self.asked)
