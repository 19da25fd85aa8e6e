from odoo import api, fields, models

from ..formats.dental_codes import CANTONS
from .dental_choices import HEALTH, LAWS, REASON_OF_LAW, REASONS, SWISS

# Payers that answer for the patient instead of insuring: the invoice stays the patient's.
ANSWERING = ("social", "private", "factor")


class AccountMove(models.Model):
    """What a Swiss electronic invoice says besides its lines (issue 6), filled in by default."""

    _inherit = "account.move"

    cabinet_is_dental = fields.Boolean(compute="_compute_cabinet_is_dental")
    cabinet_dental_line_ids = fields.One2many(
        "account.move.line",
        "move_id",
        string="Tariff of the lines",
        domain=[("display_type", "=", "product")],
        copy=False,
    )
    cabinet_tiers = fields.Selection(
        [
            ("tiers_garant", "Tiers garant: the patient pays"),
            ("tiers_payant", "Tiers payant: the insurer pays"),
        ],
        string="Who owes it",
        compute="_compute_cabinet_tiers",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    cabinet_law = fields.Selection(
        LAWS,
        string="Law",
        compute="_compute_cabinet_law",
        store=True,
        readonly=False,
        copy=False,
        groups=HEALTH,
    )
    cabinet_insurer_id = fields.Many2one(
        "res.partner",
        string="Insurer",
        compute="_compute_cabinet_insurer_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        domain="[('is_payer', '=', True)]",
        groups=HEALTH,
        help="Named in the electronic invoice. Not needed for a private invoice.",
    )
    cabinet_treatment_reason = fields.Selection(
        REASONS,
        string="Reason of treatment",
        compute="_compute_cabinet_treatment_reason",
        store=True,
        readonly=False,
        copy=False,
        groups=HEALTH,
    )
    cabinet_canton = fields.Selection(
        [(code, code) for code in sorted(CANTONS)],
        string="Canton of treatment",
        compute="_compute_cabinet_canton",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    cabinet_practitioner_id = fields.Many2one(
        "res.partner",
        string="Care provider",
        compute="_compute_cabinet_practitioner_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        domain="[('is_practitioner', '=', True)]",
        help="Empty: the practice itself.",
    )
    cabinet_case_number = fields.Char(
        string="Case number",
        copy=False,
        groups=HEALTH,
        help="Number of the accident, of the decision (invalidity insurance) or of the case.",
    )
    cabinet_case_date = fields.Date(string="Case date", copy=False, groups=HEALTH)
    cabinet_nif = fields.Char(
        string="IV office number", copy=False, groups=HEALTH, help="Invalidity insurance only."
    )
    cabinet_communication = fields.Char(
        string="Communication",
        copy=False,
        help="Told to the factor or the insurer: payment by instalments, social service…",
    )
    cabinet_first_sent = fields.Datetime(
        string="First sent on",
        readonly=True,
        copy=False,
        help="When the electronic invoice was first sent. Copies, cancellations and reminders "
        "refer to it.",
    )
    cabinet_prepaid_sent = fields.Monetary(
        string="Prepaid when sent",
        readonly=True,
        copy=False,
        help="What was settled when the invoice was first sent: a copy says the same.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    def _is_swiss_document(self):
        """Return whether Swiss electronic invoices concern this move."""
        self.ensure_one()
        country = self.company_id.account_fiscal_country_id.code
        return self._is_cabinet_document() and country in SWISS

    @api.depends("invoice_line_ids.cabinet_tariff_id")
    def _compute_cabinet_is_dental(self):
        for move in self:
            move.cabinet_is_dental = (
                move._is_cabinet_document() and bool(move.invoice_line_ids.cabinet_tariff_id)
            ) or move._is_swiss_document()

    def _is_for_insurer(self):
        """Return whether the invoice is addressed to an insurer, which owes it (tiers payant)."""
        payer = self.commercial_partner_id
        return payer.is_payer and payer.payer_category_id.code not in ANSWERING

    @api.depends("partner_id", "company_id", "move_type")
    def _compute_cabinet_tiers(self):
        for move in self:
            if not move._is_swiss_document():
                move.cabinet_tiers = False
            else:
                move.cabinet_tiers = "tiers_payant" if move._is_for_insurer() else "tiers_garant"

    @api.depends("partner_id", "patient_id", "company_id", "move_type")
    def _compute_cabinet_law(self):
        for move in self:
            if move.state == "posted":
                continue
            law = move.commercial_partner_id.cabinet_law or move.patient_id.cabinet_law or "ORG"
            move.cabinet_law = law if move._is_swiss_document() else False

    @api.depends("partner_id", "patient_id", "cabinet_law", "company_id", "move_type")
    def _compute_cabinet_insurer_id(self):
        for move in self:
            insurer = move.env["res.partner"]
            if move._is_swiss_document():
                if move._is_for_insurer():
                    insurer = move.commercial_partner_id
                elif move.cabinet_law not in (False, "ORG"):
                    payer = move.patient_id.main_payer_id
                    if payer.payer_category_id.code not in ANSWERING:
                        insurer = payer
            move.cabinet_insurer_id = insurer

    @api.depends("cabinet_law")
    def _compute_cabinet_treatment_reason(self):
        for move in self:
            law = move.cabinet_law
            move.cabinet_treatment_reason = REASON_OF_LAW.get(law, "disease") if law else False

    @api.depends("company_id", "move_type")
    def _compute_cabinet_canton(self):
        for move in self:
            code = move.company_id.partner_id.state_id.code
            known = move._is_swiss_document() and code in CANTONS
            move.cabinet_canton = code if known else False

    @api.depends("cabinet_session_ids.practitioner_id")
    def _compute_cabinet_practitioner_id(self):
        for move in self:
            practitioners = move.cabinet_session_ids.sorted("start").practitioner_id
            move.cabinet_practitioner_id = practitioners[:1] or move.cabinet_practitioner_id

    # ---------------------------------------------------------------------------------------------
    # Sending
    # ---------------------------------------------------------------------------------------------

    def _mark_dental_sent(self, stamp):
        """Note when these invoices were first sent, and what was settled by then.

        :param datetime stamp: of the order that sent them, UTC
        """
        for move in self.filtered(lambda move: not move.cabinet_first_sent):
            move.write(
                {"cabinet_first_sent": stamp, "cabinet_prepaid_sent": move._get_prepaid_now()}
            )

    def _get_prepaid_now(self):
        """Return what is settled of the invoice, in its currency."""
        self.ensure_one()
        return self.currency_id.round(self.amount_total - self.amount_residual)
