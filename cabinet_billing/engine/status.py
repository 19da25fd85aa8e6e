"""The invoice's own status (REQUIREMENTS S(b), DESIGN 4), from what happened to its shares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settlement:
    """What became of an invoice, in the invoice's currency; nothing here is negative.

    ``client_*`` is what the patient or guarantor owes, ``payer_*`` what third-party payers owe.
    ``paid`` is money received, ``lost`` written off, ``credited`` taken off by credit notes,
    ``open_credit`` what credit notes of this invoice still hold, ``refunded`` money given back.
    ``factored`` was handed to the factor, who has not settled it yet.
    """

    total: float = 0.0
    client_residual: float = 0.0
    payer_residual: float = 0.0
    client_paid: float = 0.0
    payer_paid: float = 0.0
    lost: float = 0.0
    credited: float = 0.0
    open_credit: float = 0.0
    refunded: float = 0.0
    factored: float = 0.0

    @property
    def paid(self):
        return self.client_paid + self.payer_paid


def invoice_status(done: Settlement, is_zero=lambda amount: abs(amount) < 0.005):
    """Return the status of a posted invoice.

    :param Settlement done: what became of the invoice
    :param is_zero: how the invoice's currency tells that an amount is nothing
    :return: one of the keys of ``account.move.cabinet_status``
    :rtype: str
    """
    if not is_zero(done.open_credit):
        return "overpaid"
    if not is_zero(done.refunded):
        return "refunded" if is_zero(done.paid - done.refunded) else "partly_refunded"
    if is_zero(done.client_residual) and is_zero(done.payer_residual):
        return _settled_status(done, is_zero)
    return _open_status(done, is_zero)


def _settled_status(done, is_zero):
    if not is_zero(done.factored):
        return "factored"
    if not is_zero(done.lost):
        return "written_off"
    if is_zero(done.paid) and not is_zero(done.credited):
        return "credited"
    return "paid"


def _open_status(done, is_zero):
    if is_zero(done.client_residual):
        return "waiting_payer" if is_zero(done.payer_paid) else "partial"
    if is_zero(done.payer_residual) and not is_zero(done.payer_paid):
        return "client_open" if is_zero(done.client_paid) else "partial"
    nothing = all(is_zero(amount) for amount in (done.paid, done.lost, done.credited))
    return "unpaid" if nothing else "partial"


def credit_note_status(total, residual, is_zero=lambda amount: abs(amount) < 0.005):
    """Return the status of a posted credit note, from what is left of it.

    :param float total: the credit note's total, positive
    :param float residual: what is not used yet, positive
    """
    if is_zero(residual):
        return "credit_used"
    return "credit_open" if is_zero(total - residual) else "credit_partial"
