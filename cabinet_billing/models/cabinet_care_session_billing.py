from collections import defaultdict

from odoo import Command, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import float_round, format_date


class CabinetCareSession(models.Model):
    """From care to invoices and payments on the spot (M1–M6)."""

    _inherit = "cabinet.care.session"

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_validate(self):
        """Validate care; paid on the spot, its invoice and payment are made at once (M3).

        Where the clinic bills at validation, the invoice is made and posted too; elsewhere the
        session waits for "Facturer". A failure leaves nothing half done.

        :return: the invoices' action where invoices were made
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_can_validate()
        self.state = "done"
        at_once = self.filtered(
            lambda session: (
                session.immediate_payment or session.company_id.cabinet_bill_on_validation
            )
        )
        return at_once._bill_and_post() if at_once else True

    def action_bill(self):
        """ "Facturer": make and post the invoices of validated sessions, one for each debtor."""
        self.env["res.users"]._cabinet_check_role("biller")
        return self._bill_and_post()

    # ---------------------------------------------------------------------------------------------
    # Checks
    # ---------------------------------------------------------------------------------------------

    def _check_can_validate(self):
        faults = [fault for session in self for fault in session._get_validation_faults()]
        if faults:
            raise UserError("\n".join(faults))

    def _get_validation_faults(self):
        self.ensure_one()
        name = self.display_name
        if self.state != "planned":
            yield self.env._("%(session)s: only planned care can be validated.", session=name)
        if self.immediate_payment and not self.payment_type_id:
            yield self.env._("%(session)s: choose how the patient pays.", session=name)
        if self.immediate_payment and self.currency_id.is_zero(self.patient_amount):
            yield self.env._(
                "%(session)s: the payer pays everything, so untick “Immediate payment”.",
                session=name,
            )

    def _check_can_bill(self):
        """Refuse sessions that cannot be invoiced, all at once.

        Rows are locked first: of two people who click, one bills and the other is told.
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is invoicing this care at this moment. Nothing was invoiced: "
                    "look at the list again."
                )
            ) from error
        self.invalidate_recordset(["state", "invoice_id"])
        faults = [
            self.env._(
                "%(session)s: only validated care that is not invoiced yet can be invoiced.",
                session=session.display_name,
            )
            for session in self
            if session.state != "done"
        ]
        if not self:
            faults = [self.env._("Choose the care to invoice.")]
        if faults:
            raise UserError("\n".join(faults))

    # ---------------------------------------------------------------------------------------------
    # Invoices
    # ---------------------------------------------------------------------------------------------

    def _bill_and_post(self):
        moves = self._bill()
        moves.action_post()
        self._pay_on_the_spot()
        return self._open_invoices(moves)

    def _bill(self, invoice_date=None):
        """Make the draft invoices of validated sessions, in batch.

        One invoice for each clinic, patient and debtor: the payer itself where it pays the
        whole act (M6), else the patient or the guarantor, with the payers' shares on it.

        :param date invoice_date: empty: today
        :return: the invoices (account.move), drafts
        :raise UserError: listing every session that cannot be invoiced
        """
        self._check_can_bill()
        financing = self._finance(lock=True)
        financing.date = invoice_date
        self._check_financing(financing)
        groups = self._group_for_invoices()
        for company, _patient, debtor in groups:
            if debtor.is_payer:
                debtor._ensure_payer_account(company)
        moves = self.env["account.move"]
        piece_vals_list = []
        for company in self.company_id:
            own = {key: sessions for key, sessions in groups.items() if key[0] == company}
            created = moves.with_company(company).create(
                [
                    sessions._prepare_invoice_vals(patient, debtor, financing)
                    for (_company, patient, debtor), sessions in own.items()
                ]
            )
            for sessions, move in zip(own.values(), created, strict=True):
                sessions.write({"state": "invoiced", "invoice_id": move.id})
                piece_vals_list += sessions._record_financing(move, financing)
            moves |= created
        # sudo: nobody writes the history of hours by hand; these are of invoices made just now.
        self.env["cabinet.aid.piece"].sudo()._create_with_shares(piece_vals_list)
        return moves

    def _group_for_invoices(self):
        """Return sessions by clinic, patient and debtor: each group is one invoice.

        :rtype: dict[tuple, CabinetCareSession]
        """
        groups = defaultdict(list)
        for session in self.sorted(lambda session: (session.start, session.id)):
            key = (session.company_id, session.patient_id, session._get_bill_to())
            groups[key].append(session.id)
        return {key: self.browse(ids) for key, ids in groups.items()}

    def _get_bill_to(self):
        """Return to whom the invoice of this session is addressed (M6, reading c)."""
        self.ensure_one()
        if self.third_party_payment and self.payer_amount:
            if self.currency_id.is_zero(self.patient_amount):
                return self.payer_id
        return self.patient_id._get_debtor()

    def _prepare_invoice_vals(self, patient, debtor, financing):
        """Return the values of the invoice of these sessions.

        :param patient: who received the care
        :param debtor: to whom the invoice is addressed
        :param Financing financing: what aid plans pay; their lines come first
        """
        company = self.company_id
        date = financing.date or fields.Date.context_today(self)
        category = debtor.payer_category_id or financing.patient_category
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": debtor.id,
            "patient_id": patient.id,
            "invoice_date": date,
            "invoice_payment_term_id": debtor.with_company(company).property_payment_term_id.id,
            "invoice_date_due": category._get_due_date(date) if category else date,
            "invoice_line_ids": self._prepare_line_commands(financing),
            "payer_share_ids": self._prepare_share_commands(debtor, financing),
            "cabinet_aid_warnings": self._get_financing_warnings(financing),
        }

    def _prepare_line_commands(self, financing):
        """Return the lines of one invoice: those of aid plans first, then of single sessions."""
        financed = self._get_financed_lines(financing)
        vals_list = [self._prepare_financed_line_vals(line, financing) for line in financed]
        others = self - financing.sessions
        vals_list += [session._prepare_invoice_line_vals() for session in others]
        return [
            Command.create({**vals, **self._prepare_known_vals(vals, financing)})
            for vals in vals_list
        ]

    def _prepare_known_vals(self, vals, financing):
        """Return what core would find out for each line, one by one, though it is known here.

        Nearly all care is untaxed and without analytic accounts. Where a line's amounts are given,
        core does not put an untaxed invoice through its taxes, which is half of its work.
        """
        known = {} if financing.has_analytic_models else {"analytic_distribution": False}
        product = self.env["product.product"].browse(vals["product_id"])
        [(_set, _id, taxes)] = vals["tax_ids"]
        # sudo: billers may not read the tags of the tax report; the line would have them, too.
        if taxes or financing.has_foreign_journals or product.sudo().account_tag_ids:
            return known
        digits = self.env["decimal.precision"].precision_get
        quantity = float_round(vals["quantity"], precision_digits=digits("Product Unit"))
        price = float_round(vals["price_unit"], precision_digits=digits("Product Price"))
        amount = -self.company_id.currency_id.round(quantity * price)
        return {**known, "amount_currency": amount, "balance": amount}

    def _prepare_invoice_line_vals(self):
        """Return the values of the invoice line of one session."""
        self.ensure_one()
        date = fields.Datetime.context_timestamp(self, self.start)
        return {
            "product_id": self.product_id.id,
            "name": self.env._(
                "%(service)s on %(date)s",
                service=self.product_id.with_context(lang=self.patient_id.lang).name,
                date=format_date(self.env, date.date()),
            ),
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "tax_ids": [Command.set(self._get_taxes().ids)],
            "cabinet_session_id": self.id,
        }

    def _prepare_share_commands(self, debtor, financing):
        """Return the payers' shares of one invoice: of aid plans, then of single sessions."""
        amounts = self._get_financed_shares(financing, debtor)
        for session in self - financing.sessions:
            if session.payer_amount and session.payer_id != debtor:
                amounts[session.payer_id] += session.payer_amount
        return [
            Command.create({"partner_id": payer.id, "amount": amount})
            for payer, amount in amounts.items()
            if amount
        ]

    # ---------------------------------------------------------------------------------------------
    # Payment on the spot
    # ---------------------------------------------------------------------------------------------

    def _pay_on_the_spot(self):
        """Pay the client's share of sessions whose box "Paiement immédiat" is ticked (M2, M3)."""
        paid = self.filtered("immediate_payment")
        for payment_type, sessions in paid.grouped("payment_type_id").items():
            amounts = {}
            for session in sessions:
                share = session.invoice_id.cabinet_share_ids.filtered("is_main")
                if not share:
                    continue  # aid plans pay everything
                amounts.setdefault(share, 0.0)
                amounts[share] += session.patient_amount
            today = fields.Date.context_today(self)
            payment_type._settle(
                {
                    # Rounding of taxes per invoice may leave a cent against the sessions' sum.
                    share: min(share.currency_id.round(amount), share.amount_residual)
                    for share, amount in amounts.items()
                },
                today,
            )

    # ---------------------------------------------------------------------------------------------
    # After the invoice
    # ---------------------------------------------------------------------------------------------

    def _release_from_invoice(self):
        """Let sessions be invoiced again: their invoice was cancelled, deleted or credited."""
        released = self.exists().filtered(lambda session: session.state == "invoiced")
        # sudo: who may cancel the invoice gives the care back, and only this method may do it.
        released.sudo().with_context(cabinet_releasing=True).write(
            {"state": "done", "invoice_id": False}
        )

    def _open_invoices(self, moves):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_invoice_action"
        )
        if len(moves) == 1:
            action.update(views=[(False, "form")], res_id=moves.id)
        else:
            action["domain"] = [("id", "in", moves.ids)]
        return action
