from decimal import Decimal
from enum import Enum

from odoo import api, models
from odoo.tools import format_amount

AMOUNTS = ("amount", "total", "open")


class CabinetTransferWords(models.AbstractModel):
    """Plain words for what the matching of payers' transfers finds, in the reader's language."""

    _name = "cabinet.transfer.words"
    _description = "Words of Payers' Transfers"

    @api.model
    def _pack(self, reason):
        """Return a reason of the engine as plain values that a database keeps.

        :param matching.Reason reason: the engine's, or None
        :rtype: dict or bool
        """
        if not reason:
            return False
        params = {name: self._pack_value(value) for name, value in reason.params}
        return {"code": reason.code.value, "params": params}

    @api.model
    def _pack_value(self, value):
        if isinstance(value, Enum):
            return value.value
        return str(value) if isinstance(value, Decimal) else value

    @api.model
    def _explain(self, packed, currency):
        """Return a reason in words.

        :param dict packed: what ``_pack`` gave; False: no reason
        :param currency: the currency of amounts (res.currency)
        """
        if not packed:
            return ""
        params = packed["params"]
        values = {
            **params,
            **{
                name: format_amount(self.env, float(params[name]), currency)
                for name in AMOUNTS
                if params.get(name) is not None
            },
            "state": self._get_states().get(params.get("state"), ""),
        }
        code = packed["code"]
        if code == "exact" and not params.get("number"):
            code = "exact_share"
        return self._get_sentences()[code] % values

    @api.model
    def _get_sentences(self):
        """Return a sentence for each reason of the engine (``matching.MatchCode``)."""
        return {
            **self._get_reason_sentences(),
            **self._get_doubt_sentences(),
            **self._get_note_sentences(),
        }

    @api.model
    def _get_reason_sentences(self):
        """Return why a line is proposed, and why an item is short."""
        return {
            "advised": self.env._("The payment advice gives %(amount)s to %(reference)s."),
            "named": self.env._("The reference names %(number)s."),
            "exact": self.env._("The bordereau %(number)s is exactly this amount."),
            "exact_share": self.env._("This invoice is exactly this amount."),
            "in_a_row": self.env._("The %(count)s oldest in a row are exactly this amount."),
            "one_sum": self.env._("Only these %(count)s add up to this amount."),
            "credit_withheld": self.env._(
                "Credit note: exactly the %(amount)s that the payment lacks of what it names."
            ),
            "transfer_short": self.env._("The payment is %(amount)s less than what it names."),
            "advised_less": self.env._("The payment advice itself says %(amount)s."),
            "left_out": self.env._(
                "The payment lacks exactly this, %(amount)s: refused or forgotten by the payer."
            ),
        }

    @api.model
    def _get_doubt_sentences(self):
        """Return why a line is to be checked."""
        return {
            "advice_other_total": self.env._(
                "The payment advice adds up to %(total)s, the payment is %(amount)s."
            ),
            "advice_spread": self.env._(
                "“%(reference)s” with %(amount)s in the payment advice may mean several invoices."
            ),
            "other_lines": self.env._(
                "The payer names other things: this is proposed only because it is exactly the "
                "%(amount)s that are left."
            ),
            "several_answers": self.env._(
                "%(count)s different answers explain this amount: this is the simplest one."
            ),
            "by_chance": self.env._("So many sums are possible that this one may fit by chance."),
            "unknown_number": self.env._(
                "The reference quotes %(number)s, which is none of your numbers: the amount "
                "alone fits."
            ),
            "named_part": self.env._(
                "The reference names %(number)s, the amount fits a part of it only."
            ),
            "once_asked": self.env._(
                "%(number)s asked for %(total)s, of which %(open)s is left: perhaps paid a second "
                "time."
            ),
            "oldest_first": self.env._("Nothing explains this amount: the oldest first."),
        }

    @api.model
    def _get_note_sentences(self):
        """Return what else is to be said, and why money is left."""
        return {
            "advice_unknown": self.env._(
                "The payment advice gives %(amount)s to “%(reference)s”: nothing open has this "
                "number."
            ),
            "advice_above_open": self.env._(
                "The payment advice gives “%(reference)s” %(amount)s more than is open on it."
            ),
            "closed_number": self.env._("The reference names %(number)s: %(state)s."),
            "no_one_sum": self.env._("Several choices add up to this amount: none is proposed."),
            "too_many_sums": self.env._(
                "Too much is open to find a sum by itself: choose what is paid."
            ),
            "overpaid": self.env._("More came than what the payer names."),
            "nothing_open": self.env._("More came than what is open."),
            "held": self.env._(
                "What the payer names is closed: the money waits as credit, nothing is guessed."
            ),
        }

    @api.model
    def _get_states(self):
        """Return why a number is closed (``matching.Closed``)."""
        return {
            "paid": self.env._("paid already"),
            "cancelled": self.env._("cancelled or credited"),
            "other_payer": self.env._("another party owes it"),
        }
