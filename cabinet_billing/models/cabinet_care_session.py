from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CabinetCareSession(models.Model):
    """A consultation, séance or intervention: what is planned, done, then invoiced (DESIGN 4)."""

    _name = "cabinet.care.session"
    _description = "Care Session"
    _inherit = ["mail.thread"]
    _order = "start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    patient_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        domain="[('is_patient', '=', True)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    practitioner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('is_practitioner', '=', True)]",
        check_company=True,
        default=lambda self: self.env.user.partner_id.filtered("is_practitioner"),
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        domain="[('is_care_service', '=', True)]",
        check_company=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Validated"),
            ("invoiced", "Invoiced"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )

    # When and where
    start = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    end = fields.Datetime(
        compute="_compute_end", store=True, readonly=False, required=True, precompute=True
    )
    hours = fields.Float(
        compute="_compute_hours", inverse="_inverse_hours", store=True, help="Duration in hours."
    )
    place_id = fields.Many2one(
        "res.partner",
        string="Place of care",
        compute="_compute_place_id",
        store=True,
        readonly=False,
        help="Where the care takes place: public holidays are those of this place.",
    )

    # What it costs
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        digits="Product Unit",
        help="Hours for a service sold by the hour, else the number of acts.",
    )
    price_unit = fields.Float(
        string="Unit price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        digits="Product Price",
        help="From the service and the patient's pricelist.",
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amount_total", store=True, help="Tax included."
    )

    # Who pays
    third_party_payment = fields.Boolean(
        string="Third-party payment",
        help="The payer is billed directly; the patient pays only what the payer does not.",
    )
    payer_id = fields.Many2one(
        "res.partner",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        domain="[('is_payer', '=', True), ('payer_paid_to_client', '=', False)]",
        check_company=True,
    )
    payer_amount = fields.Monetary(
        string="Payer's part", compute="_compute_payer_amount", store=True, readonly=False
    )
    patient_amount = fields.Monetary(
        string="Patient's part", compute="_compute_patient_amount", store=True
    )
    immediate_payment = fields.Boolean(
        help="The patient pays now: validating makes the invoice and its payment."
    )
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        string="Paid with",
        domain="[('company_id', '=', company_id), ('nature', '=', 'received')]",
        check_company=True,
    )

    # What became of it
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
    )
    invoice_status = fields.Selection(related="invoice_id.cabinet_status", string="Settlement")
    can_rebill = fields.Boolean(compute="_compute_can_rebill")
    note = fields.Text(string="Internal note", help="Never printed, never sent.")

    _check_duration = models.Constraint(
        'CHECK("end" >= start)', "Care cannot end before it starts."
    )
    _to_bill_idx = models.Index("(company_id, patient_id) WHERE state = 'done'")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("start")
    def _compute_end(self):
        for session in self:
            if session.start and (not session.end or session.end < session.start):
                session.end = session.start + timedelta(hours=1)

    @api.depends("start", "end")
    def _compute_hours(self):
        for session in self:
            length = (session.end - session.start) if session.start and session.end else timedelta()
            session.hours = length.total_seconds() / 3600

    def _inverse_hours(self):
        for session in self.filtered("start"):
            session.end = session.start + timedelta(hours=session.hours)

    @api.depends("patient_id")
    def _compute_place_id(self):
        for session in self:
            session.place_id = session.patient_id

    @api.depends("product_id", "hours")
    def _compute_quantity(self):
        hour = self._get_hour()
        for session in self:
            session.quantity = session.hours if session.product_id.uom_id == hour else 1.0

    @api.depends("product_id", "patient_id", "company_id", "quantity")
    def _compute_price_unit(self):
        for session in self:
            if session.state == "invoiced":
                continue
            session.price_unit = session._get_tariff()

    @api.depends("patient_id", "third_party_payment")
    def _compute_payer_id(self):
        for session in self:
            if not session.third_party_payment:
                session.payer_id = False
            elif not session.payer_id:
                session.payer_id = session.patient_id.main_payer_id

    @api.depends("price_unit", "quantity", "product_id")
    def _compute_amount_total(self):
        for session in self:
            session.amount_total = session._get_total()

    @api.depends("amount_total", "quantity", "product_id", "third_party_payment", "payer_id")
    def _compute_payer_amount(self):
        # Apart from the total: a part typed by hand must not keep the total from its compute.
        for session in self:
            session.payer_amount = (
                session._get_payer_amount(session.amount_total)
                if session.third_party_payment and session.payer_id
                else 0.0
            )

    @api.depends("amount_total", "payer_amount")
    def _compute_patient_amount(self):
        for session in self:
            session.patient_amount = session.amount_total - session.payer_amount

    @api.depends("state", "invoice_status")
    def _compute_can_rebill(self):
        """Care may be invoiced anew when a credit note cancelled its invoice."""
        for session in self:
            session.can_rebill = session.state == "invoiced" and session.invoice_status in (
                "credited",
                "refunded",
            )

    @api.depends("patient_id", "product_id", "start")
    def _compute_display_name(self):
        for session in self:
            name = session.patient_id.display_name or ""
            session.display_name = f"{name} · {session._format_start()}"

    def _format_start(self):
        """Return when care starts, in the user's time zone."""
        start = fields.Datetime.context_timestamp(self, self.start or fields.Datetime.now())
        return f"{start:%d/%m/%Y %H:%M}"

    def _get_tariff(self):
        """Return the price of one unit, from the patient's pricelist (company currency)."""
        self.ensure_one()
        if not self.product_id:
            return 0.0
        patient = self.patient_id.with_company(self.company_id)
        pricelist = patient.property_product_pricelist
        product = self.product_id.with_company(self.company_id)
        if not pricelist:
            return product.lst_price
        return pricelist._get_product_price(
            product, self.quantity or 1.0, currency=self.company_id.currency_id, date=self.start
        )

    def _get_taxes(self):
        self.ensure_one()
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        partner = self.patient_id._get_debtor() if self.patient_id else self.patient_id
        fiscal_position = (
            self.env["account.fiscal.position"]
            .with_company(self.company_id)
            ._get_fiscal_position(partner)
        )
        return fiscal_position.map_tax(taxes)

    def _get_total(self):
        """Return the price with its taxes, in company currency."""
        self.ensure_one()
        taxes = self._get_taxes().compute_all(
            self.price_unit,
            currency=self.company_id.currency_id,
            quantity=self.quantity,
            product=self.product_id,
            partner=self.patient_id,
        )
        return taxes["total_included"]

    def _get_payer_amount(self, total):
        """Return what the payer is asked: its rate of the regulated tariff, never above ``total``.

        What is above the regulated tariff is outside the nomenclature (HN) and the patient's.
        """
        self.ensure_one()
        product = self.product_id
        regulated = product.cabinet_regulated_price * self.quantity
        covered = regulated * product.cabinet_coverage_rate / 100.0
        return min(total, self.company_id.currency_id.round(covered))

    # ---------------------------------------------------------------------------------------------
    # Constraints and CRUD
    # ---------------------------------------------------------------------------------------------

    @api.constrains("third_party_payment", "payer_id", "payer_amount", "amount_total")
    def _check_payer(self):
        for session in self:
            if session.third_party_payment and not session.payer_id:
                raise ValidationError(
                    self.env._("Choose the payer that is billed directly, or untick the box.")
                )
            compare = session.currency_id.compare_amounts
            too_much = compare(session.payer_amount, session.amount_total) > 0
            if too_much or compare(session.payer_amount, 0) < 0:
                raise ValidationError(
                    self.env._(
                        "%(session)s: the payer's part must lie between 0 and the total.",
                        session=session.display_name,
                    )
                )

    _frozen_fields = frozenset(
        {
            "patient_id",
            "product_id",
            "start",
            "end",
            "hours",
            "quantity",
            "price_unit",
            "third_party_payment",
            "payer_id",
            "payer_amount",
            "company_id",
            "state",
            "invoice_id",
        }
    )

    def write(self, vals):
        releasing = self.env.su and self.env.context.get("cabinet_releasing")
        frozen = self._frozen_fields & set(vals) and not releasing
        if frozen and "invoiced" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "This care is invoiced: cancel its invoice or issue a credit note first."
                )
            )
        return super().write(vals)

    def _check_company(self, fnames=None):
        """Look no further than the clinic where care gets the invoice that was made of it.

        Core walks through the rules of every related record: for care by far the most writes.
        """
        told = {"state", "invoice_id", "write_uid", "write_date"}
        if fnames is not None and set(fnames) <= told:
            self = self.filtered(
                lambda session: session.invoice_id.company_id != session.company_id
            )
        return super()._check_company(fnames)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_invoiced(self):
        if "invoiced" in self.mapped("state"):
            raise UserError(self.env._("Care that is invoiced cannot be deleted."))

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_cancel(self):
        """Cancel care that did not take place."""
        if "invoiced" in self.mapped("state"):
            raise UserError(self.env._("Care that is invoiced cannot be cancelled."))
        self.state = "cancelled"

    def action_reopen(self):
        """Put care back to planned: validated, cancelled, or credited as a whole."""
        self.filtered("can_rebill")._release_from_invoice()
        if "invoiced" in self.mapped("state"):
            raise UserError(self.env._("Care that is invoiced cannot be changed."))
        self.state = "planned"

    def action_open_invoice(self):
        """Open the invoice of this care."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_invoice_action"
        )
        action.update(views=[(False, "form")], res_id=self.invoice_id.id)
        return action
