from collections import Counter
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import RedirectWarning

from ..formats.inbound.identity import event_keys, file_hash

# In which states a statement has its lines, and nobody may have them again.
GONE = ("undone", "refused")


class CabinetFactoringStatement(models.Model):
    """The same file once more: refused, except for what of it was not taken in (CASES 1, 10).

    A camt.054 may speak of several accounts: one that the clinic had not entered yet, or a part
    that was thrown away or undone, can be read later without touching the rest.
    """

    _inherit = "cabinet.factoring.statement"

    @api.model
    def _find_taken(self, data):
        """Return the statements that have lines of this very file, whatever it is called."""
        # sudo: the file counts for the clinic, whoever may see the first import.
        return self.sudo().search(
            [
                ("company_id", "=", self.env.company.id),
                ("file_sha256", "=", file_hash(data)),
                ("state", "not in", GONE),
            ],
            order="id",
        )

    def _get_next_part(self):
        """Return the number of the next statement of the file that these statements are of."""
        return max(self.mapped("part"), default=0) + 1

    @api.model
    def _refuse_known(self, taken):
        """Refuse what was imported, even renamed (CASES 1).

        :raise RedirectWarning: with a link to the first import
        """
        raise RedirectWarning(
            self.env._(
                "This file was imported already: %(statement)s.", statement=taken[:1].display_name
            ),
            taken[:1]._get_records_action(),
            self.env._("Open that import"),
        )

    @api.model
    def _keep_rest(self, reading, taken):
        """Return of a reading what is in no statement yet.

        Records are told apart by what they say: of true twins as many are left as are missing.

        :param reading: formats.inbound.records.Reading
        :param taken: the statements that have lines of this file
        :raise RedirectWarning: nothing is missing
        """
        if reading.errors or any(statement.state == "reading" for statement in taken):
            self._refuse_known(taken)
        had = Counter(taken.line_ids.mapped("event_digest"))
        kept, digests = [], iter(event_keys(reading.records))
        for statement in reading.statements:
            records = []
            for record in statement.records:
                digest = next(digests).digest
                if had[digest]:
                    had[digest] -= 1
                else:
                    records.append(record)
            if records:
                kept.append(replace(statement, records=tuple(records)))
        if not kept:
            self._refuse_known(taken)
        return replace(reading, statements=tuple(kept))
