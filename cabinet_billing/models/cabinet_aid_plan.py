from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .cabinet_aid_plan_values import VALUE_FIELDS

DAY = timedelta(days=1)
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
    reminded_on = fields.Date(readonly=True, copy=False)
    overlap_warning = fields.Char(compute="_compute_overlap_warning")

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
            plan.display_name = " · ".join(part for part in parts if part)

    def _get_number(self):
        """Return the plan's number, with its version from the second one on."""
        self.ensure_one()
        return f"{self.name}-{self.version}" if self.name and self.version > 1 else self.name

    def _get_label(self):
        """Return the plan's number and payer, for sentences about a patient known already."""
        self.ensure_one()
        return f"{self._get_number()} ({self.payer_id.name})"

    @api.depends("patient_id", "product_id", "date_start", "date_end", "state", "company_id")
    def _compute_overlap_warning(self):
        """Other plans on the same hours: priorities decide, never above 100 % (R13, case 44)."""
        others = self._find_overlaps()
        for plan in self:
            plan.overlap_warning = False
            if others[plan]:
                plan.overlap_warning = self.env._(
                    "Other plans cover the same days: %(plans)s. They pay in the order of their "
                    "priority, together never more than the price.",
                    plans=", ".join(others[plan].mapped("display_name")),
                )

    def _find_overlaps(self):
        """Return for each plan the live plans of its patient and service on days of its own.

        :rtype: dict
        """
        candidates = self.search(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("state", "in", LIVE),
            ]
        )
        return {
            plan: candidates.filtered(lambda other, plan=plan: plan._overlaps(other))
            for plan in self
        }

    def _overlaps(self, other):
        self.ensure_one()
        same = (
            other.company_id == self.company_id
            and other.patient_id == self.patient_id._origin
            and other.product_id == self.product_id._origin
            and other not in (self._origin, self.previous_id)
        )
        return (
            same
            and bool(self.date_start)
            and (not other.date_end or other.date_end >= self.date_start)
            and (not self.date_end or self.date_end >= other.date_start)
        )

    # ---------------------------------------------------------------------------------------------
    # Defaults, constraints, CRUD
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
        if "date_end" in vals:
            vals = {**vals, "reminded_on": False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if set(self.mapped("state")) - {"draft"}:
            raise UserError(self.env._("Only draft plans can be deleted: close this one instead."))

    @api.constrains("state", "date_start", "date_end", "priority", "payer_id", "patient_id")
    def _check_overlap(self):
        """Refuse two live plans of one payer for the same hours with the same priority."""
        live = self.filtered(lambda plan: plan.state in LIVE)
        overlaps = live._find_overlaps()
        for plan in live:
            twins = overlaps[plan].filtered(
                lambda other, plan=plan: (
                    other.payer_id == plan.payer_id and other.priority == plan.priority
                )
            )
            if twins:
                raise ValidationError(
                    self.env._(
                        "%(payer)s already has a plan for these days: %(plan)s. Close it, make a "
                        "new version of it, or give the plans different priorities.",
                        payer=plan.payer_id.display_name,
                        plan=twins[0].display_name,
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_validate(self):
        """Validate plans: from now on they count (X16). A new version closes the one before."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        if set(self.mapped("state")) != {"draft"}:
            raise UserError(self.env._("Only draft plans can be validated."))
        for plan in self.filtered("previous_id"):
            plan.previous_id._close(plan.date_start - DAY)
        self._change_state({"state": "validated"})

    def action_reset(self):
        """Put plans that no invoice used back to draft."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        used = self.filtered(lambda plan: plan._is_used())
        if used:
            raise UserError(
                self.env._(
                    "Invoices used %(plans)s: make a new version from a date instead.",
                    plans=", ".join(used.mapped("display_name")),
                )
            )
        self._change_state({"state": "draft"})

    def action_close(self):
        """Close plans today, or on their own last day where that comes first."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        if set(self.mapped("state")) != {"validated"}:
            raise UserError(self.env._("Only validated plans can be closed."))
        for plan in self:
            plan._close(fields.Date.context_today(plan))

    def _close(self, last_day):
        """Close the plan; care given until ``last_day`` is still financed by it."""
        self.ensure_one()
        if last_day < self.date_start:
            raise UserError(
                self.env._(
                    "%(plan)s starts on %(date)s: it cannot end before. Put it back to draft.",
                    plan=self.display_name,
                    date=format_date(self.env, self.date_start),
                )
            )
        end = min(last_day, self.date_end) if self.date_end else last_day
        self._change_state({"state": "closed", "date_end": end})

    def _change_state(self, vals):
        # sudo: the callers check the role and the record; only they may change frozen values.
        self.sudo().with_context(cabinet_plan_state=True).write(vals)

    def action_new_version(self):
        """Open the window that makes a new version from a date (case 43)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New version"),
            "res_model": "cabinet.aid.plan.version",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def _create_version(self, date_start):
        """Return a draft that follows this plan from ``date_start`` on, with the same counter."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("A draft is changed directly: no new version is needed."))
        if date_start <= self.date_start:
            raise UserError(
                self.env._(
                    "A new version starts after the plan itself: choose a day after %(date)s.",
                    date=format_date(self.env, self.date_start),
                )
            )
        origin = self.origin_id or self
        end = self.date_end if self.state == "validated" else False
        return self.copy(
            {
                "name": self.name,
                "date_start": date_start,
                "date_end": end if end and end >= date_start else False,
                "origin_id": origin.id,
                "previous_id": self.id,
                "version": max(self.search([("origin_id", "=", origin.id)]).mapped("version") + [1])
                + 1,
            }
        )

    def _is_used(self):
        """Return whether hours of an invoice that is not cancelled were counted on this plan."""
        self.ensure_one()
        # sudo: a plan is used even where the user cannot read the invoice that used it.
        shares = self.env["cabinet.aid.piece.share"].sudo()
        domain = [("plan_id", "=", self.id), ("move_id.state", "!=", "cancel")]
        return bool(shares.search_count(domain, limit=1))

    # ---------------------------------------------------------------------------------------------
    # Reminder
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """Close the plans that are over, and remind of those that end soon."""
        today = fields.Date.context_today(self)
        over = self.search([("state", "=", "validated"), ("date_end", "<", today)])
        over._change_state({"state": "closed"})
        for company in self.env["res.company"].search([("cabinet_plan_reminder_days", ">", 0)]):
            self._remind(company, today)

    @api.model
    def _remind(self, company, today):
        """Make one activity for each plan of a clinic that ends soon and has no successor."""
        limit = today + timedelta(days=company.cabinet_plan_reminder_days)
        ending = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "validated")
            & Domain("date_end", "<=", limit)
            & Domain("reminded_on", "=", False)
        )
        followed = self.search([("previous_id", "in", ending.ids)]).previous_id
        for plan in ending - followed:
            plan.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=plan.date_end,
                summary=self.env._("Aid plan to renew"),
                note=self.env._(
                    "%(plan)s ends on %(date)s.",
                    plan=plan.display_name,
                    date=format_date(self.env, plan.date_end),
                ),
                user_id=plan.user_id.id or self.env.uid,
            )
        (ending - followed).reminded_on = today
