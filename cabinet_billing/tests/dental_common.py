from datetime import date, datetime

from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import CabinetCommon
from .invoice_request_common import (
    AHV,
    DENTIST_GLN,
    FACTOR_GLN,
    IBAN,
    INSURER_GLN,
    PRACTICE_GLN,
    QR_IBAN,
)

STAMP = datetime(2026, 3, 10, 8, 0)
CARE = datetime(2026, 3, 5, 9, 0)


class DentalCommon(CabinetCommon):
    """A dental practice in Switzerland, whose files are fit to be sent."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("ch")
    def setUpClass(cls):
        super().setUpClass()
        cls.switzerland = cls.env.ref("base.ch")
        # The generic chart of accounts, which stands for the Swiss one, is of no country of ours.
        if cls.company.account_fiscal_country_id != cls.switzerland:
            cls.company.account_fiscal_country_id = cls.switzerland
        cls._equip_practice()
        cls.dentist = cls._create_party(
            "Camille Exemple", is_practitioner=True, cabinet_gln=DENTIST_GLN
        )
        cls.patient.write(
            {
                "name": "Jeanne Modele",
                "birth_date": date(1984, 5, 17),
                "cabinet_sex": "female",
                "ahv_number": AHV,
                "lang": "en_US",
                **cls._address("Chemin du Lac 3b", "1422", "Grandson"),
            }
        )
        cls.insurer = cls._create_payer(
            "Assurance Exemple SA",
            "supplementary",
            cabinet_gln=INSURER_GLN,
            **cls._address("Avenue de la Gare 1", "1003", "Lausanne"),
        )
        cls.factor = cls._create_payer(
            "Caisse Exemple",
            "factor",
            cabinet_gln=FACTOR_GLN,
            **cls._address("Rue du Centre 5", "1260", "Nyon"),
        )
        cls._create_tariffs()

    @classmethod
    def _use_chart_template(cls, company, chart_template_ref=None):
        """The suite runs without Swiss accounting, too."""
        if "l10n_ch" not in cls.env.registry._init_modules:
            chart_template_ref = "generic_coa"
        return super()._use_chart_template(company, chart_template_ref)

    @classmethod
    def _address(cls, street, zip_code, city):
        return {"street": street, "zip": zip_code, "city": city, "country_id": cls.switzerland.id}

    @classmethod
    def _equip_practice(cls):
        states = cls.env["res.country.state"]
        canton = {"country_id": cls.switzerland.id, "code": "VD"}
        # Swiss accounting brings the cantons.
        state = states.search([(name, "=", value) for name, value in canton.items()])
        state = state or states.create({**canton, "name": "Vaud"})
        cls.company.write(
            {
                "name": "Cabinet dentaire Exemple",
                "cabinet_gln": PRACTICE_GLN,
                "cabinet_zsr": "X999922",
                "vat": "CHE-999.999.996 TVA",
                "state_id": state.id,
                **cls._address("Rue des Tilleuls 12", "1400", "Yverdon-les-Bains"),
            }
        )
        bank = cls.env["res.bank"].create(
            {
                "name": "Banque Exemple",
                "street": "Place de la Banque 1",
                "zip": "1400",
                "city": "Yverdon-les-Bains",
                "country": cls.switzerland.id,
            }
        )
        cls.account = cls._create_account(cls.company.partner_id, IBAN, bank)
        if "l10n_ch_qr_iban" in cls.account._fields:
            cls.account.l10n_ch_qr_iban = QR_IBAN
            cls.company_data["default_journal_sale"].invoice_reference_model = "ch"

    @classmethod
    def _create_account(cls, partner, number, bank):
        return cls.env["res.partner.bank"].create(
            {
                "partner_id": partner.id,
                "acc_number": number,
                "bank_id": bank.id,
                "allow_out_payment": True,
            }
        )

    @classmethod
    def _create_party(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "company_id": cls.company.id, **values})

    @classmethod
    def _create_tariffs(cls):
        cls.points, cls.laboratory, cls.plain = (
            cls.env.ref(f"cabinet_billing.tariff_{code}") for code in ("222", "223", "999")
        )
        cls._create_value(cls.points, 1.1)
        cls._create_value(cls.laboratory, 1.0)
        group = cls.env["account.tax.group"].create(
            {"name": "8.1", "company_id": cls.company.id, "country_id": cls.switzerland.id}
        )
        tax = {
            "amount": 8.1,
            "type_tax_use": "sale",
            "company_id": cls.company.id,
            "tax_group_id": group.id,
        }
        cls.vat_in, cls.vat_out = cls.env["account.tax"].create(
            [
                {**tax, "name": "8.1 in", "price_include_override": "tax_included"},
                {**tax, "name": "8.1 on top", "price_include_override": "tax_excluded"},
            ]
        )
        cls.exam = cls._create_dental_service("Examen", "9.0010", cls.points, 30.0)
        cls.filling = cls._create_dental_service("Obturation", "9.0220", cls.points, 45.5)
        cls.crown = cls._create_dental_service("Couronne", "9.8010", cls.laboratory, 210.37)
        cls.brush = cls._create_dental_service("Brosse", "ART01", cls.plain, 0.0, 12.95, cls.vat_in)

    @classmethod
    def _create_value(cls, tariff, value, day=date(2018, 1, 1), **values):
        return cls.env["cabinet.tariff.value"].create(
            {
                "tariff_id": tariff.id,
                "company_id": cls.company.id,
                "value": value,
                "date_from": day,
                **values,
            }
        )

    @classmethod
    def _create_dental_service(cls, name, code, tariff, points, price=0.0, taxes=None):
        service = cls._create_service(name, price, taxes=taxes)
        service.write(
            {
                "cabinet_tariff_id": tariff.id,
                "cabinet_tariff_code": code,
                "cabinet_points": points,
            }
        )
        return service

    @classmethod
    def _line(cls, product, quantity=1.0, **values):
        return Command.create({"product_id": product.id, "quantity": quantity, **values})

    @classmethod
    def _dental_vals(cls, *lines, **values):
        return {
            "move_type": "out_invoice",
            "partner_id": cls.patient.id,
            "patient_id": cls.patient.id,
            "invoice_date": date(2026, 3, 10),
            "cabinet_practitioner_id": cls.dentist.id,
            "invoice_line_ids": list(lines),
            **values,
        }

    @classmethod
    def _create_dental_invoice(cls, *lines, **values):
        """Return a posted invoice of the practice; without lines: an examination of 33.00."""
        move = cls.env["account.move"].create(
            cls._dental_vals(*(lines or (cls._line(cls.exam),)), **values)
        )
        move.action_post()
        return move

    def _create_dental_session(self, product=None, **values):
        return self._create_session(
            product_id=(product or self.exam).id,
            practitioner_id=self.dentist.id,
            start=CARE,
            end=CARE.replace(hour=10),
            **values,
        )

    def _order_file(self, move, version="5.0", **how):
        return move._get_order_file(version, STAMP, factor=self.factor, **how)

    def assertSendable(self, move, version="5.0", **how):
        """The invoice has no fault; return its file."""
        produced = self._order_file(move, version, **how)
        faults = move._get_order_faults(version, STAMP, factor=self.factor, **how)
        self.assertFalse(faults, [fault.message for fault in faults])
        self.assertTrue(produced.content)
        return produced.content
