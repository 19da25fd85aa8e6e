"""The sums of a dental invoice: exact, in cents, and what is due in steps of 0.05."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .dental_codes import CENT, Form
from .dental_invoice import ZERO, DentalInvoice, Line


@dataclass(frozen=True)
class VatSum:
    """Of one VAT rate: the sum of its lines, VAT included, and the VAT in it."""

    rate: Decimal
    amount: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Totals:
    """What the balance of the file says.

    A cancellation has the sums of the invoice with the other sign, and nothing is due.
    ``rounding`` is what the rounding of ``due`` adds (or takes away).
    """

    amount: Decimal
    vats: tuple[VatSum, ...]
    vat: Decimal
    obligations: Decimal
    prepaid: Decimal
    reminder: Decimal
    due: Decimal
    rounding: Decimal


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of ``step`` nearest to ``value``; a half goes away from zero."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def line_product(line: Line) -> Decimal:
    """Return quantity × points × point value × factor, not rounded."""
    return line.quantity * line.points * line.point_value * line.factor


def sign(invoice: DentalInvoice) -> int:
    """Return -1 for a cancellation: its file has the amounts with the other sign."""
    return -1 if invoice.form == Form.STORNO else 1


def totals(invoice: DentalInvoice) -> Totals:
    """Return the sums of ``invoice`` as its file says them."""
    factor = sign(invoice)
    storno = factor < 0
    amount = sum((line.amount for line in invoice.lines), ZERO)
    fee = invoice.reminder.fee if invoice.reminder else ZERO
    open_amount = ZERO if storno else amount + fee - invoice.prepaid
    due = round_to(open_amount, invoice.rounding)
    vats = tuple(
        VatSum(row.rate, row.amount * factor, row.vat * factor) for row in vat_sums(invoice)
    )
    return Totals(
        amount=amount * factor,
        vats=vats,
        vat=sum((row.vat for row in vats), ZERO),
        obligations=factor * sum((line.amount for line in invoice.lines if line.obligation), ZERO),
        prepaid=ZERO if storno else invoice.prepaid,
        reminder=ZERO if storno else fee,
        due=due,
        rounding=due - open_amount,
    )


def vat_sums(invoice: DentalInvoice) -> list[VatSum]:
    """Return the sums by VAT rate, lowest rate first; the ledger's VAT wins where it is given."""
    amounts = {}
    for line in invoice.lines:
        amounts[line.vat_rate] = amounts.get(line.vat_rate, ZERO) + line.amount
    given = dict(invoice.vat)
    return [
        VatSum(rate, amount, given.get(rate, included_vat(amount, rate)))
        for rate, amount in sorted(amounts.items())
    ]


def included_vat(amount: Decimal, rate: Decimal) -> Decimal:
    """Return the VAT in ``amount`` at ``rate`` percent, to the cent."""
    return round_to(amount * rate / (100 + rate), CENT)
