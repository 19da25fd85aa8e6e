from datetime import date
from decimal import Decimal
from itertools import count

from lxml import etree

from odoo.tests import tagged

from ..engine.exact import cents
from ..formats.dental_invoice import Reminder
from ..formats.invoice_request import own_schema
from .dental_common import STAMP, DentalCommon
from .invoice_request_common import VERSIONS, needs_schemas, official

LAWS = ("ORG", "KVG", "VVG", "UVG", "IVG", "MVG")
DISCOUNTS = (0.0, 10.0, 33.33)
PREPAID = (0.0, 50.0, 17.35)
FORMS = ("normal", "copy", "storno", "reminder")
LONG = "Très long libellé d’acte à l’ancienne, œuvre n° 7 – « ébauche » " * 5
NAMES = (
    "Jeanne Modele",
    "Zoë-Élodie d’Aubigné-Œuvrard",
    "Ana-Sofía Çelik-Müller-Žižek de la Fon",
)
SIZE = 48
INVOICE = {"inv": "http://www.forum-datenaustausch.ch/invoice"}


@tagged("post_install", "-at_install")
class TestDentalMatrix(DentalCommon):
    """Invoices made in Odoo: law × tiers × VAT × discount × prepaid × names × rounding × form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.long_name = cls._create_dental_service(
            LONG, "L-1", cls.plain, 0.0, 87.65, taxes=cls.vat_out
        )
        cls.five_cents = cls.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": cls.company_data["default_account_revenue"].id,
                "loss_account_id": cls.company_data["default_account_expense"].id,
                "rounding_method": "HALF-UP",
            }
        )
        patients = cls._create_matrix_patients()
        cls.moves = cls.env["account.move"].create(
            [cls._matrix_vals(number, patients) for number in range(SIZE)]
        )
        cls.moves.action_post()
        for number, move in enumerate(cls.moves):
            prepaid = PREPAID[number % len(PREPAID)]
            if prepaid and move.cabinet_tiers == "tiers_garant":
                cls._pay(move, prepaid)
        cls.moves._mark_dental_sent(STAMP)

    @classmethod
    def _create_matrix_patients(cls):
        patients = cls.patient
        for name in NAMES[1:]:
            patients |= cls.patient.copy(
                {
                    "name": name,
                    "is_patient": True,
                    "birth_date": date(1990, 1, 31),
                    "cabinet_sex": "male",
                }
            )
        for patient, digits in zip(patients[1:], ("12345678", "00000001"), strict=True):
            patient.ahv_number = cls._ahv(digits)
        patients.main_payer_id = cls.insurer
        return patients

    @classmethod
    def _ahv(cls, digits):
        body = f"7560{digits}"
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
        return f"{body}{-total % 10}"

    @classmethod
    def _matrix_vals(cls, number, patients):
        law = LAWS[number % 6]
        insurer = number // 6 % 2 and law != "ORG"
        patient = patients[number % 3]
        products = (cls.exam, cls.filling, cls.crown, cls.brush, cls.long_name)
        picks = [products[(number + step) % 5] for step in range(1 + number % 4)]
        discount = DISCOUNTS[number // 3 % 3]
        lines = [
            cls._line(
                product,
                quantity,
                discount=discount,
                cabinet_teeth="36, 37" if product == cls.filling else False,
            )
            for product, quantity in zip(picks, count(1), strict=False)
        ]
        return cls._dental_vals(
            cls._line(cls.crown),
            *lines,
            partner_id=cls.insurer.id if insurer else patient.id,
            patient_id=patient.id,
            cabinet_law=law,
            cabinet_case_number="" if law == "ORG" else "123456789",
            cabinet_case_date=date(2026, 2, 20) if number % 2 else False,
            cabinet_communication="Échelonné à 3 mois – « d’accord »" if number % 5 == 0 else False,
            invoice_cash_rounding_id=cls.five_cents.id if number % 4 == 3 else False,
        )

    def _form(self, number):
        """Return the form of a file; each comes with each law, tiers and rounding."""
        form = FORMS[(number + number // 12) % 4]
        if form != "reminder":
            return {"form": form}
        reminder = Reminder(
            number=f"R{number}", date=date(2026, 4, 20), level=1 + number % 3, fee=Decimal("20.00")
        )
        return {"form": form, "reminder": reminder}

    def _files(self, version):
        for number, move in enumerate(self.moves):
            how = {"factor": self.factor, **self._form(number)}
            produced = move._get_order_file(version.value, STAMP, **how)
            with self.subTest(number=number, version=version, form=how["form"]):
                faults = move._get_order_faults(version.value, STAMP, **how)
                self.assertFalse(faults, [fault.message for fault in faults])
                yield move, how["form"], produced.content

    def test_the_matrix_has_what_it_should(self):
        self.assertGreaterEqual(len(self.moves), 40)
        for name, expected in (("cabinet_law", 6), ("cabinet_tiers", 2), ("patient_id", 3)):
            self.assertEqual(len({move[name] for move in self.moves}), expected)
        self.assertTrue(any(move.invoice_cash_rounding_id for move in self.moves))
        self.assertTrue(any(move.amount_tax for move in self.moves))

    def test_every_file_obeys_our_schema_and_says_what_the_ledger_says(self):
        for version in VERSIONS:
            schema = own_schema(version)
            for move, form, content in self._files(version):
                self.assertFalse(schema.faults(content))
                self._compare_with_ledger(move, form, content)

    def _compare_with_ledger(self, move, form, content):
        root = etree.fromstring(content)
        (balance,) = root.xpath("//inv:balance", namespaces=INVOICE)
        services = root.xpath("//inv:service/@amount", namespaces=INVOICE)
        sign = -1 if form == "storno" else 1
        amount = Decimal(balance.get("amount"))
        self.assertEqual(sum(map(Decimal, services)), amount)
        booked = [line for line in move.line_ids if line.display_type == "rounding"]
        rounding = -sum((cents(line.amount_currency) for line in booked), Decimal(0))
        whole = {cents(move.amount_total), cents(move.amount_total) - rounding}
        self.assertIn(amount * sign, whole)
        (vat,) = root.xpath("//inv:balance/inv:vat/@vat", namespaces=INVOICE)
        self.assertEqual(Decimal(vat) * sign, cents(move.amount_tax))
        due = Decimal(balance.get("amount_due"))
        expected = {"storno": Decimal(0), "reminder": cents(move.amount_residual) + 20}
        self.assertEqual(due, expected.get(form, cents(move.amount_residual)))

    @needs_schemas
    def test_every_file_obeys_the_official_schema(self):
        for version in VERSIONS:
            schema = official(version)
            for _move, _form, content in self._files(version):
                self.assertFalse(schema.faults(content))
