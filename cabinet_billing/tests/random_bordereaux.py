from datetime import date

from .bordereau_common import BordereauCommon

PERIOD = (date(2026, 3, 1), date(2026, 4, 30))


class RandomBordereaux(BordereauCommon):
    """Bordereaux among random operations: what they do, and what must hold of them."""

    def setUp(self):
        super().setUp()
        self.bordereau_operations = [
            self._op_make_bordereaux,
            self._op_make_bordereaux,
            self._op_validate_bordereau,
            self._op_validate_bordereau,
            self._op_cancel_bordereau,
            self._op_payer_pays_all,
        ]

    def _bordereaux(self, *stages):
        return self.env["cabinet.bordereau"].search(
            [("payer_id", "in", self._payers().ids), ("stage", "in", stages)]
        )

    def _op_make_bordereaux(self):
        payer = self.dice.choice((None, self.department, self.cpam))
        self._make(payer, period=PERIOD)

    def _op_validate_bordereau(self):
        self._validate(self._pick(self._bordereaux("draft")))

    def _op_cancel_bordereau(self):
        bordereau = self._pick(self._bordereaux("draft", "validated"))
        bordereau._cancel("Random", free_payments=self.dice.random() < 0.7)

    def _op_payer_pays_all(self):
        """A transfer over all that a payer owes: too little, just so or too much."""
        payer = self.dice.choice(list(self._payers()))
        due = payer.with_company(self.company).cabinet_unpaid
        amount = self._amount() if due <= 0 else round(due * self.dice.choice((0.5, 1.0, 1.2)), 2)
        self._party_window(payer, amount, memo="Random").action_submit()

    def _assert_bordereaux_are_exact(self):
        """A share is asked once; what was asked is paid, settled otherwise or left."""
        rows = self._bordereaux("draft", "validated")
        lines = rows._get_lines()
        live = lines.filtered("occupies")
        self.assertEqual(len(live), len(live.share_id), "a share on two live bordereaux")
        for line in lines - lines.filtered("is_credit"):
            name, owed = line.display_name, line.share_id.amount_residual
            self.assertGreaterEqual(line.amount_left, 0.0, name)
            self.assertGreaterEqual(line.amount_paid, 0.0, name)
            self.assertLessEqual(round(line.amount_paid + line.amount_left, 2), line.amount, name)
            self.assertLessEqual(line.amount_left, owed, name)
        for share, asked in (lines - lines.filtered("is_credit")).grouped("share_id").items():
            name = share.display_name
            left, paid = sum(asked.mapped("amount_left")), sum(asked.mapped("amount_paid"))
            self.assertLessEqual(round(left, 2), share.amount_residual, f"{name}: awaited twice")
            self.assertLessEqual(round(paid, 2), share.amount_paid, f"{name}: paid twice")
        for row in rows:
            self.assertAlmostEqual(row.amount_total, sum(row._get_lines().mapped("amount")), 2)
            if row.stage == "validated":
                self.assertGreaterEqual(row.amount_total, 0.0, "a bordereau sent negative")
