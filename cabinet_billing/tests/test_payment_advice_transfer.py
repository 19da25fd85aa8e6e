from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .advice_common import AdviceCommon


@tagged("post_install", "-at_install")
class TestPaymentAdviceTransfer(AdviceCommon):
    """An advice explains the payer's payment: what is paid, what is refused and why."""

    def _read_part(self):
        """Return the advice of a payment of 110.00: one invoice whole, 30.00 of the other."""
        return self._read(
            f"{self.first.name};{self.bordereau.name};;80,00;PAYE;",
            f"{self.second.name};{self.bordereau.name};;30,00;PAYE;",
            transfer=110.0,
        )

    def _record(self, advice):
        """Return the payment that the advice's button opens."""
        action = advice.action_record_transfer()
        return advice.env["cabinet.payer.transfer"].browse(action["res_id"])

    def test_the_button_proposes_what_the_payer_says(self):
        transfer = self._record(self._read_part())
        self.assertEqual((transfer.state, transfer.amount), ("draft", 110.0))
        amounts = {line.move_id: line.amount for line in transfer.line_ids}
        self.assertEqual(amounts, {self.first: 80.0, self.second: 30.0})
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"advice"})

    def test_the_button_opens_the_payment_there_is(self):
        advice = self._read_part()
        transfer = self._record(advice)
        self.assertEqual(self._record(advice), transfer)

    def test_what_the_payer_refuses_is_short_with_its_reason(self):
        advice = self._read(
            f"{self.first.name};{self.bordereau.name};;80,00;PAYE;",
            f"{self.second.name};{self.bordereau.name};;0,00;REJETE;Droits fermés",
            transfer=80.0,
        )
        advice.action_apply()
        transfer = self._record(advice)
        amounts = {line.move_id: line.amount for line in transfer.line_ids}
        self.assertEqual(amounts[self.first], 80.0)
        transfer.action_post()
        self.assertEqual(self.first.payer_due, 0.0)
        self.assertEqual(self.second.payer_due, 50.0)
        line = self.bordereau.line_ids.filtered(lambda row: row.move_id == self.second)
        self.assertEqual((line.answer, line.answer_reason), ("rejected", "Droits fermés"))

    def test_a_recorded_payment_is_exact(self):
        self._record(self._read_part()).action_post()
        self.assertEqual((self.first.payer_due, self.second.payer_due), (0.0, 20.0))
        self.assertEqual(self.bordereau.state, "partial")
        self._assert_ledger_is_exact(self.department)

    def test_an_advice_explains_one_payment(self):
        advice = self._read_part()
        self._record(advice)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["cabinet.payer.transfer"].create(advice._prepare_transfer_vals())

    def test_the_advice_is_chosen_on_the_payment_too(self):
        advice = self._read_part()
        form = Form(advice.env["cabinet.payer.transfer"])
        form.payer_id = self.department
        form.amount = 110.0
        form.reference = "VIR 4711"
        form.advice_id = advice
        transfer = form.save()
        transfer.action_match()
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"advice"})

    def test_an_advice_with_a_recorded_payment_is_not_cancelled(self):
        advice = self._read_part()
        transfer = self._record(advice)
        transfer.action_post()
        with self.assertRaisesRegex(UserError, "cancel the payment first"):
            advice.action_cancel()
        with self.assertRaisesRegex(UserError, "step is done already"):
            transfer.advice_id = False

    def test_the_advice_of_another_payer_is_refused(self):
        advice = self._read_part()
        with self.assertRaisesRegex(UserError, "another payer"):
            advice.env["cabinet.payer.transfer"].create(
                {**advice._prepare_transfer_vals(), "payer_id": self.mutuelle.id}
            )
