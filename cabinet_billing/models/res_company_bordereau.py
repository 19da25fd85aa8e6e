from odoo import fields, models


class ResCompany(models.Model):
    """Numbers of bordereaux, the account to be paid on, when a credit note waits too long."""

    _inherit = "res.company"

    cabinet_credit_wait_days = fields.Integer(
        string="Credit notes of payers wait at most (days)",
        default=60,
        help="A payer's credit note that no bordereau took off after so many days is shown as an "
        "activity: it is to be paid back. 0: never.",
    )

    _check_credit_wait_days = models.Constraint(
        "CHECK(cabinet_credit_wait_days >= 0)", "A number of days cannot be negative."
    )

    def _cabinet_set_up(self):
        result = super()._cabinet_set_up()
        for company in self:
            company._get_bordereau_sequence()
        return result

    def _get_bordereau_sequence(self):
        """Return the clinic's own sequence; a branch has one of its own."""
        self.ensure_one()
        # sudo: who validates a bordereau has no right on sequences.
        sequences = self.env["ir.sequence"].sudo()
        return sequences.search(
            [("code", "=", "cabinet.bordereau"), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(
            {
                "name": "Bordereaux",
                "code": "cabinet.bordereau",
                "company_id": self.id,
                "prefix": "BD-%(range_year)s-",
                "padding": 5,
                "use_date_range": True,
            }
        )

    def _next_bordereau_number(self, date):
        """Return the next number of the clinic, such as BD-2026-00042.

        :param date date: of the bordereau: each year starts anew
        """
        return self._get_bordereau_sequence().next_by_id(sequence_date=date)

    def _get_bordereau_bank(self):
        """Return the account of the clinic, or of its parent, that payers pay on.

        The account of the first bank journal; without any, the first account of the company.
        """
        self.ensure_one()
        # sudo: who makes a bordereau may have no right on journals; only the account is taken.
        company = self.sudo()
        journals = company.env["account.journal"]
        for owner in (company, company.root_id):
            found = journals.search(
                [
                    ("company_id", "=", owner.id),
                    ("type", "=", "bank"),
                    ("bank_account_id", "!=", False),
                ],
                limit=1,
            ).bank_account_id
            if found := found or owner.partner_id.bank_ids[:1]:
                return found.sudo(False)
        return self.env["res.partner.bank"]
