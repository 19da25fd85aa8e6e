from odoo import api, fields, models


class CabinetBordereauSending(models.Model):
    """What was sent to a payer, how, and with which file: tab *Envois* (X41)."""

    _name = "cabinet.bordereau.sending"
    _description = "Sending to a Payer"
    _order = "date desc, id desc"
    _check_company_auto = True

    bordereau_id = fields.Many2one(
        "cabinet.bordereau",
        index=True,
        ondelete="cascade",
        check_company=True,
        help="Empty for a reminder: it may be of several bordereaux.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True, precompute=True
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        compute="_compute_payer_id",
        store=True,
        index=True,
        precompute=True,
    )
    kind = fields.Selection(
        [("bordereau", "Bordereau"), ("reminder", "Reminder")], required=True, default="bordereau"
    )
    method = fields.Selection(
        [("email", "E-mail"), ("paper", "Paper")], string="Sent by", required=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.user
    )
    email_to = fields.Char(string="To")
    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null")
    failure = fields.Char(
        string="Why it failed", compute="_compute_failure", store=True, readonly=False
    )
    state = fields.Selection(
        [("queued", "Waiting to leave"), ("sent", "Sent"), ("failed", "Failed")],
        compute="_compute_state",
        store=True,
        index=True,
    )
    file_ids = fields.Many2many("ir.attachment", string="Files")
    lot_id = fields.Many2one(
        "ir.attachment", string="Lot of letters", index="btree_not_null", ondelete="set null"
    )

    @api.depends("bordereau_id.company_id")
    def _compute_company_id(self):
        for sending in self:
            sending.company_id = sending.bordereau_id.company_id

    @api.depends("bordereau_id.payer_id")
    def _compute_payer_id(self):
        for sending in self:
            sending.payer_id = sending.bordereau_id.payer_id

    @api.depends("mail_id.state", "mail_id.failure_reason")
    def _compute_failure(self):
        """Tell what the mail server said; an e-mail tried again has not failed."""
        for sending in self:
            mail = sending.mail_id
            waits = mail.state in ("outgoing", "sent", "received")
            sending.failure = False if waits else mail.failure_reason or sending.failure

    @api.depends("kind", "failure", "lot_id", "mail_id.state")
    def _compute_state(self):
        """An e-mail is sent once it left; deleted later from the queue, its state stays.

        A reminder on paper is sent once the lot of letters that it lies in is made.
        """
        for sending in self:
            if sending.mail_id:
                states = {"outgoing": "queued", "sent": "sent", "received": "sent"}
                sending.state = states.get(sending.mail_id.state, "failed")
            elif sending.failure:
                sending.state = "failed"
            elif sending.lot_id:
                sending.state = "sent"
            else:
                first = "queued" if sending.kind == "reminder" else "sent"
                sending.state = sending.state or first

    @api.depends("bordereau_id", "method")
    def _compute_display_name(self):
        labels = dict(self._fields["method"]._description_selection(self.env))
        for sending in self:
            parts = (sending._get_label(), labels.get(sending.method))
            sending.display_name = " · ".join(part for part in parts if part)

    def _get_label(self):
        """Return what was sent, in a few words."""
        return self.bordereau_id.name

    def action_open_file(self):
        """Download what was sent: the first of its files."""
        self.ensure_one()
        self.check_access("read")
        # sudo: who reads the sending reads its file.
        return self.bordereau_id._download(self.sudo().file_ids[:1])

    def action_retry(self):
        """Put e-mails that failed back into the queue."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("read")
        failed = self.filtered(lambda sending: sending.state == "failed")
        # sudo: the queue is the administrator's; these e-mails are the clinic's own.
        failed.sudo().mail_id.mark_outgoing()
        for sending in failed.filtered(lambda sending: not sending.mail_id):
            sending.bordereau_id._send_by_mail()


class CabinetBordereau(models.Model):
    _inherit = "cabinet.bordereau"

    sending_ids = fields.One2many("cabinet.bordereau.sending", "bordereau_id", string="Sendings")
    sent_on = fields.Datetime(
        string="Sent on", compute="_compute_sent_on", store=True, help="For the first time."
    )
    sending_state = fields.Selection(
        [("queued", "Waiting to leave"), ("sent", "Sent"), ("failed", "Failed")],
        compute="_compute_sent_on",
        store=True,
        help="Of the last sending.",
    )

    @api.depends("sending_ids.state", "sending_ids.date")
    def _compute_sent_on(self):
        for row in self:
            sendings = row.sending_ids.filtered(lambda one: one.kind == "bordereau")
            sendings = sendings.sorted(lambda one: (one.date, one._origin.id or 0))
            sent = sendings.filtered(lambda one: one.state == "sent")
            row.sent_on = sent[:1].date
            row.sending_state = sendings[-1:].state


class ResPartner(models.Model):
    _inherit = "res.partner"

    payer_sending_ids = fields.One2many(
        "cabinet.bordereau.sending",
        "payer_id",
        string="Sendings",
        groups="cabinet_billing.group_cabinet_base",
    )
