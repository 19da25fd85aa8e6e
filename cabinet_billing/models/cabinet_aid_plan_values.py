from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A number field cannot hold "blank", and 0 is not "without limit" (X12, X13): the kind says which.
CAP_KINDS = [("unlimited", "No limit"), ("limited", "Limited"), ("excluded", "0: excluded")]
# The cap's hours -> its kind.
CAPS = {"cap_hours": "cap_kind", "sunday_cap_hours": "sunday_cap_kind"}
# What default values and plans share, in the order of the screen.
VALUE_FIELDS = (
    "base_tariff",
    "saturday_tariff",
    "rate_kind",
    "rate",
    "cap_kind",
    "cap_hours",
    "period",
    "prorate",
    "mode",
    "priority",
    "majoration",
    "sunday_tariff",
    "sunday_rate",
    "sunday_cap_kind",
    "sunday_cap_hours",
)


class CabinetAidPlanValues(models.AbstractModel):
    """The values by which hours are financed (X10–X15), of a plan or of a payer's defaults.

    Tariffs and hourly amounts are per hour, in the clinic's currency, read like the service's own
    tariff (with or without its taxes).
    """

    _name = "cabinet.aid.plan.values"
    _description = "Values of an Aid Plan"

    currency_id = fields.Many2one(related="company_id.currency_id")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    # On weekdays
    base_tariff = fields.Float(
        required=True, digits="Product Price", help="What the plan pays its part of, per hour."
    )
    saturday_tariff = fields.Float(
        string="Saturday tariff",
        compute="_compute_saturday_tariff",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
        help="Proposed: the base tariff. A Saturday is financed at the rate of weekdays.",
    )
    rate_kind = fields.Selection(
        [("percent", "Percentage"), ("fixed", "Amount per hour")],
        string="Kind of rate",
        required=True,
        default="percent",
    )
    rate = fields.Float(
        string="Coverage rate",
        digits="Product Price",
        help="What the payer pays: a percentage of the tariff, or an amount per hour.",
    )

    # How many hours
    cap_kind = fields.Selection(
        CAP_KINDS, string="Cap", required=True, default="unlimited", help="On all hours together."
    )
    cap_hours = fields.Float(string="Cap in hours")
    period = fields.Selection(
        [
            ("month", "A month"),
            ("week", "A week"),
            ("year", "A year"),
            ("plan", "The whole plan"),
        ],
        string="Cap period",
        required=True,
        default="month",
    )
    prorate = fields.Boolean(
        string="Prorate the cap",
        help="A period of which the plan covers only some days has only their part of the hours.",
    )
    mode = fields.Selection(
        [("plan", "Base tariff of the plan"), ("contract", "Tariff of the service")],
        string="Billing within the plan",
        required=True,
        default="plan",
        help="Base tariff of the plan: hours within the plan are billed at the plan's tariffs. "
        "Tariff of the service: all hours are billed at the service's tariff.",
    )
    priority = fields.Integer(
        required=True, default=1, help="Where several plans cover an hour, 1 pays first."
    )

    # On Sundays and public holidays (X11)
    majoration = fields.Boolean(
        string="Sunday supplement",
        help="Ticked: Sundays and public holidays have a tariff, a rate and a cap of their own.",
    )
    sunday_tariff = fields.Float(
        string="Sunday/holiday tariff",
        compute="_compute_sunday_tariff",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
    )
    sunday_rate = fields.Float(
        string="Sunday/holiday coverage rate",
        compute="_compute_sunday_rate",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
    )
    sunday_cap_kind = fields.Selection(
        CAP_KINDS,
        string="Sunday/holiday cap",
        required=True,
        default="unlimited",
        help="0: Sundays and public holidays are not financed. No limit: only the cap on all "
        "hours counts. Limited: hours beyond are financed at the values of weekdays.",
    )
    sunday_cap_hours = fields.Float(string="Sunday/holiday cap in hours")

    # ---------------------------------------------------------------------------------------------
    # Proposals: what is shown is what is used, a 0 typed later is 0
    # ---------------------------------------------------------------------------------------------

    @api.depends("base_tariff")
    def _compute_saturday_tariff(self):
        for values in self:
            values.saturday_tariff = values.saturday_tariff or values.base_tariff

    @api.depends("majoration")
    def _compute_sunday_tariff(self):
        for values in self:
            values.sunday_tariff = values.sunday_tariff or values.base_tariff

    @api.depends("majoration")
    def _compute_sunday_rate(self):
        for values in self:
            values.sunday_rate = values.sunday_rate or values.rate

    # ---------------------------------------------------------------------------------------------
    # Checks
    # ---------------------------------------------------------------------------------------------

    @api.constrains(*VALUE_FIELDS)
    def _check_values(self):
        faults = [fault for values in self for fault in values._get_value_faults()]
        if faults:
            raise ValidationError("\n".join(faults))

    def _get_value_faults(self):
        self.ensure_one()
        amounts = ("base_tariff", "saturday_tariff", "sunday_tariff", "rate", "sunday_rate")
        if any(self[name] < 0 for name in amounts):
            yield self.env._("A tariff or a rate cannot be negative.")
        if self.rate_kind == "percent" and max(self.rate, self.sunday_rate) > 100:
            yield self.env._("A payer cannot pay more than 100 % of a tariff.")
        for hours, kind in CAPS.items():
            if self[kind] == "limited" and round(self[hours] * 60) <= 0:
                yield self.env._("Give the hours of a limited cap, or choose another kind of cap.")
            elif self[kind] != "limited" and self[hours]:
                yield self.env._("A cap of so many hours is of the kind “Limited”.")

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_caps(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._complete_caps(vals))

    @api.model
    def _complete_caps(self, vals):
        """Tell the kind of a cap of which only the hours are given, as in an imported file.

        There an empty cell comes as ``False`` and a 0 as ``0.0``: they are not the same (R6).
        """
        result = dict(vals)
        for hours, kind in CAPS.items():
            if kind in vals:
                if vals[kind] != "limited":
                    result[hours] = 0.0
            elif hours in vals:
                value = vals[hours]
                if value is False or value is None:
                    result[kind] = "unlimited"
                else:
                    result[kind] = "limited" if value else "excluded"
        return result

    def _get_plan_values(self):
        """Return the values, to copy them to another record (X6)."""
        self.ensure_one()
        return {name: self[name] for name in VALUE_FIELDS}
