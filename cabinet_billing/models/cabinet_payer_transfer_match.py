from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, models
from odoo.fields import Domain
from odoo.tools import float_repr

from ..engine import matching

# How far back a payer takes money back.
PAID_MONTHS = 24


class CabinetPayerTransfer(models.Model):
    """ "Automatiser association": the engine's proposal becomes the lines of a draft (X35)."""

    _inherit = "cabinet.payer.transfer"

    def action_match(self):
        """ "Automatiser association": propose which shares this payment settles.

        Nothing is recorded: the lines of the draft are replaced by the proposal, each with the
        key that found it; the user looks at them and validates.
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self._check_state("draft")
        proposal = self._get_proposal()
        # sudo: which key found a line is written by this method only; the shares are those that
        # the user reads.
        draft = self.sudo()
        draft.line_ids.unlink()
        draft.write(
            {
                "match_details": self._prepare_match_details(proposal),
                "line_ids": [Command.create(vals) for vals in self._prepare_lines(proposal)],
            }
        )
        return True

    def _get_proposal(self):
        """Return what the engine proposes.

        :rtype: matching.Proposal
        """
        transfer = matching.Transfer(
            amount=self._to_decimal(self.amount),
            date=self.date,
            rounding=Decimal(str(self.currency_id.rounding)),
            reference=self.reference or "",
            advice=self._get_advice_lines(),
        )
        shares = self._find_open_shares()
        return matching.propose(
            transfer, self._get_items(shares), paid=self._get_paid(), closed=self._get_closed()
        )

    def _get_advice_lines(self):
        """Return what the payer's payment advice says of each number: a hook for its import.

        :rtype: tuple[matching.AdviceLine]
        """
        return ()

    def _get_refusals(self):
        """Return why the payer refuses to pay shares: a hook for the import of its answers.

        :return: share id -> the payer's words, proposed as the reason of the decision
        :rtype: dict
        """
        return {}

    def _to_decimal(self, amount):
        """Return an amount as the engine wants it: exact."""
        return Decimal(float_repr(amount, self.currency_id.decimal_places))

    # ---------------------------------------------------------------------------------------------
    # What goes in
    # ---------------------------------------------------------------------------------------------

    def _get_share_domain(self):
        """Return the domain of what this payer owes, or is owed, in the transfer's currency."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id", "=", self.payer_id.id)
            & Domain("kind", "=", "payer")
            & Domain("currency_id", "=", self.currency_id.id)
        )

    def _find_open_shares(self):
        """Return what is open for this payer, credit notes too, oldest first."""
        domain = self._get_share_domain() & Domain("state", "=", "open")
        return self.env["cabinet.invoice.share"].search(domain, order="invoice_date, id")

    def _get_items(self, shares):
        """Return open shares as the engine reads them, in a fixed number of queries.

        :rtype: list[matching.Item]
        """
        places = self._get_places(shares)
        plans = self._get_plan_numbers(shares)
        files = self._get_file_numbers(shares)
        return [
            matching.Item(
                key=share.id,
                amount=self._to_decimal(share.residual_signed),
                date=share.invoice_date or self.date,
                invoice=share.move_id.name or "",
                bordereau=places.get(share.id, (None, 0))[0],
                position=places.get(share.id, (None, 0))[1],
                plan=plans.get(share.move_id.id, ""),
                file=files.get(share._get_beneficiary().id, ""),
                beneficiary=share._get_beneficiary().name or "",
            )
            for share in shares
        ]

    def _get_places(self, shares):
        """Return the validated bordereau of each share, and its place there.

        :rtype: dict[int, tuple]
        """
        lines = self.env["cabinet.bordereau.line"].search(
            Domain("share_id", "in", shares.ids)
            & Domain("bordereau_id.stage", "=", "validated")
            & Domain("drop_reason", "=", False)
        )
        sheets = {
            row: matching.Sheet(row.name, self._to_decimal(row.amount_total), row.date)
            for row in lines.bordereau_id
        }
        asking = {share._get_asking_line() for share in shares}
        return {
            line.share_id.id: (sheets[line.bordereau_id], place)
            for place, line in enumerate(lines)
            if line in asking
        }

    def _get_plan_numbers(self, shares):
        """Return the plan under which the payer pays each invoice: its own number, else ours."""
        pieces = self.env["cabinet.aid.piece.share"].search_fetch(
            Domain("move_id", "in", shares.move_id.ids) & Domain("payer_id", "=", self.payer_id.id),
            ["move_id", "plan_id"],
        )
        return {
            piece.move_id.id: piece.plan_id.plan_number or piece.plan_id.name or ""
            for piece in pieces
        }

    def _get_file_numbers(self, shares):
        """Return the number of each beneficiary at this payer."""
        numbers = self.env["cabinet.patient.number"].search(
            Domain("payer_id", "=", self.payer_id.id)
            & Domain("patient_id", "in", [share._get_beneficiary().id for share in shares])
        )
        return {number.patient_id.id: number.number for number in numbers}

    def _get_paid(self):
        """Return what this payer paid before: it may take it back (CASES 26, 27).

        :rtype: list[matching.PaidItem]
        """
        shares = self.env["cabinet.invoice.share"].search(
            self._get_share_domain()
            & Domain("move_type", "=", "out_invoice")
            & Domain("amount_paid", ">", 0)
            & Domain("invoice_date", ">=", self.date - relativedelta(months=PAID_MONTHS))
        )
        return [
            matching.PaidItem(
                share.id,
                self._to_decimal(share.amount_paid),
                share.invoice_date,
                share.move_id.name or "",
                share._get_beneficiary().name or "",
            )
            for share in shares
        ]

    # ---------------------------------------------------------------------------------------------
    # What comes out
    # ---------------------------------------------------------------------------------------------

    def _prepare_match_details(self, proposal):
        """Return what the proposal says of the transfer as a whole, to keep."""
        words = self.env["cabinet.transfer.words"]
        notes = [*proposal.notes]
        if proposal.surplus_reason:
            notes.append(proposal.surplus_reason)
        return {
            "notes": [words._pack(note) for note in notes],
            "candidates": list(proposal.withheld.candidates if proposal.withheld else ()),
        }

    def _prepare_lines(self, proposal):
        """Return the values of the lines: what is paid, and what is named and not paid."""
        shorts = {short.key: short for short in proposal.shorts}
        refusals = self._get_refusals()
        paid = {line.key for line in proposal.lines}
        vals_list = [
            self._prepare_line(
                line.key, line.amount, line.found.value, line.reason, line.doubt, shorts
            )
            for line in proposal.lines
        ]
        for key in shorts:
            if key not in paid:
                vals_list.append(self._prepare_line(key, Decimal(0), "short", None, None, shorts))
        for vals in vals_list:
            vals["decision_reason"] = refusals.get(vals["share_id"])
        return vals_list

    def _prepare_line(self, share_id, amount, found, reason, doubt, shorts):
        """Return the values of one line.

        :param Decimal amount: negative for a credit note
        :param str found: the key that found it
        :param dict shorts: share id -> matching.Short
        """
        words = self.env["cabinet.transfer.words"]
        short = shorts.get(share_id)
        return {
            "share_id": share_id,
            "amount": float(amount),
            "amount_proposed": float(amount),
            "found_key": found,
            "details": {
                "reason": words._pack(reason),
                "doubt": words._pack(doubt),
                "short": words._pack(short and short.reason),
            },
        }
