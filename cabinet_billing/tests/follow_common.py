from datetime import date, datetime, time

from .bordereau_common import BordereauCommon

TODAY = date(2026, 4, 2)


class FollowCommon(BordereauCommon):
    """Bordereaux made, sent, paid on given days, seen on 2 April 2026."""

    @classmethod
    def _bordereau(cls, payer, amount, day, sent=None):
        """Return a validated bordereau that asks one invoice of that day.

        :param date day: of the care and of the bordereau
        :param date sent: when it was posted; None: it was not
        """
        cls._ask(payer, amount, day)
        bordereau = cls._make(payer, period=(day, day), date=day)
        bordereau.with_user(cls.biller).action_validate()
        if sent:
            cls._send(bordereau, sent)
        return bordereau

    @classmethod
    def _send(cls, bordereaux, day, method="paper"):
        cls.env["cabinet.bordereau.sending"].sudo().create(
            [
                {"bordereau_id": row.id, "method": method, "date": datetime.combine(day, time(9))}
                for row in bordereaux
            ]
        )

    @classmethod
    def _pay_bordereau(cls, bordereau, day, amount=None):
        cls._pay(bordereau.line_ids.move_id, amount, emitter="payer", date=day)
