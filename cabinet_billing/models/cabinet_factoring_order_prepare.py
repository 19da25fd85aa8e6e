import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetFactoringOrder(models.Model):
    """From a selection to an order that is ready to send: checked, numbered, printed (D6–D8)."""

    _inherit = "cabinet.factoring.order"

    document_ids = fields.One2many(
        "cabinet.factoring.document", "order_id", string="Documents", readonly=True, copy=False
    )

    # ---------------------------------------------------------------------------------------------
    # Selection
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _create_for(self, moves):
        """Make draft orders for invoices, one for each contract.

        :param moves: invoices (account.move); those with faults are kept as left out
        :return: the orders
        :raise UserError: nothing to put on an order, saying why for each invoice
        """
        faults = moves._get_factoring_faults()
        if not moves - moves.browse([move.id for move in faults]):
            raise UserError(self._tell_faults(faults) or self.env._("Choose invoices."))
        orders = self.browse()
        for contract, own in moves.grouped("cabinet_factoring_contract_id").items():
            if contract:
                order = self.create({"contract_id": contract.id})
                order._add(own, faults)
                orders |= order
        return orders

    def _add(self, moves, faults):
        """Put invoices on a draft; those on another live order already are not even named.

        :param dict faults: see ``account.move._get_factoring_faults``
        """
        self.ensure_one()
        self._check_may_go("prepared")
        lines = self.env["cabinet.factoring.order.line"]
        lines.flush_model(["occupies"])  # what was freed a moment ago is free in the database, too
        # sudo: lines are written by these methods only, never by hand.
        lines.sudo().create(
            [
                {
                    "order_id": self.id,
                    "move_id": move.id,
                    "patient_id": move.patient_id.id or move.partner_id.id,
                    "amount": move.client_due,
                    "bought": not self.contract_id.recourse,
                    "drop_reason": self._tell(faults.get(move)),
                }
                for move in moves
            ]
        )

    @api.model
    def _tell(self, faults):
        return " ".join(fault.sentence for fault in faults or ()) or False

    @api.model
    def _tell_faults(self, faults):
        return "\n".join(
            f"{move.display_name}: {self._tell(found)}" for move, found in faults.items()
        )

    def action_add(self):
        """Open the invoices of the contract, to choose those of this order (D3–D5)."""
        self.ensure_one()
        return self.contract_id.action_to_send()

    def action_fill(self):
        """Put every invoice of the contract that waits on this draft (D3)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_may_go("prepared")
        moves = self.env["account.move"].search(
            [
                ("cabinet_factoring_contract_id", "=", self.contract_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("client_due", ">", 0),
                ("cabinet_factoring_order_id", "=", False),
            ],
            order="invoice_date, id",
        )
        # sudo: as in _add.
        self.sudo().dropped_line_ids.unlink()
        self._add(moves, moves._get_factoring_faults(self))
        if not self.line_ids:
            raise UserError(self.env._("No invoice of this contract waits for an order."))

    # ---------------------------------------------------------------------------------------------
    # Prepare
    # ---------------------------------------------------------------------------------------------

    def action_prepare(self):
        """ "Préparer l'ordre CMD": look again, number, and keep the documents (D8).

        Invoices with faults, or paid meanwhile, stay out and are listed (case 49).
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._prepare()

    def _prepare(self, override=False):
        """Prepare drafts.

        :param str override: why a manager goes on while another order has not arrived
        :raise UserError: another order has not arrived, or nothing is left to send
        """
        self._lock()
        self._check_may_go("prepared")
        self._check_not_blocked(override)
        for order in self:
            order._refresh_lines()
            order._go(
                "prepared",
                name=order.name or order.company_id._next_factoring_number(order.date),
                prepared_on=fields.Datetime.now(),
            )
            order._archive_documents()

    def _refresh_lines(self):
        """Leave out what is not fit to be sent, and hand over what is due today.

        :raise UserError: nothing is left
        """
        lines = self._get_lines()
        moves = lines.move_id
        self.env["cabinet.payment.allocation"]._lock(moves.cabinet_share_ids.line_ids)
        faults = moves._get_factoring_faults(self)
        for line in lines:
            if found := faults.get(line.move_id):
                line._drop(self._tell(found))
            elif line.amount != line.move_id.client_due:
                # sudo: as in _add.
                line.sudo().amount = line.move_id.client_due
        if not self._get_lines():
            raise UserError(
                "\n".join(
                    [self.env._("Nothing is left to send:"), *filter(None, [self._tell_left_out()])]
                )
            )

    def _tell_left_out(self):
        return "\n".join(
            f"{line.move_id.name}: {line.drop_reason}" for line in self.dropped_line_ids
        )

    # ---------------------------------------------------------------------------------------------
    # Documents
    # ---------------------------------------------------------------------------------------------

    def _archive_documents(self):
        """Keep what goes to the factor, byte for byte, with its fingerprint.

        It replaces what an earlier preparation of the same order kept and nobody sent.
        """
        for order in self:
            # sudo: what is sent out is kept by this method only.
            documents = order.sudo().document_ids
            documents.unlink()
            documents.create(
                [
                    {
                        "order_id": order.id,
                        "name": name,
                        "attachment_id": order._keep(name, content, mimetype).id,
                        "sha256": hashlib.sha256(content).hexdigest(),
                    }
                    for name, content, mimetype in order._build_documents()
                ]
            )

    def _keep(self, name, content, mimetype):
        # sudo: as in _archive_documents.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                    "mimetype": mimetype,
                }
            )
        )

    def _build_documents(self):
        """Return what goes to the factor. To be extended: the files of the invoices go first.

        Where the context says ``cabinet_documents_later`` (orders of the past, loaded while no
        server runs that would print) the slip is not kept: it is printed when asked for.

        :return: ``(file name, bytes, type)`` of each document
        :rtype: list
        """
        self.ensure_one()
        if self.env.context.get("cabinet_documents_later"):
            return []
        return [(self._get_slip_name(), self._render_slip(), "application/pdf")]

    def _get_slip_name(self):
        self.ensure_one()
        return f"{self.name}.pdf"

    def _render_slip(self):
        """Return the slip as it is made anew.

        :rtype: bytes
        """
        self.ensure_one()
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf("cabinet_billing.report_factoring_slip", self.ids)
        return content

    def action_reset(self):
        """Take a prepared order back to draft, to change it; it keeps its number."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._go("draft")

    def _withdraw(self, reason):
        """Give an order up: its invoices are free, its number is not used again.

        :param str reason: kept in the thread
        :raise UserError: it was sent, and has not come back
        """
        self._lock()
        self._go("withdrawn")
        for order in self:
            order.message_post(body=self.env._("Withdrawn: %(reason)s", reason=reason))

    # ---------------------------------------------------------------------------------------------
    # The slip
    # ---------------------------------------------------------------------------------------------

    def _get_slip_lines(self):
        """Return the lines in the order in which the slip prints them."""
        self.ensure_one()
        return self._get_lines().sorted(lambda line: (line.move_id.name or "", line.id))
