import hashlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import factoring_answers as engine
from ..formats.inbound import ack as reader
from ..formats.inbound.names import same_person


class CabinetFactoringOrder(models.Model):
    """Arrival by what the factor itself answers (D9): a file, its effect shown, then taken."""

    _inherit = "cabinet.factoring.order"

    ack_ids = fields.One2many(
        "cabinet.factoring.ack", "order_id", string="Acknowledgements", readonly=True, copy=False
    )

    has_acks = fields.Boolean(compute="_compute_has_acks", compute_sudo=True)

    @api.depends("ack_ids")
    def _compute_has_acks(self):
        for order in self:
            order.has_acks = bool(order.ack_ids)

    def action_import_ack(self):
        """Open the window "Importer un accusé de réception"."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_may_import_ack()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import an acknowledgement"),
            "res_model": "cabinet.factoring.ack.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_may_import_ack(self):
        for order in self:
            if order.stage not in ("sent", "arrived"):
                labels = dict(self._fields["stage"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(order)s is “%(stage)s”: the factor answers an order that was sent.",
                        order=order.display_name,
                        stage=labels[order.stage],
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def _read_ack(self, content):
        """Read a file; look whether it is this practice's and this contract's (case 10).

        :param bytes content: the file
        :return: what it holds and what stops it (formats.inbound.ack.Answers, list of Fault)
        """
        self.ensure_one()
        found = reader.read(content, fields.Date.context_today(self))
        if found.faults:
            return found, list(found.faults)
        contract = self.contract_id
        # sudo: contracts of the same clinic, only their factors' numbers are compared.
        others = contract.sudo().search(
            [("company_id", "=", self.company_id.id), ("id", "!=", contract.id)]
        )
        faults = reader.check_parties(
            found,
            contract.number or "",
            {gln for gln in (contract.gln, self.company_id.cabinet_gln) if gln},
            set(others.filtered("factor_gln").mapped("factor_gln")) - {contract.factor_gln},
        )
        return found, list(faults)

    def _find_ack(self, content):
        """Return the import of the very same file on this order (case 1), if any."""
        self.ensure_one()
        digest = hashlib.sha256(content).hexdigest()
        return self.ack_ids.filtered(lambda ack: ack.sha256 == digest)

    def _plan_answers(self, found):
        """Return what the answers mean for this order's lines.

        :param found: see ``_read_ack``
        :rtype: engine.factoring_answers.Plan
        """
        self.ensure_one()
        lines = self._get_lines()
        claims = {engine.compact(line.move_id.name): line._to_claim() for line in lines}
        unknown = {
            one.invoice for one in found.answers if engine.compact(one.invoice) not in claims
        }
        return engine.plan(
            found.answers, claims, self.name, self._find_elsewhere(unknown), same_person
        )

    def _find_elsewhere(self, numbers):
        """Return where invoices of ours are that this order does not hold.

        :return: compact number -> (note, the order's name)
        :rtype: dict
        """
        wanted = {text.strip() for text in numbers} | {engine.compact(text) for text in numbers}
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company_id.id), ("name", "in", list(filter(None, wanted)))]
        )
        places = {}
        for move in moves:
            order = move.cabinet_factoring_order_id
            note = engine.Note.OTHER_ORDER if order else engine.Note.LEFT_OUT
            places[engine.compact(move.name)] = note, order.name or ""
        return places

    # ---------------------------------------------------------------------------------------------
    # Taking
    # ---------------------------------------------------------------------------------------------

    def _import_ack(self, name, content):
        """Keep a file, write its answers on the lines, and confirm the arrival if it tells it.

        The contract's wait is not asked: it stands for looking on the portal, and here the factor
        itself says that it has the order.

        :param str name: of the file
        :param bytes content: of the file
        :return: the import (cabinet.factoring.ack)
        :raise AccessError: the user may not record payments
        :raise LockError: somebody else works on an order of this contract at this moment
        :raise UserError: the file cannot be read, is another practice's, or was imported before
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_may_import_ack()
        if former := self._find_ack(content):
            raise UserError(self._tell_former_ack(former))
        found, faults = self._read_ack(content)
        if faults:
            raise UserError(self.env["cabinet.factoring.words"]._tell(faults))
        plan = self._plan_answers(found)
        ack = self._keep_ack(name, content, plan)
        lines = self.env["cabinet.factoring.order.line"]
        self._take_answers({lines.browse(key): said for key, said in plan.verdicts.items()})
        if not plan.doubtful:
            self._arrive_by_answers()
        return ack

    def _tell_former_ack(self, former):
        return self.env._(
            "This file was imported on this order already: “%(name)s”, by %(user)s.",
            name=former.name,
            user=former.create_uid.name,
        )

    def _keep_ack(self, name, content, plan):
        """Keep the file with its fingerprint, and each of its answers."""
        counts = Counter(verdict for verdict, _words in plan.verdicts.values())
        # sudo: imports are written by this method only, never by hand.
        ack = self.ack_ids.sudo().create(
            {
                "order_id": self.id,
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "accepted_count": counts["accepted"],
                "pending_count": counts["pending"],
                "rejected_count": counts["rejected"],
                "line_ids": [
                    fields.Command.create(self._prepare_ack_line(row)) for row in plan.decisions
                ],
            }
        )
        ack.attachment_id = ack.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": ack._name, "res_id": ack.id}
        )
        # Neither the file's name nor its words: they may tell of patients.
        self.message_post(
            body=self.env._(
                "Acknowledgement of the factor imported: %(accepted)s accepted, %(pending)s "
                "pending, %(rejected)s rejected.",
                accepted=counts["accepted"],
                pending=counts["pending"],
                rejected=counts["rejected"],
            )
        )
        return ack.sudo(False)

    def _prepare_ack_line(self, decision):
        answer = decision.answer
        return {
            "source": answer.source,
            "number": answer.line,
            "invoice_text": answer.invoice or answer.order,
            "verdict": answer.verdict.value,
            "words": answer.words,
            "note": decision.note and decision.note.value,
            "place": decision.place,
            "whole": decision.whole,
            "order_line_id": decision.claim,
        }

    def _take_answers(self, verdicts):
        """Write answers on lines; what the factor rejects leaves the order, to be mended.

        :param dict verdicts: line -> (verdict, words)
        """
        groups = {}
        for line, said in verdicts.items():
            groups.setdefault(said, line.browse())
            groups[said] |= line
        for (verdict, words), lines in groups.items():
            lines._take_answer(verdict, words)

    def _arrive_by_answers(self):
        """Confirm the arrival once the factor has answered every invoice (D9).

        A pending answer counts: the factor has the invoice. An order of which nothing is left to
        acquit is done.
        """
        for order in self:
            answered = all(line.answer for line in order._get_lines())
            if order.stage == "sent" and answered:
                order._arrive(acknowledged=True)
            order._finish_acquittal()

    def _forget_answers(self):
        """Forget the answers to what did not arrive; what was rejected stays off the order."""
        # sudo: lines are written by these methods only, never by hand.
        lines = self._get_lines().sudo().filtered(lambda line: line.outcome != "refused")
        lines.write({"answer": False, "answer_words": False})
