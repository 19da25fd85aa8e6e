import base64
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..formats import xml_schema
from ..formats.dental_codes import Version
from ..formats.safe_zip import pack
from .dental_common import STAMP, DentalCommon
from .invoice_request_common import OFFICIAL, VERSIONS, needs_schemas

TINY = b'<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="a" type="int"/></schema>'
MAIN = "generalInvoiceRequest_500.xsd"


@tagged("post_install", "-at_install")
class TestOfficialSchemas(DentalCommon):
    """Schemas that a manager loads: kept, used, and as hostile as anything from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.env["cabinet.xml.schema"].search([]).unlink()

    def _load(self, files, user=None):
        """Load files by the window, as a manager would."""
        env = self.env(user=user or self.manager)
        uploads = env["ir.attachment"].create(
            [{"name": name, "raw": content} for name, content in files.items()]
        )
        window = env["cabinet.xml.schema.load"].create({"attachment_ids": uploads.ids})
        window.action_load()
        return self.env["cabinet.xml.schema"].search([])

    @needs_schemas
    def test_the_forums_files_are_loaded_as_files_or_as_a_zip_and_used(self):
        for version in VERSIONS:
            files = xml_schema.read_files(OFFICIAL / version.value)
            self._load(files if version == Version.V450 else {"x.zip": pack(files, STAMP)})
        schemas = self.env["cabinet.xml.schema"].search([])
        self.assertEqual(schemas.mapped("version"), ["4.5", "5.0"])
        move = self._create_dental_invoice()
        for version in ("4.5", "5.0"):
            self.assertEqual(len(move.with_user(self.biller)._get_order_schemas(version)), 2)
            self.assertSendable(move, version)
        former = schemas[1].sha256
        self._load({"again.zip": pack(files, datetime(2026, 1, 1))})
        again = self.env["cabinet.xml.schema"].search([])
        self.assertEqual((len(again), again[1].sha256), (2, former))

    def test_a_loaded_schema_is_obeyed_besides_ours(self):
        self._load({MAIN: TINY})
        move = self._create_dental_invoice()
        faults = move._get_order_faults("5.0", STAMP, factor=self.factor)
        self.assertEqual({(fault.record, fault.field) for fault in faults}, {(move, "name")})
        self.assertSendable(move, "4.5")
        self.env["cabinet.xml.schema"].search([]).with_user(self.manager).unlink()
        self.assertSendable(move)

    def test_what_is_not_a_schema_or_not_safe_is_refused(self):
        entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        for files in (
            {"other.xsd": TINY},
            {MAIN: b"<a/>"},
            {MAIN: b"no xml"},
            {MAIN: entity},
            {MAIN: TINY.replace(b"<element", b'<include schemaLocation="no.xsd"/><element')},
            {"a.zip": b"no zip"},
            {"a.zip": pack({"readme.txt": b"x"}, STAMP)},
        ):
            with self.subTest(list(files)), self.assertRaises(UserError), self.env.cr.savepoint():
                self._load(files)
        self.assertFalse(self.env["cabinet.xml.schema"].search([]))
        with self.assertRaises(UserError):
            self._load({})

    def test_only_a_manager_loads_schemas_and_nobody_writes_them_by_hand(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._load({MAIN: TINY}, self.biller)
        values = {"version": "5.0", "main": MAIN, "content": base64.b64encode(b"x")}
        with self.assertRaises(AccessError):
            self.env["cabinet.xml.schema"].with_user(self.manager).create(values)
