from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round

from ..formats.dental_codes import TEETH, split_teeth
from .cabinet_care_session import CabinetCareSession as Session
from .dental_choices import HEALTH, PRICE_DIGITS


class CabinetCareSession(models.Model):
    """Care that is billed by a Swiss tariff: points × point value × factor (issue 6)."""

    _inherit = "cabinet.care.session"

    # A point may be worth 1.17: what is rounded is the amount, as everywhere in Odoo.
    price_unit = fields.Float(digits=False, min_display_digits="Product Price")

    tariff_id = fields.Many2one(related="product_id.cabinet_tariff_id")
    by_points = fields.Boolean(related="product_id.cabinet_tariff_id.by_points")
    points = fields.Float(
        compute="_compute_points",
        store=True,
        readonly=False,
        digits=(12, 4),
        min_display_digits=2,
        precompute=True,
    )
    point_value = fields.Float(
        compute="_compute_point_value",
        store=True,
        readonly=False,
        digits=(12, 4),
        min_display_digits=2,
        help="CHF per point, from the table of point values: clinic, day of care, law.",
    )
    external_factor = fields.Float(
        string="Factor",
        default=1.0,
        digits=(12, 4),
        min_display_digits=2,
        help="1 is the full price; a reduction of 10 % is a factor of 0.9.",
    )
    teeth = fields.Char(
        groups=HEALTH,
        help="FDI numbers or areas of the mouth, such as 36, 37 or 01.",
    )
    session_number = fields.Integer(
        string="Session of the day",
        default=1,
        help="2 for a second session of the same patient on the same day.",
    )
    tariff_remark = fields.Char(
        string="Remark to the payer",
        groups=HEALTH,
        help="Sent with the electronic invoice, unlike the internal note.",
    )

    _frozen_fields = Session._frozen_fields | {"points", "point_value", "external_factor"}

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("product_id")
    def _compute_points(self):
        for session in self:
            if session.state != "invoiced":
                session.points = session.product_id.cabinet_points

    @api.depends(
        "product_id", "company_id", "start", "patient_id", "third_party_payment", "place_id"
    )
    def _compute_point_value(self):
        for session in self:
            if session.state == "invoiced":
                continue
            tariff = session.tariff_id
            session.point_value = (
                tariff._get_point_value(session.company_id, session._get_day(), session._get_law())
                if tariff and session.start
                else 0.0
            )

    @api.depends("points", "point_value")
    def _compute_price_unit(self):
        super()._compute_price_unit()

    @api.depends("external_factor")
    def _compute_amount_total(self):
        super()._compute_amount_total()

    def _get_tariff(self):
        """The tariff's price goes before the pricelist: it is not the practice's to choose."""
        self.ensure_one()
        if not self.by_points:
            return super()._get_tariff()
        return float_round(self.points * self.point_value, precision_digits=PRICE_DIGITS)

    def _get_total(self):
        self.ensure_one()
        if not self.tariff_id or self.external_factor == 1.0:
            return super()._get_total()
        taxes = self._get_taxes().compute_all(
            self.price_unit * self.external_factor,
            currency=self.company_id.currency_id,
            quantity=self.quantity,
            product=self.product_id,
            partner=self.patient_id,
        )
        return taxes["total_included"]

    def _get_day(self):
        """Return the day of care where it took place, whoever looks."""
        self.ensure_one()
        zone = self.place_id._get_care_zone(self.company_id)
        return fields.Datetime.to_datetime(self.start).replace(tzinfo=UTC).astimezone(zone).date()

    def _get_law(self):
        """Return the law that the care falls under, as its invoice will propose it.

        The patient's usual payer, not the one of the session: its price would be computed before
        the payer is known.
        """
        self.ensure_one()
        payer = self.patient_id.main_payer_id if self.third_party_payment else self.patient_id
        return payer.cabinet_law or self.patient_id.cabinet_law or "ORG"

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("teeth")
    def _check_teeth(self):
        for session in self:
            wrong = [tooth for tooth in split_teeth(session.teeth) if tooth not in TEETH]
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(teeth)s is not a tooth or an area of the mouth. Write FDI numbers such "
                        "as 36, or an area such as 01.",
                        teeth=", ".join(wrong),
                    )
                )

    @api.constrains("points", "point_value", "external_factor", "session_number")
    def _check_tariff_numbers(self):
        for session in self:
            numbers = (session.points, session.point_value, session.external_factor)
            if min(numbers) < 0 or session.session_number < 1:
                raise ValidationError(
                    self.env._("Points, point value, factor and session cannot be negative.")
                )

    # ---------------------------------------------------------------------------------------------
    # Billing
    # ---------------------------------------------------------------------------------------------

    def _prepare_invoice_line_vals(self):
        vals = super()._prepare_invoice_line_vals()
        if self.tariff_id:
            vals.update(
                discount=float_round((1 - self.external_factor) * 100, precision_digits=2),
                **self._prepare_tariff_vals(),
            )
        return vals

    def _prepare_tariff_vals(self):
        """Return what the invoice line keeps of the tariff of this session."""
        self.ensure_one()
        return {
            "cabinet_tariff_id": self.tariff_id.id,
            "cabinet_tariff_code": self.product_id.cabinet_tariff_code,
            "cabinet_points": self.points,
            "cabinet_point_value": self.point_value,
            "cabinet_obligation": self.product_id.cabinet_obligation,
            "cabinet_teeth": self.teeth,
            "cabinet_care_date": self._get_day(),
            "cabinet_session_number": self.session_number,
            "cabinet_remark": self.tariff_remark,
        }

    def _preview_line(self, vals):
        factor = 1 - vals.get("discount", 0.0) / 100
        return super()._preview_line({**vals, "price_unit": vals["price_unit"] * factor})
