import base64
import re
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..formats.inbound import profile_json

SHOWN_FAULTS = 20


class CabinetImportProfile(models.Model):
    """Import profiles as JSON files, carried from one practice to another; those we ship."""

    _inherit = "cabinet.import.profile"

    json_file = fields.Binary(compute="_compute_json_file", export_string_translation=False)

    def _compute_json_file(self):
        for profile in self:
            profile.json_file = base64.b64encode(profile._to_json().encode())

    def _get_file_stem(self):
        plain = unicodedata.normalize("NFKD", self.code or self.name or "")
        plain = plain.encode("ascii", "ignore").decode()
        return re.sub("[^a-z0-9]+", "_", plain.lower()).strip("_") or "profile"

    def action_export(self):
        """Download the profile as a file that another practice can import."""
        self.ensure_one()
        name = f"{self._get_file_stem()}.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/json_file/{name}?download=true",
            "target": "download",
        }

    def action_duplicate(self):
        """Open a copy, to change it: reference layouts stay as they are shipped."""
        self.ensure_one()
        return self.copy()._get_records_action()

    def _to_json(self):
        """Return the profile in the JSON form of ``formats.inbound.profile_json``."""
        self.ensure_one()
        return profile_json.dumps(self._get_profile())

    def _from_json(self, text, **values):
        """Make a profile of its JSON form; on a profile, put that form in its place.

        :param text: a text or bytes, from anywhere: bounded and checked here
        :param values: of other fields, such as ``company_id``
        :raise UserError: this is no profile, or something is wrong with it
        :return: the profile
        """
        profile, found = profile_json.loads(text)
        if found:
            self._refuse_file(found)
        values = {**self._prepare_from_profile(profile), **values}
        if not self:
            return self.create(values)
        self.write(values)
        return self

    def _refuse_file(self, found):
        words = self.env["cabinet.import.words"]
        sentences = [words._explain(fault) for fault in found[:SHOWN_FAULTS]]
        raise UserError(
            self.env._(
                "This file cannot be used as an import profile.\n%(faults)s",
                faults="\n".join(sentences),
            )
        )

    @api.model
    def _load_shipped(self):
        """Make the reference layouts, or bring them up to date; called by each update."""
        # sudo: what the module itself ships; nothing of a caller's goes in.
        self.sudo()._load_records(
            [
                {
                    "xml_id": f"cabinet_billing.import_profile_{name}",
                    "noupdate": False,
                    "values": {
                        **self._prepare_from_profile(profile_json.reference(name)),
                        "code": name,
                        "shipped": True,
                    },
                }
                for name in profile_json.reference_names()
            ],
            update=True,
        )
