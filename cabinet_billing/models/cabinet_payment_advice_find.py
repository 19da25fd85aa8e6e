from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..engine.advice import Claim, Finder, Hit, Named, Note, Standing

# Older settled invoices are looked up only by the very number that the payer writes.
YEARS_BACK = 3


class CabinetPaymentAdvice(models.Model):
    """What of ours the lines are about: shares of this payer, or why not (CASES 16-24).

    A fixed number of queries, whatever the number of lines.
    """

    _inherit = "cabinet.payment.advice"

    def _find(self, records):
        """Return what each record is about.

        :rtype: list[Hit]
        """
        finder = Finder(self._get_claims(records))
        hits = [
            finder.find(self._to_named(record)) if record.ok else Hit(notes=(Note.UNREADABLE,))
            for record in records
        ]
        return self._add_answers(records, hits)

    @api.model
    def _to_named(self, record):
        status = self._get_status(record)
        return Named(
            invoice=record.invoice,
            bordereau=record.bordereau,
            number=record.number,
            beneficiary=record.beneficiary,
            paid=record.paid,
            settles=status == "paid",
            informs=status == "information" or (status in ("paid", "part") and not record.paid),
        )

    def _get_claims(self, records):
        """Return what an advice of this payer may name."""
        texts = {
            text.strip().upper()
            for record in records
            for text in (record.invoice, record.bordereau, record.number)
            if text
        }
        shares = self._get_shares(sorted(texts))
        numbers = self._get_numbers(shares)
        claims = [self._to_claim(share, numbers.get(share, ())) for share in shares]
        return claims + self._get_closed_bordereaux(sorted(texts))

    def _get_shares(self, texts):
        """Return the shares that may be named: this payer's, and anybody's of these numbers."""
        since = fields.Date.subtract(self._today(), years=YEARS_BACK)
        ours = Domain("partner_id", "=", self.payer_id.id) & (
            Domain("state", "=", "open") | Domain("invoice_date", ">=", since)
        )
        return self.env["cabinet.invoice.share"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("state", "in", ("open", "settled", "cancel"))
            & (ours | Domain("move_id.name", "in", texts)),
            order="invoice_date, id",
        )

    def _get_numbers(self, shares):
        """Return the numbers of plans, files and beneficiaries under which a share is known."""
        own = shares.filtered(lambda share: share.partner_id == self.payer_id)
        plans = self._get_plan_numbers(own)
        at_payer = dict(
            self.env["cabinet.patient.number"]._read_group(
                [("payer_id", "=", self.payer_id.id)], ["patient_id"], ["number:array_agg"]
            )
        )
        return {
            share: tuple(
                dict.fromkeys(
                    [*plans.get(share.move_id, ()), *at_payer.get(share._get_beneficiary(), ())]
                )
            )
            for share in own
        }

    def _get_plan_numbers(self, shares):
        groups = self.env["cabinet.aid.piece.share"]._read_group(
            [("move_id", "in", shares.move_id.ids), ("payer_id", "=", self.payer_id.id)],
            ["move_id"],
            ["plan_id:recordset"],
        )
        return {
            move: [
                number
                for plan in plans
                for number in (plan.name, plan.plan_number, plan.file_number)
                if number
            ]
            for move, plans in groups
        }

    def _to_claim(self, share, numbers):
        standing = self._get_standing(share)
        is_open = standing is Standing.OPEN
        return Claim(
            key=share.id,
            invoice=share.move_id.name or "",
            open=self._get_exact(share.residual_signed) if is_open else Decimal(0),
            standing=standing,
            bordereau=share.bordereau_id.name or "",
            beneficiary=share._get_beneficiary().name or "",
            numbers=numbers,
        )

    def _get_standing(self, share):
        if share.partner_id != self.payer_id:
            return Standing.OTHER_PAYER
        if share.state == "open":
            return Standing.OPEN
        if share.state == "settled" and not self.currency_id.is_zero(share.amount_paid):
            return Standing.PAID
        return Standing.CANCELLED

    def _get_closed_bordereaux(self, texts):
        """Return the bordereaux of these numbers that were cancelled, or are another payer's."""
        bordereaux = self.env["cabinet.bordereau"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("name", "in", texts)
            & (Domain("stage", "=", "cancelled") | Domain("payer_id", "!=", self.payer_id.id))
        )
        return [
            Claim(
                key=("bordereau", row.id),
                invoice="",
                bordereau=row.name,
                standing=Standing.OTHER_PAYER
                if row.payer_id != self.payer_id
                else Standing.CANCELLED,
            )
            for row in bordereaux
        ]

    def _add_answers(self, records, hits):
        """Note which refusals have no bordereau line to go to, or were answered before."""
        keys = {self._get_share_id(claim) for hit in hits for claim in hit.claims} - {None}
        asked = self.env["cabinet.invoice.share"].browse(sorted(keys))._get_asking_lines()
        asked = {share.id: line for share, line in asked.items()}
        return [
            self._add_answer(hit, asked) if self._get_status(record) == "rejected" else hit
            for record, hit in zip(records, hits, strict=True)
        ]

    def _add_answer(self, hit, asked):
        lines = [asked.get(self._get_share_id(claim)) for claim in hit.claims]
        if hit.held or not lines:
            return hit
        if not any(lines):
            return hit._replace(notes=(*hit.notes, Note.NO_BORDEREAU))
        if all(line.answer for line in lines if line):
            return hit._replace(notes=(*hit.notes, Note.ANSWERED))
        return hit

    @api.model
    def _get_share_id(self, claim):
        return claim.key if isinstance(claim.key, int) else None

    def _prepare_hit(self, record, hit):
        """Return what a line was found to be about."""
        ids = [key for key in map(self._get_share_id, hit.claims) if key]
        shares = self.env["cabinet.invoice.share"].browse(ids)
        bordereaux = shares.bordereau_id
        pays = record.ok and hit.claims and self._get_status(record) in ("paid", "part")
        return {
            "share_ids": [Command.set(ids)],
            "share_id": ids[0] if len(ids) == 1 else False,
            "bordereau_id": bordereaux.id if len(bordereaux) == 1 else False,
            "found_by": hit.by or False,
            "amount_open": float(hit.open),
            "difference": float(record.paid - hit.open) if pays else 0.0,
            "notes": [note.value for note in hit.notes],
            "held": hit.held,
        }
