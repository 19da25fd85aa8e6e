from odoo import api, fields, models


class CabinetAidPlanDefault(models.Model):
    """Default values of a payer's plans for one service: "Valeurs plan d'aide défaut" (X5)."""

    _name = "cabinet.aid.plan.default"
    _description = "Default Values of Aid Plans"
    _inherit = ["cabinet.aid.plan.values"]
    _order = "payer_id, product_id"
    _check_company_auto = True

    active = fields.Boolean(
        string="Validated",
        default=True,
        help="Only services whose default values are validated are offered on new plans.",
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        domain=lambda self: [
            ("is_care_service", "=", True),
            ("uom_id", "=", self.env.ref("uom.product_uom_hour").id),
        ],
        check_company=True,
        ondelete="restrict",
        help="A service sold by the hour.",
    )

    _unique_service = models.UniqueIndex(
        "(company_id, payer_id, product_id)",
        "This payer has default values for this service already.",
    )

    @api.depends("payer_id", "product_id")
    def _compute_display_name(self):
        for default in self:
            default.display_name = (
                f"{default.payer_id.display_name} · {default.product_id.display_name}"
            )

    @api.model
    def _find(self, keys):
        """Return default values by company, payer and service, in one search.

        :param keys: (company id, payer id, product id) of each
        :rtype: dict[tuple, CabinetAidPlanDefault]
        """
        companies, payers, products = (set(ids) for ids in zip(*keys, strict=True))
        defaults = self.search(
            [
                ("company_id", "in", list(companies)),
                ("payer_id", "in", list(payers)),
                ("product_id", "in", list(products)),
            ]
        )
        return {
            (default.company_id.id, default.payer_id.id, default.product_id.id): default
            for default in defaults
        }
