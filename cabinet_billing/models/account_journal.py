from odoo import fields, models

from ..formats.inbound.references import compact


class AccountJournal(models.Model):
    """The bank account to which the practice's own QR-bills are paid (issue 7)."""

    _inherit = "account.journal"

    cabinet_fee_account_id = fields.Many2one(
        "account.account",
        string="Bank fees account",
        check_company=True,
        ondelete="restrict",
        help="Where charges go that the bank keeps of a payment. Empty: such a payment waits for a "
        "person.",
    )

    def _get_cabinet_numbers(self):
        """Return the numbers by which the bank's files name these journals: QR-IBAN and IBAN.

        :return: compact number -> journal; the first journal has it
        :rtype: dict
        """
        numbers = {}
        for journal in self:
            # sudo: whose accounts they are is no secret to who reads the bank's file.
            account = journal.bank_account_id.sudo()
            given = [account.acc_number]
            if "l10n_ch_qr_iban" in account._fields:
                given.insert(0, account.l10n_ch_qr_iban)
            for number in given:
                if number:
                    numbers.setdefault(compact(number), journal)
        return numbers
