"""The factoring of the dental clinic: its contract, an order of last month, one to prepare."""

from datetime import datetime, time, timedelta

from odoo import Command

LABEL = "Transmis CMD"


class Factoring:
    """Makes orders by the models' own methods, on dates of the past where they are of the past."""

    def __init__(self, env, root, company, today):
        """
        :param env: the environment of the member of staff who does it
        :param root: the superuser's environment
        :param company: the clinic
        :param date today: no order is dated later
        """
        self.env = env(context={**env.context, "cabinet_documents_later": True})
        self.root = root
        self.company = company
        self.today = today

    def sign(self, factor):
        """Make the contract: from now on invoices of patients with "contrat CMD" go to it.

        :param factor: the partner, with a GLN
        """
        account = factor.bank_ids[:1]
        account.sudo().bank_id = self.root["res.bank"].create(
            {
                "name": "Banque de la Caisse (démo)",
                "street": "Rue de la Gare 2",
                "zip": "1260",
                "city": "Nyon",
                "country": self.root.ref("base.ch").id,
            }
        )
        contracts = self.root["cabinet.factoring.contract"].with_company(self.company)
        return contracts.create(
            {
                "name": "CMD",
                "partner_id": factor.id,
                "company_id": self.company.id,
                "number": "MAND01",
                "label": LABEL,
                "factor_gln": factor.cabinet_gln,
                "user_id": self.env.uid,
                "xml_version": "450",
            }
        )

    def last_order_date(self):
        """Return the day of last month on which the old order was sent."""
        end = self.today.replace(day=1) - timedelta(days=4)
        return min(end, self.today - timedelta(days=12))

    def make_orders(self, contract):
        """Acquit the invoices of an order of last month; leave one to prepare, two to choose."""
        contract = contract.with_env(self.env)
        waiting = self._find(contract)
        day = self.last_order_date()
        old = waiting.filtered(lambda move: move.invoice_date <= day)
        new = (waiting - old)[:-2]
        if old:
            self._acquit(self._send(self._order(contract, old), day), day)
        if new:
            order = self._order(contract, new)
            order.communication = "Merci de nous signaler les adresses qui ont changé."

    def _find(self, contract):
        """Return the invoices that wait for an order, oldest first."""
        moves = self.env["account.move"].search(
            [
                ("cabinet_factoring_contract_id", "=", contract.id),
                ("state", "=", "posted"),
                ("client_due", ">", 0),
                ("cabinet_factoring_order_id", "=", False),
            ],
            order="invoice_date, id",
        )
        faults = moves._get_factoring_faults()
        return moves.filtered(lambda move: move not in faults)

    def _order(self, contract, moves):
        order = self.env["cabinet.factoring.order"].create({"contract_id": contract.id})
        order._add(moves, moves._get_factoring_faults())
        return order

    def _send(self, order, day):
        """Prepare, send and confirm as the buttons do, but on a day of the past."""
        order.date = day
        order._refresh_lines()
        order._go(
            "prepared",
            name=self.company._next_factoring_number(day),
            prepared_on=self._at(day, 9),
        )
        order._archive_documents()
        order._go("sent", sent_on=self._at(day, 10), sent_count=1)
        order._go("arrived", arrived_on=self._at(day, 15))
        return order

    def _at(self, day, hour):
        return datetime.combine(day, time(hour, 12))

    def _acquit(self, order, day):
        """Acquit an order as the window does, but on a day of the past."""
        # sudo: acquittals are written by these methods only; their own method dates them today.
        runs = self.env["cabinet.factoring.acquittal"].sudo()
        run = runs.create(
            {
                "order_id": order.id,
                "company_id": self.company.id,
                "date": day + timedelta(days=1),
                "label": LABEL,
                "line_ids": [
                    Command.create({"order_line_ids": [Command.set(order._get_lines().ids)]})
                ],
            }
        )
        run._work()
