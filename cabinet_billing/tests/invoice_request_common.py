"""A dental practice's invoices for the tests of generalInvoiceRequest, and where the schemas are.

Persons, numbers and amounts are invented; IBANs are the examples of the QR-bill standard.
"""

import os
import unittest
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from odoo.tests import BaseCase

from ..formats import dental_invoice as model
from ..formats import dental_parties as who
from ..formats import xml_schema
from ..formats.dental_codes import Law, Reason, Sex, Tiers, Version
from ..formats.faults import describe
from ..formats.invoice_request import WRITERS, write

# The official schemas are not ours to ship: they are looked for beside the project.
FORMATS = Path(
    os.environ.get("CABINET_FORMATS") or Path(__file__).resolve().parents[2] / "../shared/formats"
)
OFFICIAL = FORMATS / "forum-datenaustausch"
EXAMPLES = FORMATS / "examples"
needs_schemas = unittest.skipUnless(
    OFFICIAL.is_dir(),
    f"The schemas of the Forum Datenaustausch are not in {OFFICIAL} (CABINET_FORMATS tells where).",
)
VERSIONS = tuple(Version)

STAMP = datetime(2026, 3, 10)
CARE_DAY = date(2026, 3, 5)
PRACTICE_GLN = "2099900000010"
DENTIST_GLN = "2099900000034"
FACTOR_GLN = "2099900000027"
INSURER_GLN = "2099900000041"
AHV = "7569999999991"
QR_IBAN = "CH4431999123000889012"
QR_REFERENCE = "999999000000000002026000423"
IBAN = "CH5800791123000889012"
SCOR_REFERENCE = "RF18539007547034"


def francs(value):
    return Decimal(str(value))


def address(street, house_no, zip_code, city):
    return who.Address(
        street=street, house_no=house_no, zip=zip_code, city=city, state="VD", country_name="Suisse"
    )


PRACTICE_ADDRESS = address("Rue des Tilleuls", "12", "1400", "Yverdon-les-Bains")
PRACTICE = who.Company(
    name="Cabinet dentaire Exemple", address=PRACTICE_ADDRESS, phones=("024 555 01 01",)
)
PERSON = who.Person(
    family_name="Modele",
    given_name="Jeanne",
    salutation="Madame",
    address=address("Chemin du Lac", "3b", "1422", "Grandson"),
    phones=("024 555 02 02",),
    emails=("jeanne.modele@example.org",),
)
DENTIST = who.Person(
    family_name="Exemple", given_name="Camille", title="Dr med. dent.", address=PRACTICE_ADDRESS
)
BANK = who.Company(
    name="Banque Exemple", address=address("Place de la Banque", "1", "1400", "Yverdon-les-Bains")
)
INSURER = who.Payer(
    contact=who.Company(
        name="Assurance Exemple SA", address=address("Avenue de la Gare", "1", "1003", "Lausanne")
    ),
    gln=INSURER_GLN,
)
QR_SLIP = model.Slip(
    iban=QR_IBAN,
    reference=QR_REFERENCE,
    creditor=replace(PRACTICE, phones=()),
    bank=BANK,
    note="Facture F2026-0042",
)
SCOR_SLIP = replace(QR_SLIP, iban=IBAN, reference=SCOR_REFERENCE)


def line(tariff, code, name, points, amount, **values):
    """Return a service of the care day; numbers may be written as numbers."""
    numbers = ("quantity", "point_value", "factor", "vat_rate")
    values = {key: francs(value) if key in numbers else value for key, value in values.items()}
    values.setdefault("date", CARE_DAY)
    return model.Line(
        tariff=tariff,
        code=code,
        name=f"{name} (exemple fictif)",
        points=francs(points),
        amount=francs(amount),
        **values,
    )


LINES = (
    line("222", "9.0010", "Examen", "30", "33.00", point_value="1.1"),
    line(
        "222",
        "9.0220",
        "Obturation",
        "45.5",
        "100.10",
        quantity=2,
        point_value="1.1",
        teeth=("36",),
    ),
    line("223", "9.8010", "Travail de laboratoire", "210.37", "210.37", teeth=("36",)),
    line("999", "ART01", "Produit remis au patient", "12.95", "12.95", vat_rate="8.1"),
)


def dental_invoice(**values):
    """Return the private invoice of the examples: 356.42, of which 50.00 was prepaid."""
    return model.DentalInvoice(
        **{
            "number": "F2026-0042",
            "date": date(2026, 3, 10),
            "biller": who.Biller(
                contact=PRACTICE,
                gln=PRACTICE_GLN,
                zsr="X999922",
                uid="CHE999999996",
                specialty="Médecine dentaire",
            ),
            "provider": who.Provider(
                contact=DENTIST, gln=DENTIST_GLN, zsr="X999922", specialty="Médecine dentaire"
            ),
            "patient": who.Patient(
                contact=PERSON, birth_date=date(1984, 5, 17), sex=Sex.FEMALE, ssn=AHV
            ),
            "treatment": model.Treatment(start=CARE_DAY, end=CARE_DAY, canton="VD"),
            "lines": LINES,
            "total": francs("356.42"),
            "prepaid": francs("50.00"),
            "slip": QR_SLIP,
            "transport": model.Transport(via=(FACTOR_GLN,)),
            "remark": "Paiement échelonné convenu: 3 mensualités"
            " (exemple de communication au mandataire)",
            "software": model.Software(copyright="exemple"),
            "test": True,
            **values,
        }
    )


def insurer_invoice(**values):
    """Return the accident of the examples, which the insurer owes: 121.00."""
    return dental_invoice(
        **{
            "number": "F2026-0043",
            "tiers": Tiers.PAYANT,
            "insurance": INSURER,
            "case": model.Case(law=Law.UVG, case_id="UVG-2026-77", case_date=date(2026, 2, 20)),
            "treatment": model.Treatment(
                start=CARE_DAY, end=CARE_DAY, canton="VD", reason=Reason.ACCIDENT
            ),
            "lines": (
                line("222", "9.0010", "Examen", "30", "30.00"),
                line("222", "9.0220", "Obturation", "45.5", "91.00", quantity=2, teeth=("11",)),
            ),
            "total": francs("121.00"),
            "prepaid": francs(0),
            "slip": SCOR_SLIP,
            **values,
        }
    )


def reminder(level=2, fee="20.00"):
    """Return the reminder of the examples."""
    return model.Reminder(
        number=f"F2026-0042-R{level}",
        date=date(2026, 5, 1),
        level=level,
        fee=francs(fee),
        text="Rappel: facture ouverte (exemple)",
    )


def billed(lines, **values):
    """Return a private invoice of ``lines``, nothing prepaid."""
    total = sum((one.amount for one in lines), francs(0))
    return dental_invoice(**{"lines": tuple(lines), "total": total, "prepaid": francs(0), **values})


def official(version):
    """Return the official schema of ``version``."""
    return xml_schema.load(OFFICIAL / version.value, WRITERS[version].schema)


class InvoiceRequestCase(BaseCase):
    """What the tests of generalInvoiceRequest ask."""

    def assertFaults(self, faults, *expected):
        """Compare (code, path) of each fault; each must have words."""
        found = [(one.code.value, one.path) for one in faults]
        self.assertEqual(found, list(expected), [describe(one) for one in faults])

    def assertObeys(self, schema, document):
        faults = schema.faults(document)
        self.assertFalse(faults, [describe(one) for one in faults])

    def assertOfficial(self, invoice, version):
        """The document of ``invoice`` is one that the official schema takes; return it."""
        document = write(invoice, version, STAMP)
        self.assertObeys(official(version), document)
        return document
