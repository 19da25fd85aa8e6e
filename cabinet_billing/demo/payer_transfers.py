"""Payers' transfers of the demo practices: found by their numbers, short, or to be looked at."""

from datetime import timedelta

# How long payers take from the date of a bordereau, and what they wrote when they paid less.
DAYS = 18
REFUSED = "Heures au-delà du plan d’aide"


class PayerTransfers:
    """Records payers' transfers by the models' own methods, as the staff does."""

    def __init__(self, env, company, today):
        """
        :param env: the environment of the member of staff who does it
        :param company: the clinic
        :param date today: no payment is dated later
        """
        self.transfers = env["cabinet.payer.transfer"].with_company(company)
        self.today = today

    def pay(self, bordereau):
        """Let a payer pay what a bordereau asks, quoting its number: every line is found."""
        if bordereau:
            self._receive(bordereau, bordereau.amount_left).action_post()

    def pay_less(self, bordereau, part=0.6):
        """Let a payer pay a part of a bordereau; what it refuses is contested.

        :param float part: how much of what is left it pays, 0 to 1
        """
        if not bordereau:
            return
        transfer = self._receive(
            bordereau, bordereau.currency_id.round(bordereau.amount_left * part)
        )
        transfer.short_line_ids.write(
            {
                "decision": "contest",
                "decision_reason": REFUSED,
                "contest_until": self.today + timedelta(days=30),
            }
        )
        transfer.action_post()

    def leave(self, payers, reference, part=0.6):
        """Leave the transfer of one payer that owes something to be looked at.

        It quotes no number, and its amount is that of no line: the oldest are proposed.

        :param payers: the first one that owes something is taken (res.partner)
        :param str reference: what the payer wrote
        :param float part: how much of what it owes it pays, 0 to 1
        """
        company = self.transfers.env.company
        owing = payers.with_company(company).filtered(lambda payer: payer.cabinet_unpaid > 0)[:1]
        if owing:
            amount = company.currency_id.round(owing.cabinet_unpaid * part)
            self._create(owing, self.today, amount, reference).action_match()

    def _receive(self, bordereau, amount):
        """Return the draft of a payment that quotes a bordereau, with what was found."""
        date = min(self.today, bordereau.date + timedelta(days=DAYS))
        transfer = self._create(bordereau.payer_id, date, amount, f"VIR {bordereau.name}")
        transfer.action_match()
        return transfer

    def _create(self, payer, date, amount, reference):
        return self.transfers.create(
            {"payer_id": payer.id, "date": date, "amount": amount, "reference": reference}
        )
