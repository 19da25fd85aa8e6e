from odoo import api, fields, models
from odoo.fields import Domain


class CabinetBordereauRun(models.Model):
    """Validation in batch, then sending: by e-mail, or a lot on paper (X30–X32)."""

    _inherit = "cabinet.bordereau.run"

    lot_id = fields.Many2one("ir.attachment", string="Lot printed", readonly=True, copy=False)

    def _get_bordereau_domain(self):
        """Return the domain of the bordereaux whose period lies in the one chosen."""
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date_to", ">=", self.date_from)
            & Domain("date_to", "<=", self.date_to)
        )
        if self.payer_ids:
            domain &= Domain("payer_id", "in", self.payer_ids.ids)
        return domain

    def _list_bordereaux(self, bordereaux):
        """Make a line for each bordereau, ordered by payer."""
        ordered = bordereaux.sorted(lambda row: (row.payer_id.name or "", row.name or "", row.id))
        self.env["cabinet.bordereau.run.line"].create(
            [
                {
                    "run_id": self.id,
                    "bordereau_id": row.id,
                    "payer_id": row.payer_id.id,
                    "currency_id": row.currency_id.id,
                    "amount": row.amount_total,
                    **self._prepare_step_line(row),
                }
                for row in ordered
            ]
        )

    def _prepare_step_line(self, row):
        if self.operation != "send":
            return {}
        problem = row._get_mail_problem()
        channels = row.payer_id.payer_channel_ids.mapped("code")
        by_mail = not problem and ("email" in channels or "paper" not in channels)
        return {"problem": problem, "selected": by_mail, "on_paper": not by_mail}

    # ---------------------------------------------------------------------------------------------
    # Validation (X30)
    # ---------------------------------------------------------------------------------------------

    def _search_to_validate(self):
        """List the drafts dated today or earlier, or say why there are none."""
        today = fields.Date.context_today(self)
        drafts = Domain("stage", "=", "draft") & self._get_bordereau_domain()
        bordereaux = self.env["cabinet.bordereau"].search(drafts & Domain("date", "<=", today))
        self._list_bordereaux(bordereaux)
        later = self.env["cabinet.bordereau"].search_count(drafts & Domain("date", ">", today))
        notices = []
        if later:
            notices.append(
                self.env._("%(count)s bordereaux are dated later than today.", count=later)
            )
        if not bordereaux:
            notices.append(self._explain_nothing("draft"))
        self.notice = "\n".join(notices) or False

    def _explain_nothing(self, stage):
        """Say why no bordereau of the period is at this step."""
        groups = self.env["cabinet.bordereau"]._read_group(
            self._get_bordereau_domain(), ["state"], ["__count"]
        )
        labels = dict(
            self.env["cabinet.bordereau"]._fields["state"]._description_selection(self.env)
        )
        if not groups:
            return self.env._("There is no bordereau of this period: create them first.")
        found = ", ".join(f"{labels[state]}: {count}" for state, count in groups)
        if stage == "draft":
            return self.env._(
                "No bordereau of this period is to validate (%(found)s).", found=found
            )
        return self.env._("No bordereau of this period is to send (%(found)s).", found=found)

    def _validate_lines(self, lines):
        """Validate some bordereaux; the document of each is made and kept."""
        for line in lines:
            line._try(line._validate_bordereau)

    # ---------------------------------------------------------------------------------------------
    # Sending (X31, X32)
    # ---------------------------------------------------------------------------------------------

    def _search_to_send(self):
        """List the validated bordereaux that were not sent, or whose e-mail failed."""
        bordereaux = self.env["cabinet.bordereau"]
        bordereaux = bordereaux.search(
            self._get_bordereau_domain() & bordereaux._get_to_send_domain()
        )
        self._list_bordereaux(bordereaux)
        self.notice = False if bordereaux else self._explain_nothing("validated")

    def _send_lines(self, lines):
        """Queue the e-mails of some bordereaux; one that fails stops no other."""
        for line in lines:
            line._try(line._send_bordereau)

    def action_print_lot(self):
        """ "Edition d'un lot": one PDF of the bordereaux ticked for paper, ordered by payer."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("found")
        self._lock()
        lines = self.line_ids.filtered(lambda line: line.on_paper and line.state != "done")
        for line in lines:
            line._try(line._prepare_for_paper)
        ready = lines.filtered(lambda line: line.state == "todo")
        if not ready:
            return True
        self.lot_id = ready.bordereau_id._print_lot()
        ready.write({"state": "done", "message": self.env._("Printed.")})
        self._finish()
        return ready.bordereau_id[:1]._download(self.lot_id)

    def action_download_lot(self):
        """Download the lot printed last once more: the same file."""
        self.ensure_one()
        return self._get_bordereaux()[:1]._download(self.lot_id)


class CabinetBordereauRunLine(models.Model):
    _inherit = "cabinet.bordereau.run.line"

    bordereau_id = fields.Many2one(
        "cabinet.bordereau", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    bordereau_date = fields.Date(related="bordereau_id.date")
    patient_id = fields.Many2one(related="bordereau_id.patient_id")
    bordereau_state = fields.Selection(
        related="bordereau_id.state", string="State of the bordereau"
    )
    sending_state = fields.Selection(related="bordereau_id.sending_state")
    problem = fields.Char(string="No e-mail", readonly=True)
    on_paper = fields.Boolean(string="On paper")

    @api.onchange("selected")
    def _onchange_selected(self):
        if self.selected:
            self.on_paper = False

    @api.onchange("on_paper")
    def _onchange_on_paper(self):
        if self.on_paper:
            self.selected = False

    def action_show_problem(self):
        """Open the payer, to fill in its e-mail address."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.payer_id.id,
            "views": [(self.env.ref("cabinet_billing.res_partner_view_form_payer").id, "form")],
        }

    def _validate_bordereau(self):
        row = self.bordereau_id
        if row.stage != "draft":
            message = self.env._("Somebody else has validated or cancelled it meanwhile.")
            self.write({"state": "skipped", "message": message})
            return
        row.action_validate()
        dropped = row.line_ids.filtered("drop_reason")
        message = self.env._("Lines taken off: %(count)s", count=len(dropped)) if dropped else False
        state = "done"
        if row.stage == "cancelled":
            state, message = "skipped", self.env._("Nothing was left to ask: it is cancelled.")
        self.write({"state": state, "message": message, "amount": row.amount_total})

    def _send_bordereau(self):
        self._skip_if_sent()
        if self.state == "todo":
            self.bordereau_id.action_send()
            sending = self.bordereau_id.sending_ids.sorted("id")[-1:]
            failed = sending.state == "failed"
            self.write(
                {
                    "state": "failed" if failed else "done",
                    "message": sending.failure if failed else self.env._("In the mail queue."),
                }
            )

    def _prepare_for_paper(self):
        self._skip_if_sent()
        if self.state != "skipped":
            self.bordereau_id._lock()
            self.bordereau_id._check_stage("validated")
            self.bordereau_id._recheck_before_sending()
            self.write({"state": "todo", "message": False})

    def _skip_if_sent(self):
        """Two people on the same list: what one has sent, the other does not send again."""
        row = self.bordereau_id
        if row.sent_on or row.sending_state == "queued":
            message = self.env._("Somebody else has sent it meanwhile.")
            self.write({"state": "skipped", "message": message})
