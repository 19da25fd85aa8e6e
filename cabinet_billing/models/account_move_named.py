from odoo import api, models
from odoo.tools import SQL


def squeezed(column):
    """Return a column as ``formats.inbound.references.compact`` writes it: no blanks, capitals.

    :param SQL column: the indexes of this folder have the very same expression
    :rtype: SQL
    """
    return SQL("upper(regexp_replace(%s, '[[:space:]]+', '', 'g'))", column)


class AccountMove(models.Model):
    """Invoices as files from outside call them: by number or by payment reference."""

    _inherit = "account.move"

    # A file of a few lines never reads all invoices of ten years.
    _cabinet_squeezed_name_idx = models.Index(
        "(upper(regexp_replace(name, '[[:space:]]+', '', 'g'))) WHERE move_type = 'out_invoice'"
    )
    _cabinet_squeezed_reference_idx = models.Index(
        "(upper(regexp_replace(payment_reference, '[[:space:]]+', '', 'g')))"
        " WHERE move_type = 'out_invoice'"
    )

    @api.model
    def _cabinet_find_named(self, company, names, references):
        """Return customer invoices of a clinic by their numbers or payment references.

        :param company: res.company
        :param list names: numbers of invoices, without blanks, in capitals
        :param list references: payment references, in the same form
        :return: account.move, oldest first; whoever asks sees them by his own rights later
        """
        if not (names or references):
            return self.browse()
        self.flush_model(["company_id", "move_type", "name", "payment_reference"])
        query = self._cabinet_prepare_named(company, names, references)
        return self.browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _cabinet_prepare_named(self, company, names, references):
        """Return the query of ``_cabinet_find_named``, whose conditions are those of the indexes.

        :rtype: SQL
        """
        return SQL(
            """
            SELECT id
              FROM account_move
             WHERE company_id = %(company)s
               AND move_type = 'out_invoice'
               AND (%(name)s = ANY(%(names)s) OR %(reference)s = ANY(%(references)s))
          ORDER BY id
            """,
            company=company.id,
            name=squeezed(SQL.identifier("name")),
            reference=squeezed(SQL.identifier("payment_reference")),
            names=names,
            references=references,
        )
