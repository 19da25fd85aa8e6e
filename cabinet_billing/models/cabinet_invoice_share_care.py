from odoo import api, fields, models

from ..engine.pec_values import to_local


class CabinetInvoiceShare(models.Model):
    """Which care a payer's share is for: the period of a bordereau follows from it."""

    _inherit = "cabinet.invoice.share"

    care_from = fields.Date(
        compute="_compute_care_dates",
        store=True,
        help="The day of the first care, by the local time of its place.",
    )
    care_to = fields.Date(
        compute="_compute_care_dates",
        store=True,
        index=True,
        help="The day on which the last care started: the period to which the share belongs.",
    )

    @api.depends(
        "is_main",
        "partner_id",
        "move_id.state",
        "move_id.invoice_date",
        "move_id.cabinet_piece_ids.share_ids",
    )
    def _compute_care_dates(self):
        """Care given back later (a credit note, a correction) keeps the days it was asked for."""
        for share in self:
            # sudo: as above; only days are read.
            days = share.sudo()._get_care_days()
            share.care_from, share.care_to = min(days, default=False), max(days, default=False)

    def _get_care_days(self):
        """Return the days on which the care of this share started, by local time (X27).

        Care over midnight belongs to the day on which it starts, as in a billing run; the hours of
        both days are on the document, each once (case 38).
        """
        self.ensure_one()
        move = self.move_id
        days = self._get_piece_days() or self._get_session_days()
        if not days and move.reversed_entry_id:
            origin = move.reversed_entry_id.cabinet_share_ids.filtered(
                lambda share: share.partner_id == self.partner_id
            )
            days = [day for day in (origin[:1].care_from, origin[:1].care_to) if day]
        return days or [day for day in (move.invoice_date,) if day]

    def _get_piece_days(self):
        """Return the days of the care that aid plans of this payer finance."""
        pieces = self.move_id.cabinet_piece_ids
        own, first = [], {}
        for piece in pieces:
            session, day = piece.session_id, piece.day
            if session:
                day = first[session] = min(day, first.get(session, day))
            if self.is_main or any(
                share.billed and share.payer_id == self.partner_id for share in piece.share_ids
            ):
                own.append((session, day))
        days = [first.get(session, day) for session, day in own]
        return days + self._get_unfinanced_days(pieces.session_id) if days else days

    def _get_unfinanced_days(self, financed):
        """Return the days of the sessions that this payer was chosen on, outside any plan."""
        sessions = self._get_sessions() - financed
        own = sessions.filtered(lambda session: self.is_main or session.payer_id == self.partner_id)
        return own._get_local_days()

    def _get_session_days(self):
        """Return the days of the sessions of this payer or, if there are none, of all."""
        sessions = self._get_sessions()
        return self._get_unfinanced_days(sessions.browse()) or sessions._get_local_days()

    def _get_sessions(self):
        move = self.move_id
        return move.cabinet_session_ids | move.invoice_line_ids.cabinet_session_id


class CabinetCareSession(models.Model):
    _inherit = "cabinet.care.session"

    def _get_local_days(self):
        """Return the day on which each session starts, by the local time of its place."""
        return [
            to_local(session.start, session.place_id._get_care_zone(session.company_id)).date()
            for session in self
        ]
