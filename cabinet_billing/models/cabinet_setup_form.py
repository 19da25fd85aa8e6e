from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..formats.setup_form.writer import ASKED

METHODS = ("method_software", "method_post", "method_other")
SOURCES = ("follow_module", "follow_statement", "follow_manual", "follow_other")
UNPAID = ("unpaid_automatic", "unpaid_manual", "unpaid_factor", "unpaid_other")
# What a form was answered: kept as it is once it was applied.
ANSWERS = frozenset(
    {
        *METHODS,
        *SOURCES,
        *UNPAID,
        "method_note",
        "frequency",
        "frequency_note",
        "follow_note",
        "unpaid_note",
        "payer_ids",
        "contract_ids",
        "factor_id",
        "answered_by",
        "received_on",
        "source_text",
        "company_id",
    }
)
# Written by the buttons only.
OWN_FIELDS = frozenset({"state", "applied_on", "applied_by_id", "unplaced", "mended", "change_ids"})


class CabinetSetupForm(models.Model):
    """A practice's answers on how it bills (form F): kept, and applied to its settings (F1-F7).

    What the answers make of the settings is plain Python: ``formats/setup_form/settings.py``.
    """

    _name = "cabinet.setup.form"
    _description = "Billing Questionnaire"
    _inherit = ["mail.thread"]
    _order = "received_on desc, id desc"
    _check_company_auto = True

    # F1
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    answered_by = fields.Char(string="Answered by")
    received_on = fields.Date(string="Received on", default=fields.Date.context_today)
    source_text = fields.Text(
        string="Text of the form",
        help="As it came, by mail or from a document: with boxes, tables or lists. Letters that "
        "were garbled on the way are put right when it is read.",
    )
    comments = fields.Text(string="Free comments")
    unplaced = fields.Json(readonly=True, copy=False)
    not_understood = fields.Text(compute="_compute_not_understood")
    mended = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("applied", "Applied to the settings")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    applied_on = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", string="Applied by", readonly=True, copy=False)

    # F2
    method_software = fields.Boolean(string="Direct from the software (export XML)")
    method_post = fields.Boolean(string="Print and post")
    method_other = fields.Boolean(string="Other method")
    method_note = fields.Char(string="Which method")

    # F3
    frequency = fields.Selection(
        [
            ("daily", "Every day"),
            ("weekly", "Every week"),
            ("biweekly", "Every two weeks"),
            ("monthly", "Every month"),
            ("other", "Other"),
        ],
        string="Orders go out",
    )
    frequency_note = fields.Char(string="Comment on the frequency")

    # F4, F7
    payer_ids = fields.One2many(
        "cabinet.setup.form.payer",
        "form_id",
        string="Types of payers",
        default=lambda self: self._default_payers(),
        copy=True,
    )

    # F5
    follow_module = fields.Boolean(string="Integrated module")
    follow_statement = fields.Boolean(string="Statement from the factor")
    follow_manual = fields.Boolean(string="Manual check")
    follow_other = fields.Boolean(string="Other follow-up")
    follow_note = fields.Char(string="Which follow-up")

    # F6
    unpaid_automatic = fields.Boolean(string="Automatic reminder")
    unpaid_manual = fields.Boolean(string="Manual reminder")
    unpaid_factor = fields.Boolean(string="The factor collects")
    unpaid_other = fields.Boolean(string="Other way")
    unpaid_note = fields.Char(string="What happens then")

    # What the answers are for
    contract_ids = fields.Many2many(
        "cabinet.factoring.contract",
        string="Factoring contracts",
        compute="_compute_contract_ids",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="The contracts that the answers on the factor are for.",
    )
    factor_id = fields.Many2one(
        "res.partner",
        string="Factor of the new contract",
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="restrict",
        help="Where the clinic has no contract yet: one is made with this factor.",
    )

    @api.model
    def _default_payers(self):
        categories = self._get_categories(ASKED)
        return [Command.create({"category_id": row.id}) for row in categories]

    @api.model
    def _get_categories(self, codes):
        return self.env["cabinet.payer.category"].search([("code", "in", list(codes))])

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_contract_ids(self):
        contracts = self.env["cabinet.factoring.contract"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        for form in self:
            form.contract_ids = contracts.filtered(
                lambda row, form=form: row.company_id == form.company_id
            )

    @api.depends("answered_by", "received_on", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for form in self:
            day = form.received_on and format_date(self.env, form.received_on)
            parts = (form.answered_by or form.company_id.name, day)
            form.display_name = " · ".join(part for part in parts if part)

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(OWN_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().create([self._without_null(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        return super().write(self._without_null(vals))

    @api.model
    def _without_null(self, vals):
        """Return the values without the one character that the database cannot hold."""
        text = vals.get("source_text")
        return {**vals, "source_text": text.replace("\x00", "")} if text else vals

    def _check_may_write(self, vals):
        """Refuse to forge what became of a form, or to change answers that were applied."""
        if OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        if ANSWERS & set(vals):
            self._check_draft()

    def _check_draft(self):
        for form in self:
            if form.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(form)s” was applied: its answers stay as they were given. "
                        "Take it back to draft to change them.",
                        form=form.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_applied(self):
        if self.change_ids.filtered("applied_on"):
            raise UserError(self.env._("A questionnaire that was applied stays in the history."))

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_reset(self):
        """Take an applied form back to draft, to correct its answers; the settings stay."""
        self.env["res.users"]._cabinet_check_role("manager")
        self.check_access("write")
        # sudo: the state is written by these methods only; the role was checked.
        self.sudo().write({"state": "draft"})
