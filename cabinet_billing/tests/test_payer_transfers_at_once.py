from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon


@tagged("post_install", "-at_install")
class TestPayerTransfersAtOnce(AtOnceCommon):
    """Two people validate the same payment of a payer at once: one is told so at once."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        payer = env["res.partner"].create(
            {
                "name": "Payer at once",
                "is_payer": True,
                "payer_category_id": env.ref("cabinet_billing.payer_category_mutuelle").id,
            }
        )
        transfer = env["cabinet.payer.transfer"].create(
            {
                "payer_id": payer.id,
                "company_id": company.id,
                "amount": 10.0,
                "reference": "VIR AT ONCE",
            }
        )
        self.payer_id, self.transfer_id = payer.id, transfer.id

    def _clean_up(self):
        with self._connection() as env:
            env["cabinet.payer.transfer"].browse(self.transfer_id).unlink()
            env["res.partner"].browse(self.payer_id).unlink()

    def _transfer(self, env):
        return env["cabinet.payer.transfer"].browse(self.transfer_id)

    def test_the_second_click_is_refused_while_the_first_one_works(self):
        with self._connection() as mine, self._connection() as theirs:
            self._transfer(mine)._lock()
            with mute_logger("odoo.sql_db"), self.assertRaises(LockError):
                self._transfer(theirs).action_post()
            theirs.cr.rollback()
            self.assertEqual(self._transfer(theirs).state, "draft")
            self.assertFalse(self._transfer(theirs).payment_ids)
