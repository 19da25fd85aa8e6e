"""From a dental invoice to the checked bytes of a generalInvoiceRequest."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .dental_checks import check
from .dental_codes import TARIFFS, Version
from .faults import Fault
from .invoice_request_450 import RequestWriter450
from .invoice_request_500 import RequestWriter500
from .xml_schema import Schema

WRITERS = {Version.V450: RequestWriter450, Version.V500: RequestWriter500}
OWN_SCHEMAS = Path(__file__).parent / "schemas"
OWN_NAMES = {Version.V450: "dental_450.xsd", Version.V500: "dental_500.xsd"}


@dataclass(frozen=True)
class Produced:
    """A file, or what must be mended before there can be one (then ``content`` is ``None``)."""

    content: bytes | None
    faults: tuple[Fault, ...] = ()


def write(invoice, version, stamp) -> bytes:
    """Return the document of an invoice that :func:`~.dental_checks.check` has passed.

    :param DentalInvoice invoice: what is sent
    :param Version version: of generalInvoiceRequest
    :param datetime stamp: when the order is sent; without zone it is UTC
    """
    return WRITERS[version](invoice, stamp).document()


@lru_cache(maxsize=len(OWN_NAMES))
def own_schema(version) -> Schema:
    """Return our own schema of what we write of ``version``: it takes less than the official."""
    return Schema(OWN_SCHEMAS, OWN_NAMES[version])


def produce(invoice, version, stamp, *, tariffs=TARIFFS, schemas=()) -> Produced:
    """Check an invoice, write it, and check what was written.

    :param schemas: the :class:`~.xml_schema.Schema` objects that the file must obey: the official
        one where it is loaded; without any, our own one of the version
    """
    faults = check(invoice, version, tariffs=tariffs, stamp=stamp)
    if faults:
        return Produced(None, tuple(faults))
    content = write(invoice, version, stamp)
    schemas = schemas or (own_schema(version),)
    faults = [found for schema in schemas for found in schema.faults(content)]
    return Produced(None if faults else content, tuple(faults))
