"""A home-care service in France: hours, financed by public payers, invoiced once a month."""

from datetime import timedelta

from odoo import fields

from .agenda import working_days
from .bordereaux import Bordereaux
from .payer_transfers import PayerTransfers
from .practice import Practice

# Clients by who finances their hours, and which part of them (%).
FINANCING = (
    ("department", 70.0, 7),
    ("retirement", 55.0, 4),
    ("social", 100.0, 2),
    ("mutuelle", 40.0, 2),
    (None, 0.0, 5),
)
# Hours that each kind of payer finances a month; none: without limit.
CAPS = {"department": 8.0, "retirement": 6.0, "social": False, "mutuelle": 5.0}
# What payers pay their part of, per hour: on weekdays, on Sundays and public holidays.
TARIFF, SUNDAY_TARIFF = 24.6, 30.1
# Why payments and invoices were taken back.
REASONS = {
    "cancel": "Saisi sur la mauvaise facture",
    "loss": "Succession sans actif",
    "credit": "Heures comptées deux fois",
    "refund": "Interventions annulées",
}


class Domicile(Practice):
    """Aide à domicile Val-de-Loire: validated hours wait until the month is invoiced."""

    code, actor = "domicile", "domicile-secretaire"
    zone, country, chart = "Europe/Paris", "FR", "fr"
    color = "#b5653a"
    cities = [("37000", "Tours"), ("37100", "Tours"), ("37300", "Joué-lès-Tours")]
    values = {
        "name": "Aide à domicile Val-de-Loire",
        "street": "27 quai des Mariniers",
        "zip": "37000",
        "city": "Tours",
        "phone": "+33 2 61 91 37 20",
        "email": "accueil.domicile@example.org",
        "company_registry": "99906112300018",
        "cabinet_bill_on_validation": False,
    }

    # ---------------------------------------------------------------------------------------------
    # Parties and services
    # ---------------------------------------------------------------------------------------------

    def make_parties(self):
        self.payers = self.create_payers(
            (
                "Département du Val-Ligérien – APA",
                "department",
                {
                    "payer_deadline_months": 6,
                    "payer_service_code": "APA-DOMICILE",
                    "payer_commitment_number": "2026-APA-0147",
                },
            ),
            (
                "Caisse de retraite Horizon",
                "retirement",
                {"payer_billing_type": "global", "payer_bordereau_layout": "summary"},
            ),
            ("CCAS de Bel-Air-sur-Loire – aide sociale", "social", {"email": False}),
            ("Mutuelle des Trois Ponts", "mutuelle", {}),
            # Its aid goes to the client: it is never billed.
            (
                "Département des Hautes-Varennes – APA",
                "department",
                {"payer_paid_to_client": True},
            ),
        )
        self.carers = self.create_practitioners(5, "FFFM")
        self.financing = {}
        for payer, rate, number in FINANCING:
            for _rank in range(number):
                self._create_client(payer, rate)

    def _create_client(self, payer, rate):
        """Create an elderly client; every fourth one has a child who pays."""
        sex = self.rng.choice("FFM")
        born = self.people.birth_date(74, 96, self.today)
        values = self.person(
            sex,
            elderly=True,
            is_patient=True,
            birth_date=born,
            nir=self.people.nir(sex, born),
            main_payer_id=self.payers[payer][0].id if payer else False,
        )
        if len(self.financing) % 4 == 3:
            first_name = self.people.name("F").split()[0]
            child = self.person("F", name=f"{first_name} {values['name'].split()[-1]}")
            values["guarantor_id"] = self.create_partners([child]).id
        self.financing[self.create_partners([values])] = (payer, rate)

    def make_services(self):
        create = self.create_service
        self.services = [
            create("Aide à la personne", 27.5, 24.6, uom="hour"),
            create("Ménage et entretien du linge", 25.0, 24.6, uom="hour"),
            create("Accompagnement aux courses", 26.0, 24.6, uom="hour"),
        ]
        self._make_plans()

    def _make_plans(self):
        """Give payers their default values, and each client with a payer a validated plan."""
        self.env["cabinet.aid.plan.default"].create(
            [
                self._plan_values(self.payers[payer][0], service, payer, rate)
                for payer, rate, _number in FINANCING
                if payer
                for service in self.services
            ]
        )
        start = fields.Date.subtract(self.today.replace(day=1), months=3)
        clients = enumerate(self.financing.items())
        plans = self.env["cabinet.aid.plan"].create(
            [
                {
                    **self._plan_values(
                        self.payers[payer][0], self.services[rank % len(self.services)], payer, rate
                    ),
                    **self._sunday_cap(payer, rank),
                    "patient_id": client.id,
                    "date_start": start,
                    # Some are soon to be renewed.
                    "date_end": self.today + timedelta(days=20) if rank % 7 == 3 else False,
                    "file_number": f"APA-{self.rng.randint(10000, 99999)}",
                }
                for rank, (client, (payer, rate)) in clients
                if payer
            ]
        )
        plans.action_validate()

    def _plan_values(self, payer, service, category, rate):
        return {
            "payer_id": payer.id,
            "product_id": service.id,
            "base_tariff": TARIFF,
            "rate": rate,
            "cap_hours": CAPS[category],
            "majoration": category == "department",
            "sunday_tariff": SUNDAY_TARIFF,
            "sunday_rate": rate,
        }

    @staticmethod
    def _sunday_cap(category, rank):
        """Return one of the ways in which Sundays are capped: not at all, some hours, no limit."""
        if category != "department":
            return {}
        kind = {1: "excluded", 2: "limited"}.get(rank % 4, "unlimited")
        return {"sunday_cap_kind": kind, "sunday_cap_hours": 4.0 if kind == "limited" else 0.0}

    # ---------------------------------------------------------------------------------------------
    # History
    # ---------------------------------------------------------------------------------------------

    def make_history(self):
        self.types = self.billing.payment_types(self.company)
        first, second, waiting = self._months()
        moves = self._month(first) | self._month(second)
        asked = self._make_bordereaux(first, second)
        transfers = PayerTransfers(self.env, self.company, self.today)
        self._receive_transfers(transfers, asked)
        self._settle(moves)
        self.billing.go_wrong(moves, self.types, REASONS)
        self.billing.pay_ahead(moves, self.types)
        transfers.leave(self.payers["department"], "VIR CONSEIL DEPARTEMENTAL APA")
        self.billing.validate(self._care(*waiting))
        next_days = (self.today, self.today + timedelta(days=14))
        self._care(*next_days)

    def _months(self):
        """Return two months to invoice, and the days whose care waits to be invoiced.

        In the first days of a month the last one waits too: there is always care to invoice.
        """
        this_month = self.today.replace(day=1)
        if self.today.day < 6:
            this_month = fields.Date.subtract(this_month, months=1)
        starts = [fields.Date.subtract(this_month, months=number) for number in (2, 1)]
        months = [(start, fields.Date.end_of(start, "month")) for start in starts]
        return *months, (this_month, self.today - timedelta(days=1))

    def _month(self, month):
        """Invoice the care of one month, dated its last day: one invoice a client."""
        sessions = self._care(*month)
        self.billing.validate(sessions)
        moves = sessions._bill(month[1])
        self.billing.post(moves)
        return moves

    def _make_bordereaux(self, first, second):
        """Ask the payers for two months; of the last one, some wait to be sent or validated.

        :return: the bordereaux of the first month
        """
        bordereaux = Bordereaux(self.env, self.company, self.today)
        asked = bordereaux.make(*first)
        for kind in ("department", "social"):
            bordereaux.make(*second, payers=self.payers[kind])
        bordereaux.make(*second, payers=self.payers["retirement"], sent=False)
        bordereaux.draft(*second, payers=self.payers["mutuelle"])
        return asked

    def _receive_transfers(self, transfers, asked):
        """Two payers quote the number of their bordereau; one of them pays less and is contested.

        :param asked: the bordereaux of the first month
        """
        mine = {
            kind: asked.filtered(lambda row, payer=self.payers[kind]: row.payer_id in payer)
            for kind in ("department", "retirement")
        }
        transfers.pay(mine["retirement"][:1])
        transfers.pay_less(mine["department"][:1])

    def _care(self, first, last):
        """Create the care of some days: each client has a weekday (some two) and a usual carer."""
        days = working_days(first, last, saturdays=True)
        vals_list = []
        for rank, client in enumerate(self.financing):
            weekdays = {rank % 6, (rank + 3) % 6} if rank % 4 == 0 else {rank % 6}
            for day in days:
                if day.weekday() in weekdays:
                    vals_list.append(self._care_values(client, day, rank))
        return self.create_sessions(vals_list)

    def _care_values(self, client, day, rank):
        return self.session_values(
            client,
            self.carers[rank % len(self.carers)],
            day,
            self.services[rank % len(self.services)],
            60 + 30 * (rank % 3),
        )

    def _settle(self, moves):
        own = [self.types[kind] for kind in ("transfer", "transfer", "cash")]
        self.billing.pay_by_clients(moves, own, whole=0.65)
        self.billing.pay_by_payers(moves, self.types["transfer"], delay=20, odds=0.75)
        self.billing.settle()
