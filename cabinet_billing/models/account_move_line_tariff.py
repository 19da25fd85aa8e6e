from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round

from ..formats.dental_codes import TEETH, split_teeth
from .dental_choices import HEALTH, PRICE_DIGITS

# What makes the price: closed once the invoice is posted, like the price itself.
PRICED = frozenset({"cabinet_tariff_id", "cabinet_points", "cabinet_point_value", "cabinet_factor"})

# What a line without a service has: all of it follows from the service.
NO_TARIFF = {
    "cabinet_tariff_id": False,
    "cabinet_tariff_code": False,
    "cabinet_points": 0.0,
    "cabinet_point_value": 0.0,
    "cabinet_obligation": False,
}


class AccountMoveLine(models.Model):
    """The Swiss tariff of an invoice line: quantity × points × point value × factor (issue 6).

    The amount stays Odoo's own: the price is points × point value, the factor is the discount.
    """

    _inherit = "account.move.line"

    cabinet_tariff_id = fields.Many2one(
        "cabinet.tariff",
        string="Tariff",
        compute="_compute_cabinet_tariff_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    cabinet_by_points = fields.Boolean(related="cabinet_tariff_id.by_points")
    cabinet_tariff_code = fields.Char(
        string="Tariff code",
        compute="_compute_cabinet_tariff_code",
        store=True,
        readonly=False,
        precompute=True,
    )
    cabinet_points = fields.Float(
        string="Points",
        compute="_compute_cabinet_points",
        store=True,
        readonly=False,
        precompute=True,
        digits=(12, 4),
        min_display_digits=2,
    )
    cabinet_point_value = fields.Float(
        string="Point value",
        compute="_compute_cabinet_point_value",
        store=True,
        readonly=False,
        precompute=True,
        digits=(12, 4),
        min_display_digits=2,
        help="CHF per point.",
    )
    cabinet_factor = fields.Float(
        string="Factor",
        compute="_compute_cabinet_factor",
        inverse="_inverse_cabinet_factor",
        digits=(12, 4),
        min_display_digits=2,
        help="1 is the full price; a reduction of 10 % is a factor of 0.9.",
    )
    cabinet_obligation = fields.Boolean(
        string="Compulsory benefit",
        compute="_compute_cabinet_obligation",
        store=True,
        readonly=False,
        precompute=True,
    )
    # Not copied: one treatment's, and who may not read them may still copy invoices.
    cabinet_teeth = fields.Char(string="Teeth", copy=False, groups=HEALTH)
    cabinet_care_date = fields.Date(
        string="Care date", copy=False, groups=HEALTH, help="Empty: the date of the invoice."
    )
    cabinet_session_number = fields.Integer(string="Session of the day", default=1)
    cabinet_remark = fields.Char(
        string="Remark to the payer",
        copy=False,
        groups=HEALTH,
        help="Sent with the electronic invoice.",
    )

    @api.model
    def _prepare_create_values(self, vals_list):
        """Say of lines without a service that they have no tariff: most lines of most entries.

        It would be computed of each of them, one by one.
        """
        return super()._prepare_create_values(
            [
                {**NO_TARIFF, **vals}
                if not (vals.get("product_id") or NO_TARIFF.keys() & vals.keys())
                else vals
                for vals in vals_list
            ]
        )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("product_id")
    def _compute_cabinet_tariff_id(self):
        for line in self:
            line.cabinet_tariff_id = line.product_id.cabinet_tariff_id

    @api.depends("product_id")
    def _compute_cabinet_tariff_code(self):
        for line in self:
            line.cabinet_tariff_code = line.product_id.cabinet_tariff_code

    @api.depends("product_id")
    def _compute_cabinet_points(self):
        for line in self:
            line.cabinet_points = line.product_id.cabinet_points

    @api.depends("product_id")
    def _compute_cabinet_obligation(self):
        for line in self:
            line.cabinet_obligation = line.product_id.cabinet_obligation

    @api.depends("cabinet_tariff_id")
    def _compute_cabinet_point_value(self):
        """Propose the value of the day and the law as they are when the service is chosen.

        They are no triggers: what changes the value makes core compute the price again, and a
        price typed on a line without points would be lost with the patient's change.
        """
        for line in self:
            tariff = line.cabinet_tariff_id
            if line.parent_state == "posted":
                continue
            if not tariff:
                line.cabinet_point_value = 0.0
                continue
            move = line.move_id
            day = line.cabinet_care_date or move.invoice_date or fields.Date.context_today(line)
            line.cabinet_point_value = tariff._get_point_value(
                move.company_id, day, move.cabinet_law
            )

    @api.depends("cabinet_tariff_id", "cabinet_points", "cabinet_point_value")
    def _compute_price_unit(self):
        """Points × point value; a price that the tariff does not make is left to core.

        Not when only the tariff's own fields changed on a line without points: the price that was
        typed stays.
        """
        by_points = self.filtered(
            lambda line: line.cabinet_by_points and line.parent_state != "posted"
        )
        super(AccountMoveLine, self - by_points)._compute_price_unit()
        for line in by_points:
            line.price_unit = float_round(
                line.cabinet_points * line.cabinet_point_value, precision_digits=PRICE_DIGITS
            )

    @api.depends("discount")
    def _compute_cabinet_factor(self):
        for line in self:
            line.cabinet_factor = 1 - line.discount / 100

    @api.onchange("cabinet_factor")
    def _inverse_cabinet_factor(self):
        for line in self:
            line.discount = float_round((1 - line.cabinet_factor) * 100, precision_digits=2)

    # ---------------------------------------------------------------------------------------------
    # Constraints and CRUD
    # ---------------------------------------------------------------------------------------------

    @api.constrains("cabinet_teeth")
    def _check_cabinet_teeth(self):
        for line in self:
            wrong = [tooth for tooth in split_teeth(line.cabinet_teeth) if tooth not in TEETH]
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(teeth)s is not a tooth or an area of the mouth. Write FDI numbers such "
                        "as 36, or an area such as 01.",
                        teeth=", ".join(wrong),
                    )
                )

    def write(self, vals):
        """Keep what makes the price of a posted line; the rest may be mended for the file."""
        if PRICED & set(vals) and "posted" in self.mapped("parent_state"):
            raise UserError(
                self.env._(
                    "The points, the point value and the factor of a validated invoice cannot be "
                    "changed. Set it back to draft, or issue a credit note."
                )
            )
        return super().write(vals)
