import base64

from psycopg2 import IntegrityError

from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon

FILE = b"Facture;Montant\nAT-ONCE-1;3,00\n"


@tagged("post_install", "-at_install")
class TestPaymentAdviceAtOnce(AtOnceCommon):
    """Two people import a payer's advice at once: one wins (case 14)."""

    def _make_records(self, env):
        category = env.ref("cabinet_billing.payer_category_cpam")
        payer = env["res.partner"].create(
            {"name": "At once", "is_payer": True, "payer_category_id": category.id}
        )
        self.payer_id = payer.id

    def _clean_up(self):
        with self._connection() as env:
            advices = env["cabinet.payment.advice"].search([("payer_id", "=", self.payer_id)])
            advices.state = "draft"
            advices.unlink()
            env["res.partner"].browse(self.payer_id).unlink()

    def _upload(self, env, data=FILE):
        return env["cabinet.payment.advice"].create(
            {
                "payer_id": self.payer_id,
                "company_id": env.ref("base.main_company").id,
                "file": base64.b64encode(data),
            }
        )

    def test_of_two_who_upload_the_same_file_one_wins(self):
        with (
            self.assertRaisesRegex(IntegrityError, "unique_file"),
            mute_logger("odoo.sql_db"),
            self._connection() as late,
        ):
            late["res.partner"].search_count([])  # from here on it sees the past
            with self._connection() as early:
                self._upload(early)
            self._upload(late)

    def test_of_two_who_read_overlapping_files_one_is_told_to_wait(self):
        with self._connection() as env:
            first = self._upload(env)
            second = self._upload(env, FILE + b"AT-ONCE-2;4,00\n")
            first.action_read()
        with self._connection() as early:
            first.with_env(early).action_read()
            with (
                self.assertRaisesRegex(LockError, "at this moment"),
                mute_logger("odoo.sql_db"),
                self._connection() as late,
            ):
                second.with_env(late).action_read()
        with self._connection() as env:
            second = second.with_env(env)
            second.action_read()
            self.assertEqual(second.line_ids.mapped("is_known"), [True, False])
