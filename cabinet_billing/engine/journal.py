"""Lines of journal entries as they are exported, with or without the shares of invoices (X46)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class JournalLine(NamedTuple):
    """A line of a posted entry. Amounts are in the company's currency, unless said otherwise."""

    journal: str
    journal_name: str
    date: date
    entry: str
    account: str
    account_name: str
    auxiliary: str
    auxiliary_name: str
    invoice: str
    invoice_date: date | None
    label: str
    debit: Decimal
    credit: Decimal
    matching: str
    due: date | None
    amount_currency: Decimal | None
    currency: str


class Party(NamedTuple):
    """Who owes an invoice: the account, and the number and name in the auxiliary ledger."""

    account: str
    account_name: str
    auxiliary: str
    auxiliary_name: str
    due: date | None


def merge_shares(receivables, party):
    """Return the receivable lines of an invoice as one line of its own partner (X46 unticked).

    The total stays what it was, so that the entry stays balanced. A reconciliation number is kept
    only when all the lines have it: of two numbers neither is that of the whole.

    :param list receivables: the receivable lines (JournalLine) of one invoice, at least one
    :param Party party: the invoice's own partner
    :rtype: JournalLine
    """
    first = receivables[0]
    numbers = {line.matching for line in receivables}
    currency = [line.amount_currency for line in receivables if line.amount_currency is not None]
    return first._replace(
        **party._asdict(),
        debit=sum(line.debit for line in receivables),
        credit=sum(line.credit for line in receivables),
        matching=numbers.pop() if len(numbers) == 1 else "",
        amount_currency=sum(currency) if currency else None,
    )
