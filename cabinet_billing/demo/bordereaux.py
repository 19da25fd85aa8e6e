"""Bordereaux of past months of the demo practices: made, validated and sent when they would be."""

from datetime import datetime, time, timedelta

from odoo import fields


class Bordereaux:
    """Makes bordereaux by the models' own methods; the documents are made when first printed."""

    def __init__(self, env, company, today):
        """
        :param env: the environment of the member of staff who does it
        :param company: the clinic
        :param date today: no bordereau is dated later
        """
        self.env = env(context={**env.context, "cabinet_documents_later": True})
        self.company = company
        self.today = today

    def months(self, number):
        """Return the first and last days of the last whole months, oldest first."""
        this_month = self.today.replace(day=1)
        starts = [fields.Date.subtract(this_month, months=rank) for rank in range(number, 0, -1)]
        return [(start, fields.Date.end_of(start, "month")) for start in starts]

    def make(self, first, last, payers=None, sent=True):
        """Make and validate the bordereaux of a month, dated the day after it.

        :param payers: of these payers only; None: all
        :param bool sent: whether they were posted two days later, else they wait to be sent
        :return: the bordereaux
        """
        rows = self.env["cabinet.bordereau"].with_company(self.company)
        shares = rows._find_shares(self.company, last, payers=payers)
        day = min(self.today, last + timedelta(days=1))
        bordereaux = rows._create_for(shares, first, last, date=day)
        bordereaux._validate()
        if sent:
            self._send(bordereaux, min(self.today, day + timedelta(days=2)))
        return bordereaux

    def draft(self, first, last, payers=None):
        """Make half of the bordereaux of a month and leave them to be validated.

        The other half waits to be made.
        """
        rows = self.env["cabinet.bordereau"].with_company(self.company)
        shares = rows._find_shares(self.company, last, payers=payers)
        shares = shares[: (len(shares) + 1) // 2]
        return rows._create_for(shares, first, last, date=min(self.today, last + timedelta(days=1)))

    def _send(self, bordereaux, day):
        # sudo: sendings are written by the models' methods only; these are of the past.
        self.env["cabinet.bordereau.sending"].sudo().create(
            [
                {
                    "bordereau_id": row.id,
                    "method": "paper",
                    "date": datetime.combine(day, time(9, 30)),
                    "user_id": self.env.uid,
                }
                for row in bordereaux
            ]
        )
