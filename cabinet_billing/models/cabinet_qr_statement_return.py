from odoo import models


class CabinetFactoringStatement(models.Model):
    """What the bank takes back: the invoices are due again, a payment stands for its debit (25)."""

    _inherit = "cabinet.factoring.statement"

    def _book_returns(self, lines):
        """Take payments off what they settled, and record that the bank sent them back."""
        once = {}
        for line in lines:
            once.setdefault(line._get_origin_payment(), line)
        piece = lines.browse().union(*once.values())
        self._book_returns_once(piece)
        if later := lines - piece:
            self._book_returns(later)

    def _book_returns_once(self, lines):
        """Book lines that take back a payment each."""
        allocations = self.env["cabinet.payment.allocation"]
        payments = self.env["account.payment"].union(*(row._get_origin_payment() for row in lines))
        allocations._lock(payments.move_id.line_ids | payments.allocation_ids.share_id.line_ids)
        log = self._release(lines)
        made = self._create_bank_payments(
            [self._prepare_return(line, line._get_origin_payment()) for line in lines], "outbound"
        )
        given_back = []
        for line, payment in zip(lines, made, strict=True):
            origin = payment.cabinet_returned_payment_id
            # sudo: lines are written by these methods only.
            line.sudo().write({"return_payment_id": payment.id, "origin_payment_id": origin.id})
            given_back.append(
                {
                    "credit_payment_id": origin.id,
                    "payment_id": payment.id,
                    "amount": self._get_returned(line),
                    "date": payment.date,
                }
            )
        allocations._record(given_back)
        made._tell_return()
        former = self.undo_log or {}
        # sudo: as above.
        self.sudo().undo_log = {**former, "returns": former.get("returns", []) + log}

    def _get_returned(self, line):
        """Return what comes off the payment, with what the bank charged for it."""
        return self.currency_id.round(sum(line._get_amounts("claim", "back")))

    def _prepare_return(self, line, original):
        return {
            **self._prepare_bank_payment(line),
            "partner_id": original.partner_id.id,
            "destination_account_id": original._get_receivable_lines().account_id[:1].id,
            "emitter": original.emitter,
            "cabinet_returned_payment_id": original.id,
            "cabinet_return_reason": line.reason,
        }

    def _release(self, lines):
        """Make money unused that settles invoices, the latest first; differences are undone, too.

        :return: what to put back when the import is undone, as JSON values
        :rtype: list
        """
        allocations, log, kept = self.env["cabinet.payment.allocation"], [], []
        undone = differences = allocations
        for line in lines:
            payment = line._get_origin_payment()
            rows, parts = self._take_off(payment, self._get_opened(line))
            undone |= rows
            for row, part in zip(rows, parts, strict=True):
                kept += self._prepare_kept_part(row, part)
            small = payment.absorbed_ids | line._get_origin_differences()
            differences |= small
            shares = [[row.share_id.id, part] for row, part in zip(rows, parts, strict=True)]
            rests = [row._read_difference() for row in small]
            told = {"rank": line.rank, "payment": payment.id}
            log.append({**told, "parts": shares, "differences": rests})
        reason = self.env._("Taken back by the bank: %(statement)s", statement=self.display_name)
        if differences:
            differences.entry_id._cabinet_cancel_loss(reason)
        undone._undo(reason)
        if kept:
            allocations._record(kept)
        return log

    def _take_off(self, payment, amount):
        """Return the allocations from which an amount is taken, and how much from each."""
        rows, parts = self.env["cabinet.payment.allocation"], []
        live = payment.allocation_ids.filtered(lambda row: row.state == "applied" and row.share_id)
        for row in live.sorted("id", reverse=True):
            part = min(amount, row.amount)
            if part > 0:
                amount = self.currency_id.round(amount - part)
                rows |= row
                parts.append(part)
        return rows, parts

    def _get_opened(self, line):
        return self.currency_id.round(sum(line._get_amounts("claim")))

    def _prepare_kept_part(self, row, part):
        """Return the values of what stays allocated where a part is taken back."""
        left = self.currency_id.round(row.amount - part)
        if left <= 0:
            return []
        return [
            {
                "share_id": row.share_id.id,
                "payment_id": row.payment_id.id,
                "amount": left,
                "date": row.date,
            }
        ]


class CabinetPaymentAllocation(models.Model):
    _inherit = "cabinet.payment.allocation"

    def _read_difference(self):
        """Return the allocation of a tolerated difference, as JSON values."""
        self.ensure_one()
        return {
            "share_id": self.share_id.id,
            "credit_payment_id": self.credit_payment_id.id,
            "amount": self.amount,
        }


class CabinetFactoringStatementLine(models.Model):
    _inherit = "cabinet.factoring.statement.line"

    def _get_origin_payment(self):
        """Return the payment that the bank takes back with this line."""
        self.ensure_one()
        return self.origin_payment_id or self.origin_line_id.payment_id

    def _get_origin_differences(self):
        """Return what gave up the little that the payment had left open, if it stands."""
        # sudo: lines are read for what they made; the rules on entries hold for the rest.
        origin = self._get_origin_payment().sudo().cabinet_statement_line_ids
        entries = origin.filtered(lambda line: line.difference < 0).difference_entry_id
        return self.env["cabinet.payment.allocation"].search(
            [("entry_id", "in", entries.ids), ("state", "=", "applied")]
        )
