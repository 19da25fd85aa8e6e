from datetime import date
from io import BytesIO
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo import fields
from odoo.tests import tagged

from .aid_plan_common import AidPlanCommon

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def make_pdf(text):
    """Return a page that says so: the documents of tests are not rendered."""
    stream = BytesIO()
    page = canvas.Canvas(stream)
    page.drawString(100, 700, text)
    page.save()
    return stream.getvalue()


@tagged("post_install", "-at_install")
class BordereauCommon(AidPlanCommon):
    """A home-care service whose payers are asked by bordereau, in April 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_args: date(2026, 4, 2))
        )
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau"]),
                "_render_pdf",
                lambda row: make_pdf(f"{row.name} {row.amount_total}"),
            )
        )
        cls.department.write({"email": "apa@example.org", "payer_billing_type": "individual"})
        cls.neighbour = cls._create_patient("Dominique Roux")

    @classmethod
    def _ask(cls, payer, amount, day, **values):
        """Return a posted invoice of which the payer owes ``amount``, for care of that day."""
        return cls._create_invoice(
            amount + 20.0, {payer: amount}, invoice_date=fields.Date.to_date(day), **values
        )

    @classmethod
    def _make(cls, payer=None, period=MARCH, user=None, **values):
        """Return the bordereaux that the batch screen makes, as the secretary would."""
        run = cls._create_run(payer_ids=payer.ids if payer else [], period=period, **values)
        run.with_user(user or cls.biller).action_search()
        if run.line_ids:
            run.with_user(user or cls.biller).action_run()
        return run.bordereau_ids

    @classmethod
    def _create_run(cls, operation="create", period=MARCH, user=None, **values):
        runs = cls.env["cabinet.bordereau.run"].with_user(user or cls.biller)
        return runs.with_company(cls.company).create(
            {
                "operation": operation,
                "date_from": period[0],
                "date_to": period[1],
                "date": date(2026, 4, 1),
                **values,
            }
        )

    def _validate(self, bordereaux):
        bordereaux.with_user(self.biller).action_validate()
        return bordereaux

    def _share(self, move, payer):
        return move.cabinet_share_ids.filtered(lambda share: share.partner_id == payer)
