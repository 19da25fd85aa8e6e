from odoo import api, fields, models
from odoo.exceptions import UserError

from ..formats.inbound.claims import Claim
from ..formats.inbound.match import suggest
from ..formats.inbound.match_codes import Hold
from .cabinet_factoring_statement_line import PENDING

MOST_SUGGESTED = 2000


class CabinetFactoringStatementLine(models.Model):
    """One payment of the bank's camt.054, or one that the bank takes back (issue 7)."""

    _inherit = "cabinet.factoring.statement.line"

    journal_id = fields.Many2one(related="statement_id.journal_id", store=True, index=True)
    move_id = fields.Many2one(
        "account.move", related=None, compute="_compute_move_id", readonly=True
    )
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Of the practice's own QR-bill: what is paid, or due again.",
    )

    # Where the money is already, or what the bank takes back
    known_payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    known_entry_id = fields.Many2one(
        "account.move",
        string="Line of the bank statement",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    origin_line_id = fields.Many2one(
        "cabinet.factoring.statement.line",
        string="Line taken back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    origin_payment_id = fields.Many2one(
        "account.payment",
        string="Payment taken back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # What a person decided
    decision_share_id = fields.Many2one(
        "cabinet.invoice.share", readonly=True, ondelete="restrict", check_company=True
    )

    # What became of it
    return_payment_id = fields.Many2one(
        "account.payment",
        string="Payment to the bank",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    difference_entry_id = fields.Many2one(
        "account.move",
        string="Tolerated difference's entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _unique_bank_event = models.UniqueIndex(
        "(journal_id, event_key) WHERE occupies AND journal_id IS NOT NULL",
        "Somebody else has just booked the same lines of this bank account.",
    )
    _bank_reference_idx = models.Index(
        "(journal_id, reference_text) WHERE journal_id IS NOT NULL",
    )

    @api.depends("claim_id.move_id", "share_id.move_id")
    def _compute_move_id(self):
        for line in self:
            line.move_id = line.claim_id.move_id or line.share_id.move_id

    # ---------------------------------------------------------------------------------------------
    # Tools
    # ---------------------------------------------------------------------------------------------

    def _waits_for_payment(self):
        """Return whether the bank took back what has not come yet (CASES 6)."""
        self.ensure_one()
        return self.status == "held" and self.hold == Hold.NOTHING_TO_REVERSE.value

    def _get_bank_step(self):
        """Return how a line of the bank is booked; nothing where it is mere information."""
        self.ensure_one()
        if not self.items:
            return ""
        if self.event != "PAY" or self.decision == "account":
            return "account"
        return "receipt" if self.amount > 0 else "return"

    def _get_bank_debtor(self):
        """Return in whose name the money is booked."""
        self.ensure_one()
        if self.share_id:
            return self.share_id.partner_id
        return self.patient_id._get_debtor().commercial_partner_id

    # ---------------------------------------------------------------------------------------------
    # Decisions (CASES 16)
    # ---------------------------------------------------------------------------------------------

    def action_decide(self):
        """Open the window of the bank's lines: they are about invoices, not about claims."""
        action = super().action_decide()
        if self.journal_id:
            action["res_model"] = "cabinet.qr.decide"
        return action

    def action_open_entry(self):
        """Open the payment that a line of the bank made."""
        self.ensure_one()
        made = self.payment_id or self.return_payment_id
        if self.journal_id and made:
            return made._get_records_action()
        return super().action_open_entry()

    def _decide_bank(self, decision, reason, share=None, patient=None, account=None):
        """Keep what a person says that a line of the bank means, and look again.

        :param str decision: ``claim`` (an invoice), ``patient``, ``account``, ``ignore``; ``wait``
            takes a decision back
        :param str reason: why, required where money is ignored or booked elsewhere
        :param share: of the invoice that is meant (cabinet.invoice.share)
        :raise AccessError: the user may not record payments
        :raise UserError: the line is booked already, or what was chosen does not fit
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.statement_id._lock()
        self._check_bank_decision(decision, reason, share, patient, account)
        # sudo: lines are written by the statement's methods only, never by hand.
        self.sudo().write(
            {
                "decision": False if decision == "wait" else decision,
                "decision_share_id": share.id if share else False,
                "decision_patient_id": patient.id if patient else False,
                "decision_account_id": account.id if account else False,
                "decision_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "status": "ignored" if decision == "ignore" else "held",
            }
        )
        self.statement_id._match()

    def _check_bank_decision(self, decision, reason, share, patient, account):
        faults = []
        if self.status not in (*PENDING, "ignored") or self.statement_id.state not in (
            "read",
            "posted",
        ):
            faults.append(
                self.env._("%(line)s is booked already. Reload the page.", line=self.display_name)
            )
        if self.hold == "changed" and decision not in ("ignore", "wait"):
            faults.append(
                self.env._("This line was booked before, from another file: it can be ignored.")
            )
        chosen = {"claim": share, "patient": patient, "account": account}
        if decision not in (*chosen, "ignore", "wait"):
            faults.append(self.env._("A payment of the bank cannot be decided like that."))
        if decision in chosen and not chosen[decision]:
            faults.append(self.env._("Choose what the line is about."))
        if decision in ("ignore", "account") and not (reason or "").strip():
            faults.append(self.env._("Type the reason."))
        if decision in ("claim", "patient") and (self.event != "PAY" or self.amount <= 0):
            faults.append(self.env._("Only money that came in can be an invoice's or a patient's."))
        if share and share.company_id != self.company_id:
            faults.append(self.env._("This invoice is of another clinic."))
        if patient and patient.company_id not in (self.company_id, patient.company_id.browse()):
            faults.append(self.env._("This patient is of another clinic."))
        if faults:
            raise UserError("\n".join(faults))

    def _get_share_suggestions(self):
        """Return what clients owe that may be meant, the likeliest first: name, number, amount.

        :rtype: cabinet.invoice.share
        """
        self.ensure_one()
        record = self._get_record()
        shares = self.env["cabinet.invoice.share"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "open"),
                ("is_main", "=", True),
            ],
            order="invoice_date desc, id desc",
            limit=MOST_SUGGESTED,
        )
        exact = self.statement_id._get_exact
        claims = [
            Claim(
                share.id,
                exact(share.amount_owed),
                exact(share.amount_residual),
                invoice=share.move_id.name or "",
                patient_name=(share.patient_id or share.partner_id).name or "",
            )
            for share in shares
        ]
        return shares.browse(suggest(record, claims))
