from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class CabinetBordereauRun(models.Model):
    """Creation in batch: payers with counts and totals, simulate or create (X26–X28)."""

    _inherit = "cabinet.bordereau.run"

    simulated = fields.Boolean(readonly=True, copy=False)
    simulation_html = fields.Html(string="Bordereaux to come", compute="_compute_simulation_html")

    @api.depends("line_ids.simulation")
    def _compute_simulation_html(self):
        for run in self:
            run.simulation_html = run.simulated and self.env["ir.qweb"]._render(
                "cabinet_billing.bordereau_simulation", {"lines": run._get_todo_lines()}
            )

    def _search_to_create(self):
        """Make a line for each payer that has something to be asked."""
        bordereaux = self.env["cabinet.bordereau"]
        found = self._find_shares()
        shares, held = bordereaux._split_held(found)
        carried = shares.browse()
        by_payer = shares.grouped(lambda share: (share.partner_id, share.currency_id))
        vals_list = []
        for (payer, currency), own in by_payer.items():
            plans = self._plan(own)
            vals_list += self._prepare_payer_line(payer, currency, plans)
            used = {line["share_id"] for lines in plans.values() for line in lines}
            carried |= own.filtered(lambda share, used=used: share.id not in used)
        vals_list.sort(key=lambda vals: self.env["res.partner"].browse(vals["payer_id"]).name or "")
        self.env["cabinet.bordereau.run.line"].create(vals_list)
        held.update({share: self._get_carried_reason(share) for share in carried})
        self.env["cabinet.bordereau.run.skip"].create(
            [
                {"run_id": self.id, "share_id": share.id, "reason": reason}
                for share, reason in held.items()
            ]
        )
        self.write({"notice": self._get_create_notice(bool(vals_list)), "simulated": False})

    def _find_shares(self, payers=None):
        self.ensure_one()
        return self.env["cabinet.bordereau"]._find_shares(
            self.company_id,
            self.date_to,
            date_from=False if self.include_late else self.date_from,
            payers=payers or self.payer_ids or None,
        )

    def _plan(self, shares):
        """Return the lines of each bordereau to come.

        :return: ``(payer, beneficiary, currency) -> values of lines``
        """
        bordereaux = self.env["cabinet.bordereau"]
        return {
            key: lines
            for key, own in bordereaux._group_shares(shares).items()
            if (lines := bordereaux._plan_lines(own, self.date_from))
        }

    def _prepare_payer_line(self, payer, currency, plans):
        lines = [line for own in plans.values() for line in own]
        if not lines:
            return []
        return [
            {
                "run_id": self.id,
                "payer_id": payer.id,
                "currency_id": currency.id,
                "bordereau_count": len(plans),
                "share_count": len(lines),
                "late_count": sum(line["is_late"] for line in lines),
                "credit_amount": sum(line["amount"] for line in lines if line["is_credit"]),
                "amount": sum(line["amount"] for line in lines),
            }
        ]

    def _get_carried_reason(self, share):
        """Return what becomes of a credit note that cannot come off yet (cases 45, 46)."""
        if not share.partner_id.active:
            return self.env._("The payer is archived: pay the credit note back (button Pay).")
        return self.env._("Credit note carried on: there is nothing to take it off yet.")

    def _get_create_notice(self, found):
        """Say why the list is empty, and who is left out on purpose (X4, X30)."""
        notices = []
        if not found:
            notices.append(self._explain_nothing_to_create())
        direct = self.env["res.partner"].search(
            [("is_payer", "=", True), ("payer_paid_to_client", "=", True)]
        )
        if direct:
            notices.append(
                self.env._(
                    "Never on a bordereau, their aid is paid directly to the client: %(payers)s.",
                    payers=", ".join(direct.mapped("name")),
                )
            )
        return "\n".join(notices) or False

    def _explain_nothing_to_create(self):
        base = Domain("company_id", "=", self.company_id.id) & Domain("kind", "=", "payer")
        if self.payer_ids:
            base &= Domain("partner_id", "in", self.payer_ids.ids)
        period = Domain("care_to", ">=", self.date_from) & Domain("care_to", "<=", self.date_to)
        shares = self.env["cabinet.invoice.share"]
        counts = {
            self.env._("not validated yet"): period & Domain("state", "=", "draft"),
            self.env._("on a bordereau already"): period & Domain("bordereau_id", "!=", False),
            self.env._("settled"): period
            & Domain("state", "=", "settled")
            & Domain("bordereau_id", "=", False),
            self.env._("care after the period"): Domain("state", "=", "open")
            & Domain("care_to", ">", self.date_to),
        }
        found = {label: shares.search_count(base & domain) for label, domain in counts.items()}
        details = ", ".join(f"{label}: {count}" for label, count in found.items() if count)
        if self.skip_ids:
            details = ", ".join(
                part
                for part in (
                    details,
                    self.env._("left out: %(count)s (see the tab)", count=len(self.skip_ids)),
                )
                if part
            )
        if not details:
            return self.env._("No payer has a part of an invoice whose care lies in this period.")
        return self.env._("Nothing to put on a bordereau. Invoices %(details)s.", details=details)

    # ---------------------------------------------------------------------------------------------
    # Simulate, create
    # ---------------------------------------------------------------------------------------------

    def action_simulate(self):
        """Show the bordereaux to come of the ticked payers; nothing is written but this page."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if self.state == "draft":
            self.action_search()
        self._check_state("found")
        lines = self._get_todo_lines()
        found, _held = self.env["cabinet.bordereau"]._split_held(self._find_shares(lines.payer_id))
        for line in lines:
            line.simulation = line._prepare_simulation(found)
        self.simulated = True
        return True

    def _count_documents(self, lines):
        if self.operation == "create":
            return sum(lines.mapped("bordereau_count"))
        return super()._count_documents(lines)

    def _create_lines(self, lines):
        """Make the bordereaux of these payers, in one batch or, if that fails, one by one."""
        for line in lines:
            line._try(line._create_bordereaux)


class CabinetBordereauRunLine(models.Model):
    _inherit = "cabinet.bordereau.run.line"

    bordereau_count = fields.Integer(string="Bordereaux", readonly=True)
    share_count = fields.Integer(string="Invoices", readonly=True)
    late_count = fields.Integer(string="Of which earlier", readonly=True)
    credit_amount = fields.Monetary(string="Credit notes", readonly=True)
    simulation = fields.Json(readonly=True)

    def _prepare_simulation(self, shares):
        """Return the bordereaux to come of this payer, as the page shows them."""
        self.ensure_one()
        own = shares.filtered(
            lambda share: (
                share.partner_id == self.payer_id and share.currency_id == self.currency_id
            )
        )
        names = {share.id: share.move_id.name for share in own}
        partners = self.env["res.partner"]
        return [
            {
                "beneficiary": beneficiary.name or "",
                "amount": sum(line["amount"] for line in lines),
                "lines": [
                    {
                        "invoice": names[line["share_id"]],
                        "beneficiary": partners.browse(line["patient_id"]).name,
                        "care": self._format_days(line["care_from"], line["care_to"]),
                        "late": line["is_late"],
                        "amount": line["amount"],
                    }
                    for line in lines
                ],
            }
            for (_payer, beneficiary, _currency), lines in self.run_id._plan(own).items()
        ]

    def _format_days(self, first, last):
        days = format_date(self.env, first)
        return days if first == last else f"{days} – {format_date(self.env, last)}"

    def _create_bordereaux(self):
        """Make this payer's bordereaux: what was found since is there too, nothing twice."""
        run = self.run_id
        shares = run._find_shares(self.payer_id).filtered(
            lambda share: share.currency_id == self.currency_id
        )
        values = {"date": run.date, "run_id": run.id}
        if run.layout:
            values["layout"] = run.layout
        made = self.env["cabinet.bordereau"]._create_for(
            shares, run.date_from, run.date_to, **values
        )
        if not made:
            self.write(
                {
                    "state": "skipped",
                    "message": self.env._("Nothing left: somebody else has made them meanwhile."),
                }
            )
            return
        self.write(
            {
                "state": "done",
                "message": False,
                "bordereau_count": len(made),
                "share_count": sum(made.mapped("line_count")),
                "amount": sum(made.mapped("amount_total")),
            }
        )
