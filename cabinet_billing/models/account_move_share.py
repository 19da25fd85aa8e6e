from odoo import api, models
from odoo.tools import format_date, frozendict

from ..engine.split import Money, payer_parts, prorate


class AccountMove(models.Model):
    """The shares in the ledger: one receivable line a party (DESIGN 4, hybrid design).

    Core sees the patient's view: ``amount_residual`` counts the client's lines only, and every
    screen of Odoo that asks the invoice's partner for money asks for the client's part.
    """

    _inherit = "account.move"

    def _is_split(self):
        """Return whether payers stand, or still stand, on the invoice's receivable lines."""
        self.ensure_one()
        return self._is_cabinet_document() and bool(
            self.payer_share_ids or self.line_ids.cabinet_payer_id
        )

    # ---------------------------------------------------------------------------------------------
    # The receivable lines
    # ---------------------------------------------------------------------------------------------

    @api.depends(
        "payer_share_ids.amount",
        "payer_share_ids.partner_id",
        "line_ids.cabinet_payer_id",
        "commercial_partner_id",
        "fiscal_position_id",
    )
    def _compute_needed_terms(self):
        super()._compute_needed_terms()
        for move in self:
            if move.needed_terms and move._is_split():
                move.needed_terms = move._split_terms(move.needed_terms)
            elif move.needed_terms and move._is_billed_to_variable_payer():
                move.needed_terms = {
                    key: {**values, "no_followup": True}
                    for key, values in move.needed_terms.items()
                }

    def _is_billed_to_variable_payer(self):
        """Return whether the invoice goes straight to a payer that is never reminded (F7)."""
        debtor = self.commercial_partner_id
        variable = debtor.is_payer and debtor.payer_category_id.terms == "variable"
        return self._is_cabinet_document() and variable

    def _split_terms(self, terms):
        """Return core's terms with the payers' shares taken off and on lines of their own.

        Every key carries the payer, every value the partner and the account: core would copy
        them from whichever receivable line it finds first (ODOO19 3.4).

        :param dict terms: core's ``needed_terms``
        :rtype: dict
        """
        total = Money(
            sum(values["amount_currency"] for values in terms.values()),
            sum(values["balance"] for values in terms.values()),
        )
        roundings = (self.currency_id.rounding, self.company_currency_id.rounding)
        shares = self.payer_share_ids.filtered("partner_id")
        parts, main = payer_parts(total, shares.mapped("amount"), *roundings)
        result = self._main_terms(terms, total, main, roundings)
        for share, part in zip(shares, parts, strict=True):
            if part.amount_currency:
                key, values = self._payer_term(share, part)
                result[key] = values
        return result

    def _main_terms(self, terms, total, main, roundings):
        """Reduce core's terms to the main share, each in proportion."""
        if not main.amount_currency and total.amount_currency:
            return {}
        weights = [values["amount_currency"] for values in terms.values()]
        parts = prorate(main, weights, *roundings) if total.amount_currency else [main]
        ratio = main.amount_currency / total.amount_currency if total.amount_currency else 1.0
        account = self._get_main_receivable_account()
        result = {}
        for (key, values), part in zip(terms.items(), parts, strict=False):
            discounts = {
                name: {**key, **values}.get(name, 0.0) * ratio
                for name in ("discount_balance", "discount_amount_currency")
            }
            result[self._term_key(key["date_maturity"], key["discount_date"])] = {
                **values,
                **discounts,
                "amount_currency": part.amount_currency,
                "balance": part.balance,
                "partner_id": self.commercial_partner_id.id,
                "account_id": account.id,
            }
        return result

    def _payer_term(self, share, part):
        payer = share.partner_id
        return self._term_key(share._get_payer_date_due(), False, payer.id), {
            "amount_currency": part.amount_currency,
            "balance": part.balance,
            "partner_id": payer.id,
            "account_id": payer._get_payer_account(self.company_id).id,
            "no_followup": payer.payer_category_id.terms == "variable",
        }

    def _term_key(self, date_maturity, discount_date, payer_id=False):
        return frozendict(
            {
                "move_id": self.id,
                "date_maturity": date_maturity,
                "discount_date": discount_date,
                "cabinet_payer_id": payer_id,
            }
        )

    def _get_main_receivable_account(self):
        """Return the receivable account of the invoice's own partner, as core finds it."""
        self.ensure_one()
        move = self.with_company(self.company_id)
        account = move.commercial_partner_id.property_account_receivable_id
        return move.fiscal_position_id.map_account(account) if account else account

    @api.depends("payer_share_ids")
    def _compute_invoice_date_due(self):
        """Let the invoice's due date be the client's: a payer has its own delay."""
        super()._compute_invoice_date_due()
        for move in self:
            if move._is_split() and move.needed_terms:
                dates = [
                    key["date_maturity"]
                    for key in move.needed_terms
                    if not key.get("cabinet_payer_id") and key["date_maturity"]
                ]
                if dates:
                    move.invoice_date_due = max(dates)

    # ---------------------------------------------------------------------------------------------
    # What core shows: the client's part
    # ---------------------------------------------------------------------------------------------

    def _get_payer_lines(self):
        """Return the receivable lines that payers owe on these invoices."""
        return self.line_ids.filtered(
            lambda line: line.cabinet_payer_id and line.display_type == "payment_term"
        )

    @api.depends("line_ids.cabinet_payer_id")
    def _compute_amount(self):
        super()._compute_amount()
        for move in self:
            lines = move._get_payer_lines()
            if lines:
                move.amount_residual += move.direction_sign * sum(
                    lines.mapped("amount_residual_currency")
                )
                move.amount_residual_signed -= sum(lines.mapped("amount_residual"))

    @api.depends("line_ids.cabinet_payer_id")
    def _compute_payment_state(self):
        """A draft that is wholly financed must not read "paid"."""
        super()._compute_payment_state()
        for move in self:
            if move.state == "draft" and move._get_payer_lines():
                move.payment_state = "not_paid"

    @api.depends("line_ids.cabinet_payer_id")
    def _compute_show_payment_term_details(self):
        super()._compute_show_payment_term_details()
        for move in self:
            if move.show_payment_term_details and move._get_payer_lines():
                client = move.line_ids.filtered(
                    lambda line: line.display_type == "payment_term" and not line.cabinet_payer_id
                )
                move.show_payment_term_details = len(client) > 1 or move.show_discount_details

    def _compute_payment_term_details(self):
        super()._compute_payment_term_details()
        for move in self:
            if move.payment_term_details and move._get_payer_lines():
                move.payment_term_details = move._get_client_term_details()

    def _get_client_term_details(self):
        sign = 1 if self.is_inbound(include_receipts=True) else -1
        lines = self.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.cabinet_payer_id
        )
        return [
            {
                "date": format_date(self.env, line.date_maturity),
                "amount": sign * line.amount_currency,
            }
            for line in lines.sorted("date_maturity")
        ]

    def action_force_register_payment(self):
        """Ask the client for the client's lines only."""
        action = super().action_force_register_payment()
        payer_lines = self._get_payer_lines()
        if payer_lines and action.get("context", {}).get("active_ids"):
            lines = self.line_ids - payer_lines
            action["context"] = {**action["context"], "active_ids": lines.ids}
        return action
