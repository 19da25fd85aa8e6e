import base64
import hashlib
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..formats import xml_schema
from ..formats.dental_codes import Version
from ..formats.invoice_request import WRITERS
from ..formats.safe_zip import ZipRefused, pack, unpack

VERSIONS = [(version.value, version.value) for version in Version]
MAX_SCHEMAS = 20_000_000  # bytes, unpacked
# The same files make the same zip.
PACKED_ON = datetime(2000, 1, 1)


class CabinetXmlSchema(models.Model):
    """An official schema of generalInvoiceRequest that the practice loaded (DESIGN 7).

    The schemas are the Forum's, not ours to ship. Where one is loaded, every file must obey it,
    besides our own. Made by the loading window only, which checks what it gets.
    """

    _name = "cabinet.xml.schema"
    _description = "Official Schema of Electronic Invoices"
    _order = "version"
    _rec_name = "main"

    version = fields.Selection(VERSIONS, required=True, readonly=True)
    main = fields.Char(string="Schema", required=True, readonly=True)
    file_names = fields.Char(string="Files", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    content = fields.Binary(attachment=True, required=True, readonly=True)
    content_name = fields.Char(compute="_compute_content_name")

    _one_a_version = models.UniqueIndex("(version)", "This version is loaded already.")

    @api.depends("version")
    def _compute_content_name(self):
        for schema in self:
            schema.content_name = f"generalInvoiceRequest_{schema.version}.zip"

    @api.model
    def _load_files(self, contents):
        """Load the official schemas that uploaded files hold, in place of those loaded before.

        :param list contents: pairs (file name, bytes), zips or single schemas
        :raise UserError: nothing of use, or not safe
        :return: the schemas loaded
        """
        self.env["res.users"]._cabinet_check_role("manager")
        files = self._read_uploads(contents)
        found = {
            version: writer.schema for version, writer in WRITERS.items() if writer.schema in files
        }
        if not found:
            raise UserError(
                self.env._(
                    "None of these files is an official schema: %(names)s is looked for.",
                    names=", ".join(writer.schema for writer in WRITERS.values()),
                )
            )
        for main in found.values():
            self._check_schema(files, main)
        content = base64.b64encode(pack(files, PACKED_ON))
        # sudo: managers only, checked above; nobody writes schemas that were not checked.
        schemas = self.sudo()
        schemas.search([("version", "in", [version.value for version in found])]).unlink()
        return schemas.create(
            [
                {
                    "version": version.value,
                    "main": main,
                    "file_names": ", ".join(sorted(files)),
                    "sha256": hashlib.sha256(files[main]).hexdigest(),
                    "content": content,
                }
                for version, main in found.items()
            ]
        )

    @api.model
    def _read_uploads(self, contents):
        """Return the schema files of uploads by name, within the bounds of ``formats``."""
        files = {}
        for name, content in contents:
            if name.lower().endswith(".zip"):
                try:
                    found = unpack(content, MAX_SCHEMAS, ".xsd")
                except ZipRefused as error:
                    raise UserError(
                        self.env._(
                            "%(file)s cannot be read: %(why)s.",
                            file=name,
                            why=str(error).rstrip("."),
                        )
                    ) from error
            else:
                found = {name: content}
            files.update(found)
        return files

    @api.model
    def _check_schema(self, files, main):
        try:
            xml_schema.load(files, main)
        except xml_schema.SchemaRefused as error:
            raise UserError(
                self.env._("%(schema)s cannot be used: %(why)s.", schema=main, why=error)
            ) from error

    @api.model
    def _get_schemas(self, version):
        """Return the official schema of a version, if it is loaded.

        :param Version version: of generalInvoiceRequest
        :rtype: list[xml_schema.Schema]
        """
        found = self.search([("version", "=", Version(version).value)], limit=1)
        return [
            xml_schema.load(unpack(base64.b64decode(schema.content), MAX_SCHEMAS), schema.main)
            for schema in found.with_context(bin_size=False)
        ]
