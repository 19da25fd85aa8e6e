from odoo import api, models
from odoo.exceptions import UserError

from ..formats.inbound import profile_json

SHOWN_FAULTS = 20


class CabinetImportProfile(models.Model):
    """Import profiles as JSON files, carried from one practice to another; those we ship."""

    _inherit = "cabinet.import.profile"

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
