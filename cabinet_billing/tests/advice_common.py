import base64
import io

import xlsxwriter

from odoo.tests import Form, tagged

from .bordereau_common import MARCH, BordereauCommon

HEADINGS = "N° facture;Bordereau;Bénéficiaire;Montant payé;Statut;Motif"


def workbook(*rows, sheet="Avis"):
    """Return an XLSX file of these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, place, value)
                else:
                    page.write_number(number, place, value)
    return out.getvalue()


@tagged("post_install", "-at_install")
class AdviceCommon(BordereauCommon):
    """The department was asked two invoices on one bordereau, and sends its advice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department.payer_billing_type = "global"
        cls.first = cls._ask(cls.department, 80.0, "2026-03-10")
        cls.second = cls._ask(cls.department, 50.0, "2026-03-11", partner_id=cls.neighbour.id)
        cls.bordereau = cls._make(cls.department, MARCH)
        cls.bordereau.with_user(cls.biller).action_validate()
        cls.advices = cls.env["cabinet.payment.advice"].with_user(cls.biller)
        cls.advices = cls.advices.with_company(cls.company)

    def _file(self, *lines, headings=HEADINGS, encoding="utf-8"):
        """Return a CSV file."""
        return "\r\n".join([*([headings] if headings else []), *lines, ""]).encode(encoding)

    def _upload(self, data, name="avis.csv", transfer=0.0, payer=None):
        """Return the advice as the secretary uploads it, columns proposed."""
        form = Form(self.advices)
        form.payer_id = payer or self.department
        form.file = base64.b64encode(data)
        form.amount_transfer = transfer
        advice = form.save()
        advice.file_name = name
        return advice

    def _read(self, *lines, transfer=0.0, **values):
        """Return an advice of these lines, read."""
        advice = self._upload(self._file(*lines, **values), transfer=transfer)
        advice.action_read()
        return advice

    def _line_of(self, move):
        return self.bordereau.line_ids.filtered(lambda line: line.move_id == move)
