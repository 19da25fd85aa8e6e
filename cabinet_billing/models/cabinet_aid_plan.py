from odoo import api, fields, models
from odoo.exceptions import UserError

from .cabinet_aid_plan_values import VALUE_FIELDS

# What an invoice was made from: after validation it changes by a new version only (case 43).
FROZEN_FIELDS = frozenset(
    {
        *VALUE_FIELDS,
        "company_id",
        "payer_id",
        "patient_id",
        "product_id",
        "date_start",
        "date_end",
        "origin_id",
        "state",
    }
)
# Plans that finance care: a closed one still finances the days before its end.
LIVE = ("validated", "closed")


class CabinetAidPlan(models.Model):
    """A plan d'aide: the hours that a payer finances for a patient and a service (X7–X18)."""

    _name = "cabinet.aid.plan"
    _description = "Aid Plan"
    _inherit = ["cabinet.aid.plan.values", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    state = fields.Selection(
        [("draft", "Draft"), ("validated", "Validated"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
        help="Only validated plans finance care. A closed one still finances the days before its "
        "end.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        default=lambda self: self.env.user,
        help="Who is reminded before the plan ends.",
    )

    # For whom, by whom, what
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    patient_id = fields.Many2one(
        "res.partner",
        string="Beneficiary",
        required=True,
        index=True,
        domain="[('is_patient', '=', True)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        domain="[('id', 'in', allowed_product_ids)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    allowed_product_ids = fields.Many2many(
        "product.product",
        compute="_compute_allowed_product_ids",
        help="The services for which the payer has default values.",
    )
    file_number = fields.Char(help="The number of the beneficiary's file at the payer.")
    plan_number = fields.Char(help="The number that the payer gave this plan.")

    # When (X9)
    date_start = fields.Date(
        string="Valid from",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        tracking=True,
    )
    date_end = fields.Date(string="Valid until", tracking=True, help="Empty: without end.")

    # Versions share what is used of the caps
    origin_id = fields.Many2one(
        "cabinet.aid.plan",
        string="First version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    previous_id = fields.Many2one(
        "cabinet.aid.plan",
        string="Version before",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    usage_stamp = fields.Integer(
        readonly=True,
        copy=False,
        help="Grows each time hours are counted, so that two invoices made at once cannot both "
        "take the same hours.",
    )

    _check_dates = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)", "A plan cannot end before it starts."
    )
    _for_care_idx = models.Index("(patient_id, product_id) WHERE state != 'draft'")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("payer_id", "company_id")
    def _compute_allowed_product_ids(self):
        defaults = self.env["cabinet.aid.plan.default"].search(
            [("payer_id", "in", self.payer_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        services = defaults.grouped(lambda default: (default.payer_id, default.company_id))
        for plan in self:
            own = services.get((plan.payer_id._origin, plan.company_id), defaults.browse())
            plan.allowed_product_ids = own.product_id

    @api.depends("name", "version", "patient_id", "payer_id")
    def _compute_display_name(self):
        for plan in self:
            parts = (plan._get_number(), plan.patient_id.name, plan.payer_id.name)
            words = " · ".join(part for part in parts if part)
            # X7: the window's title, until the plan has a number.
            plan.display_name = words if plan.name else self.env._("New aid plan")

    def _get_number(self):
        """Return the plan's number, with its version from the second one on."""
        self.ensure_one()
        return f"{self.name}-{self.version}" if self.name and self.version > 1 else self.name

    def _get_label(self):
        """Return the plan's number and payer, for sentences about a patient known already."""
        self.ensure_one()
        return f"{self._get_number()} ({self.payer_id.name})"

    # ---------------------------------------------------------------------------------------------
    # Defaults, CRUD
    # ---------------------------------------------------------------------------------------------

    @api.onchange("payer_id")
    def _onchange_payer_id(self):
        if self.product_id._origin not in self.allowed_product_ids._origin:
            only = self.allowed_product_ids
            self.product_id = only if len(only) == 1 else False

    @api.onchange("payer_id", "product_id")
    def _onchange_product_id(self):
        """Copy the payer's default values for this service (X6)."""
        if self.payer_id and self.product_id:
            key = (self.company_id.id, self.payer_id._origin.id, self.product_id._origin.id)
            default = self.env["cabinet.aid.plan.default"]._find([key]).get(key)
            if default:
                self.update(default._get_plan_values())

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(self._add_defaults(vals_list))
        plans._assign_number()
        return plans

    @api.model
    def _add_defaults(self, vals_list):
        """Complete values with the payer's defaults; what is given stays as it is (X6, X10)."""
        keys = [
            (
                vals.get("company_id") or self.env.company.id,
                vals.get("payer_id"),
                vals.get("product_id"),
            )
            for vals in vals_list
        ]
        defaults = self.env["cabinet.aid.plan.default"]._find(keys) if keys else {}
        result = []
        for key, vals in zip(keys, vals_list, strict=True):
            vals = self._complete_caps(vals)
            own = defaults[key]._get_plan_values() if key in defaults else {}
            result.append({**own, **vals})
        return result

    def _assign_number(self):
        # sudo: the secretary has no right on sequences; this one is of no company, so that
        # branches find it too.
        sequence = self.env["ir.sequence"].sudo()
        for plan in self.filtered(lambda plan: not plan.name):
            plan.name = sequence.next_by_code("cabinet.aid.plan")

    def write(self, vals):
        changing = self.env.su and self.env.context.get("cabinet_plan_state")
        if FROZEN_FIELDS & set(vals) and not changing and set(self.mapped("state")) - {"draft"}:
            raise UserError(
                self.env._(
                    "A validated plan is changed by a new version from a date, so that the "
                    "invoices made before stay right. If no invoice used it, put it back to "
                    "draft first."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if set(self.mapped("state")) - {"draft"}:
            raise UserError(self.env._("Only draft plans can be deleted: close this one instead."))
