from odoo import fields, models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    cabinet_tolerance = fields.Float(
        string="Tolerated payment difference",
        company_dependent=True,
        digits=(16, 3),
        help="In this currency: a payment that differs from what is due by no more settles it. "
        "0: every cent stays due, or stays as credit.",
    )


class CabinetPaymentType(models.Model):
    """Small differences (CASES 21 and 37): no open 0.02 after cash rounding or a slip."""

    _inherit = "cabinet.payment.type"

    def _get_tolerance_type(self, company):
        """Return the clinic's type for tolerated differences, if it has one."""
        domain = [("company_id", "=", company.id), ("nature", "=", "tolerance")]
        return self.search(domain, limit=1)

    def _absorb(self, payments, date):
        """Give up what small surplus payments hold beyond what they settle.

        :param payments: account.payment, whose unused amounts are within the tolerance
        :param date date: the accounting date
        :return: the entries made
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        entries = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                [
                    self._prepare_write_off_vals(
                        payment._get_credit_key(), -payment.unused_amount, date, payment.name, None
                    )
                    for payment in payments
                ]
            )
        )
        entries.action_post()
        self.env["cabinet.payment.allocation"]._record(
            [
                {
                    "credit_payment_id": payment.id,
                    "entry_id": entry.id,
                    "amount": payment.unused_amount,
                    "date": date,
                }
                for payment, entry in zip(payments, entries, strict=True)
            ]
        )
        return entries
