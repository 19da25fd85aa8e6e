"""The file of a factoring order: a zip with one generalInvoiceRequest per invoice.

Each document is named after its invoice, what is not a letter, a digit, a dot or a hyphen being an
underscore: ``F2026-0042.xml``; a copy ends in ``_copy``, a cancellation in ``_storno``, a reminder
in ``_reminder2``. Where the name had to be changed, eight digits of the number's SHA-256 follow, so
that no two invoices share a name. The zip is named after the order in the same way.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from .dental_amounts import totals
from .dental_codes import TARIFFS, Form
from .dental_invoice import ZERO
from .faults import Fault
from .invoice_request import produce
from .safe_zip import pack

NAME_LENGTH = 80


@dataclass(frozen=True)
class OrderFile:
    """The bytes of an order, or what keeps invoices out of it.

    :ivar content: the zip; ``None`` if no invoice is fit to be sent
    :ivar sha256: of the zip, in hexadecimal
    :ivar documents: name of each document → its SHA-256
    :ivar names: number of each invoice that is in → the name of its document
    :ivar faults: number of each invoice that stays out → why
    :ivar due: the sum of what the invoices that are in say is due
    """

    name: str
    content: bytes | None
    sha256: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    due: object = ZERO


def build(order, invoices, version, stamp, *, tariffs=TARIFFS, schemas=()) -> OrderFile:
    """Return the file of ``order`` with the invoices that are fit to be sent.

    :param str order: number of the order
    :param invoices: the dental invoices, each number once
    :param Version version: of generalInvoiceRequest
    :param datetime stamp: fixed by the order, so that sending again gives the same bytes
    :raise ValueError: two invoices would have the same document name
    :raise ZipRefused: more than a zip may hold
    """
    documents, names, faults, due = {}, {}, {}, ZERO
    for invoice in invoices:
        produced = produce(invoice, version, stamp, tariffs=tariffs, schemas=schemas)
        if produced.content is None:
            faults[invoice.number] = produced.faults
            continue
        name = document_name(invoice)
        if name in documents:
            raise ValueError(f"{name} is there twice.")
        documents[name] = produced.content
        names[invoice.number] = name
        due += totals(invoice).due
    content = pack(documents, stamp) if documents else None
    return OrderFile(
        name=f"{file_stem(order)}.zip",
        content=content,
        sha256=sha256(content) if content else "",
        documents={name: sha256(documents[name]) for name in sorted(documents)},
        names=names,
        faults=faults,
        due=due,
    )


def document_name(invoice) -> str:
    """Return the name of the document of ``invoice`` in the zip."""
    suffix = "" if invoice.form == Form.NORMAL else f"_{invoice.form.value}"
    if invoice.reminder:
        suffix += f"_reminder{invoice.reminder.level}"
    return f"{file_stem(invoice.number)}{suffix}.xml"


def file_stem(number: str) -> str:
    """Return ``number`` as the beginning of a file name, the same for no two numbers."""
    ascii_only = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9.-]+", "_", ascii_only).strip("._-")[:NAME_LENGTH]
    if stem and stem == number:
        return stem
    mark = sha256(number.encode("utf-8", "surrogatepass"))[:8]
    return f"{stem}_{mark}" if stem else mark


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
