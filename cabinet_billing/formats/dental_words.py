"""Words that stand in the file itself, in the language of the invoice."""

from .dental_invoice import DentalInvoice, Line
from .plain_text import clean

TOOTH = {"de": "Zahn", "fr": "Dent", "it": "Dente"}
TEETH = {"de": "Zähne", "fr": "Dents", "it": "Denti"}
INSTALMENTS = {"de": "Ratenzahlung", "fr": "Paiement échelonné", "it": "Pagamento rateale"}


def line_remark(line: Line, language: str) -> str:
    """Return the remark of a line: the teeth, then what was written about it."""
    words = TEETH if len(line.teeth) > 1 else TOOTH
    teeth = f"{words.get(language, '')} {', '.join(line.teeth)}" if line.teeth else ""
    return clean(". ".join(part for part in (teeth, clean(line.remark)) if part))


def invoice_remark(invoice: DentalInvoice) -> str:
    """Return the remark of the invoice: its communication, then the instalments."""
    parts = [clean(invoice.remark)]
    if invoice.instalments:
        rates = "; ".join(
            f"{instalment.date:%d.%m.%Y} {invoice.currency} {instalment.amount:.2f}"
            for instalment in invoice.instalments
        )
        parts.append(f"{INSTALMENTS.get(invoice.language, '')}: {rates}")
    return clean(". ".join(part.rstrip(".") for part in parts if part))
