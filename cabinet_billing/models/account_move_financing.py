from collections import Counter

from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    cabinet_minutes = fields.Integer(
        string="Minutes of care",
        readonly=True,
        copy=False,
        help="The time billed by a line financed by plans.",
    )
    cabinet_credited_line_id = fields.Many2one(
        "account.move.line",
        string="Credited line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    cabinet_piece_ids = fields.One2many("cabinet.aid.piece", "line_id", string="Financing")

    def copy_data(self, default=None):
        """Let a credit note's lines know which financed line they credit (X38)."""
        vals_list = super().copy_data(default)
        if "move_reverse_cancel" in self.env.context:
            for line, vals in zip(self, vals_list, strict=True):
                if line.cabinet_minutes and line.move_id.move_type == "out_invoice":
                    vals["cabinet_credited_line_id"] = line.id
        return vals_list

    def _get_credited_part(self):
        """Return which part of the line that it credits a credit note's line is (0 to 1)."""
        self.ensure_one()
        total = self.cabinet_credited_line_id.price_total
        return min(1.0, max(0.0, self.price_total / total)) if total else 0.0


class AccountMove(models.Model):
    """Invoices financed by aid plans: their pieces, and the hours that corrections give back."""

    _inherit = "account.move"

    cabinet_piece_ids = fields.One2many(
        "cabinet.aid.piece", "move_id", string="Financing", copy=False
    )
    cabinet_aid_warnings = fields.Text(string="Warnings of aid plans", readonly=True, copy=False)

    # ---------------------------------------------------------------------------------------------
    # Posting
    # ---------------------------------------------------------------------------------------------

    def _get_share_faults(self):
        yield from super()._get_share_faults()
        if self.move_type == "out_invoice":
            yield from self._get_financing_faults()

    def _get_financing_faults(self):
        """Yield why a financed invoice no longer says what its aid plans paid for."""
        # sudo: an accountant without a role of ours posts invoices, too.
        pieces = self.sudo().cabinet_piece_ids
        sessions = pieces.session_id
        if any(session.invoice_id != self for session in sessions):
            yield self.env._(
                "%(invoice)s: its care was given back and may be on another invoice. Delete this "
                "one and invoice the care again.",
                invoice=self.display_name,
            )
        by_line = pieces.grouped("line_id")
        tolerance = 2 * self.currency_id.rounding
        for line, own in by_line.items():
            if not line or abs(sum(own.mapped("price")) - line.price_total) > tolerance:
                yield self.env._(
                    "%(invoice)s: a line financed by an aid plan was changed by hand. Cancel the "
                    "invoice, correct the care, and invoice it again.",
                    invoice=self.display_name,
                )
                return

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._give_hours_back()
        return posted

    # ---------------------------------------------------------------------------------------------
    # Hours given back (X38)
    # ---------------------------------------------------------------------------------------------

    def _give_hours_back(self):
        """Give the plans back the hours that posted credit notes credit to their payers."""
        notes = self.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        )
        # sudo: an accountant without a role of ours issues credit notes, too; what is written
        # comes from the invoice's own pieces.
        given = Counter()  # by the notes of this batch: one invoice may have several
        vals_list = [vals for note in notes.sudo() for vals in note._prepare_returned_pieces(given)]
        self.env["cabinet.aid.piece"].sudo()._create_with_shares(vals_list)

    def _prepare_returned_pieces(self, given):
        """Yield the values of the pieces that mirror what this credit note credits.

        :param Counter given: minutes given back so far by piece, that are not written yet
        """
        self.ensure_one()
        for line in self.invoice_line_ids.filtered("cabinet_credited_line_id"):
            part = line._get_credited_part()
            for piece in line.cabinet_credited_line_id.cabinet_piece_ids:
                vals = self._prepare_returned_piece(piece, line, part, given[piece])
                if vals:
                    given[piece] -= vals["minutes"]
                    yield vals

    def _prepare_returned_piece(self, piece, line, part, given):
        """Return the values that mirror a part of one piece, or None.

        Hours go back as far as the payer is credited: a credit note of the client's part alone
        (a gesture, a refund) leaves the hours used.
        """
        credited = [
            (share, self._get_credited_payer_part(share, part)) for share in piece.share_ids
        ]
        whole = part if self.partner_id == piece.move_id.partner_id else 0.0
        part = max([whole, *(ratio for _share, ratio in credited)])
        minutes = self._get_returned_minutes(piece, part, given)
        if not minutes or not (piece.share_ids or whole):
            return None
        scale = minutes / piece.minutes
        shares = [
            fields.Command.create(self._prepare_returned_share(share, ratio, minutes))
            for share, ratio in credited
            if ratio
        ]
        if piece.share_ids and not shares:
            return None
        price = -piece.currency_id.round(piece.price * scale)
        paid = -piece.currency_id.round(piece.payer_amount * scale)
        return {
            "move_id": self.id,
            "line_id": line.id,
            "origin_id": piece.id,
            "session_id": piece.session_id.id,
            "patient_id": piece.patient_id.id,
            "product_id": piece.product_id.id,
            "start": piece.start,
            "day": piece.day,
            "day_class": piece.day_class,
            "minutes": -minutes,
            "tariff": piece.tariff,
            "price": price,
            "payer_amount": paid,
            "client_amount": price - paid,
            "rule": piece.rule,
            "details": {**(piece.details or {}), "left": []},
            "share_ids": shares,
        }

    @api.model
    def _prepare_returned_share(self, share, ratio, minutes):
        return {
            "plan_id": share.plan_id.id,
            "payer_id": share.payer_id.id,
            "billed": share.billed,
            "asked_per_hour": share.asked_per_hour,
            "amount": -share.currency_id.round(share.amount * ratio),
            "minutes": -minutes,
            "counter_id": share.counter_id.id,
            "period": share.period,
            "first_day": share.first_day,
            "sunday": share.sunday,
        }

    def _get_credited_payer_part(self, share, part):
        """Return which part of a plan's share this credit note credits (0 to 1)."""
        if self.partner_id == share.payer_id:
            invoice_share = share.move_id.payer_share_ids.filtered(
                lambda row: row.partner_id == share.payer_id
            )
            owed = invoice_share.amount_owed
            return min(1.0, self.amount_total / owed) if owed else 0.0
        if share.billed:
            return part if share.payer_id in self.payer_share_ids.partner_id else 0.0
        return part if self.partner_id == share.move_id.partner_id else 0.0

    @api.model
    def _get_returned_minutes(self, piece, part, given):
        """Return minutes to give back: never more than what no credit note gave back before."""
        before = given - sum(piece.reversal_ids.mapped("minutes"))
        return max(0, min(round(piece.minutes * part), piece.minutes - before))

    def _take_hours_again(self):
        """A credit note that is no longer posted gives nothing back."""
        # sudo: as in _give_hours_back.
        self.sudo().filtered(lambda move: move.move_type == "out_refund").cabinet_piece_ids.unlink()

    def button_draft(self):
        result = super().button_draft()
        if self:
            self._take_hours_again()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._take_hours_again()
        return result
