import hashlib
import json

from odoo import models


class CabinetCareSession(models.Model):
    """What invoices will be, from the values that would make them, without writing any (X20)."""

    _inherit = "cabinet.care.session"

    def _find_invoice_faults(self):
        """Return the sessions that cannot be invoiced as they are, and why.

        :rtype: dict[CabinetCareSession, str]
        """
        found = {
            session: " ".join(session._get_financing_faults())
            for session in self._find_financed()[0]
        }
        return {session: faults for session, faults in found.items() if faults}

    def _preview_invoices(self, invoice_date):
        """Return each invoice to come: its sessions and how it will look.

        Only validated care is looked at: what was invoiced since is not to come any more.

        :return: ``(patient, debtor) -> (sessions, values of a line of a billing run)``
        :rtype: dict
        """
        sessions = self.filtered(lambda session: session.state == "done")
        financing = sessions._finance()
        financing.date = invoice_date
        return {
            (patient, debtor): (own, own._preview_invoice(patient, debtor, financing))
            for (_company, patient, debtor), own in sessions._group_for_invoices().items()
        }

    def _preview_invoice(self, patient, debtor, financing):
        """Return one invoice to come as the values of a line of a billing run."""
        vals = self._prepare_invoice_vals(patient, debtor, financing)
        currency = self.company_id.currency_id
        lines = [self._preview_line(command[2]) for command in vals["invoice_line_ids"]]
        for line, engine_line in zip(lines, self._get_financed_lines(financing), strict=False):
            line["why"] = self._explain_line(engine_line, financing.labels)
        shares = [
            {
                "payer": self.env["res.partner"].browse(share["partner_id"]).display_name,
                "amount": share["amount"],
            }
            for _code, _id, share in vals["payer_share_ids"]
        ]
        total = currency.round(sum(line["total"] for line in lines))
        paid = currency.round(sum(share["amount"] for share in shares))
        if debtor.is_payer:
            paid = total
        preview = {"lines": lines, "shares": shares, "days": self._preview_days()}
        preview["digest"] = self._get_digest(vals, total)
        return {
            "amount_total": total,
            "payer_amount": paid,
            "client_amount": currency.round(total - paid),
            "warning": vals["cabinet_aid_warnings"],
            "preview": preview,
        }

    def _preview_line(self, vals):
        """Return how an invoice line will look: amounts tax included."""
        product = self.env["product.product"].browse(vals["product_id"])
        taxes = self.env["account.tax"].browse(vals["tax_ids"][0][2])
        result = taxes.compute_all(
            vals["price_unit"],
            currency=self.company_id.currency_id,
            quantity=vals["quantity"],
            product=product,
        )
        return {
            "name": vals["name"],
            "quantity": vals["quantity"],
            "price_unit": vals["price_unit"],
            "total": self.company_id.currency_id.round(result["total_included"]),
            "why": "",
        }

    def _explain_line(self, line, labels):
        words = self.env["cabinet.aid.words"]
        return words._explain(words._pack(line.pieces[0]), self.company_id.currency_id, labels)

    def _preview_days(self):
        return [session._format_start() for session in self.sorted("start")]

    def _get_digest(self, vals, total):
        """Return a short value that differs as soon as the invoice to come does."""
        # Not the text of lines: it is in the language of whoever looks.
        content = {
            "partner": vals["partner_id"],
            "date": vals["invoice_date"],
            "lines": [
                {name: value for name, value in command[2].items() if name != "name"}
                for command in vals["invoice_line_ids"]
            ],
            "shares": [command[2] for command in vals["payer_share_ids"]],
            "sessions": sorted(self.ids),
            "total": total,
        }
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
