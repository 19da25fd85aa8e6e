"""A dental clinic in Switzerland with a branch: tariff, QR-bills, insurances, a factor."""

from datetime import timedelta
from random import Random

from .agenda import working_days
from .factoring import Factoring
from .people import People
from .practice import Practice

# A QR-IBAN that serves as example in the Swiss payment standards.
QR_IBAN = "CH4431999123000889012"
# In Genève and in Lausanne.
PATIENTS, TREATMENTS = (12, 8), (36, 24)
CANTONS = {"GE": "Genève", "VD": "Vaud"}
# Care of patients with a factoring contract, on the order of last month and since.
FACTORED = (5, 7)
# How care is paid, and how often: see ``_payment_values``.
MANNERS = {"immediate": 25, "later": 50, "supplementary": 15, "social": 10}
# CHF a point of the tariffs for dental care and for the technician's work.
POINT_VALUES = {"222": 1.0, "223": 5.5}
# Why payments and invoices were taken back.
REASONS = {
    "cancel": "Montant mal saisi",
    "loss": "Acte de défaut de biens",
    "credit": "Traitement reporté",
    "refund": "Geste commercial",
}


class Leman(Practice):
    """Clinique dentaire du Léman: Genève, the parent company, and its branch in Lausanne."""

    code, actor = "leman", "leman-secretaire"
    zone, country, chart = "Europe/Zurich", "CH", "ch"
    color = "#2f7f93"
    cities = [("1201", "Genève"), ("1205", "Genève"), ("1227", "Carouge"), ("1003", "Lausanne")]
    values = {
        "name": "Clinique dentaire du Léman",
        "street": "Rue du Mont-Salève 21",
        "zip": "1205",
        "city": "Genève",
        "phone": "+41 22 555 01 10",
        "email": "geneve.leman@example.org",
        "cabinet_bill_on_validation": True,
        "cabinet_zsr": "H990125",
    }
    branch_values = {
        **values,
        "name": "Clinique dentaire du Léman – Lausanne",
        "street": "Avenue de la Harpe 8",
        "zip": "1007",
        "city": "Lausanne",
        "phone": "+41 21 555 02 20",
        "email": "lausanne.leman@example.org",
        "cabinet_zsr": "H990225",
    }

    # ---------------------------------------------------------------------------------------------
    # Companies, parties and services
    # ---------------------------------------------------------------------------------------------

    def branches(self):
        return ("leman", "lausanne")

    def load_chart(self):
        """The branch comes first: it gets the chart along with its parent."""
        self.branch = self.create_company("lausanne", self.branch_values, parent=self.company)
        for company, canton in ((self.company, "GE"), (self.branch, "VD")):
            company.cabinet_gln = self.people.gln()
            company.state_id = self._canton(canton)
        super().load_chart()
        # The generic chart, which stands for the Swiss one, is of another country.
        for company in self.company | self.branch:
            if company.account_fiscal_country_id != company.country_id:
                company.account_fiscal_country_id = company.country_id

    def _canton(self, code):
        """Return a canton: Swiss accounting brings them."""
        states = self.root["res.country.state"]
        country = self.root.ref("base.ch")
        found = states.search([("country_id", "=", country.id), ("code", "=", code)])
        return found or states.create(
            {"country_id": country.id, "code": code, "name": CANTONS[code]}
        )

    def add_bank_account(self, company, **values):
        """Add the QR-IBAN, where Swiss accounting knows of it; the branch is paid there too."""
        if "l10n_ch_qr_iban" in self.root["res.partner.bank"]._fields:
            values["l10n_ch_qr_iban"] = QR_IBAN
        account = super().add_bank_account(company, **values)
        if company == self.company:
            super().add_bank_account(self.branch, **values, acc_number=account.acc_number)
        return account

    def open_as_actor(self):
        super().open_as_actor()
        self.branch = self.env["res.company"].browse(self.branch.id)

    def make_parties(self):
        self.payers = self.create_payers(
            ("Edelvia Assurances complémentaires", "supplementary", {}),
            ("Dentalvie Romande SA", "supplementary", {"payer_billing_type": "global"}),
            ("Service social intercommunal de la Côte", "social", {"payer_deadline_months": 12}),
            (
                "Caisse pour médecins-dentistes (démo)",
                "factor",
                {"cabinet_gln": self.people.gln()},
            ),
        )
        self.dentists = {
            self.company: self.staff()[:1] | self.create_practitioners(1, "FM"),
            self.branch: self.staff()[1:],
        }
        # Drawn apart: what else is drawn stays as it is.
        register = People(Random("register"), self.country, self.cities)
        dentists = self.dentists[self.company] | self.dentists[self.branch]
        for dentist in dentists.with_env(self.root):
            dentist.cabinet_gln = register.gln()
        self.factoring = Factoring(self.env, self.root, self.company, self.today)
        self.contract = self.factoring.sign(self.payers["factor"])
        self.patients = {}
        for company, number in zip((self.company, self.branch), PATIENTS, strict=True):
            self.patients[company] = self.create_partners(
                [self._patient_values(rank) for rank in range(number)], company
            )

    def _patient_values(self, rank):
        sex = self.rng.choice("FM")
        payers = self.payers["social" if rank % 4 == 0 else "supplementary"]
        return self.person(
            sex,
            is_patient=True,
            cabinet_sex={"F": "female", "M": "male"}[sex],
            birth_date=self.people.birth_date(12, 80, self.today),
            ahv_number=self.people.ahv(),
            main_payer_id=self.rng.choice(payers).id,
            cabinet_factoring=rank % 3 == 1,
        )

    def make_services(self):
        self.root["cabinet.tariff.value"].create(
            [
                {"tariff_id": self._tariff(code).id, "company_id": self.company.id, "value": value}
                for code, value in POINT_VALUES.items()
            ]
        )
        create = self.create_dental_service
        self.services = {
            "immediate": [create("Détartrage et contrôle", "4.1100", 145.0)],
            "later": [
                create("Obturation composite", "4.5340", 265.0),
                create("Couronne céramique", "4.7060", 1380.0),
                create("Extraction", "4.2010", 195.0),
            ],
            "supplementary": [
                create("Orthodontie – contrôle trimestriel", "4.8200", 340.0, 340.0, 50.0)
            ],
            "social": [
                create("Soins conservateurs (bon du service social)", "4.5200", 220.0, 220.0)
            ],
        }

    def create_dental_service(self, name, number, points, *regulated):
        """Create care of the dental tariff; a point is worth CHF 1, so its price is its points."""
        service = self.create_service(name, points, *regulated)
        service.write(
            {
                "cabinet_tariff_id": self._tariff("222").id,
                "cabinet_tariff_code": number,
                "cabinet_points": points,
            }
        )
        return service

    def _tariff(self, code):
        return self.root.ref(f"cabinet_billing.tariff_{code}")

    # ---------------------------------------------------------------------------------------------
    # History
    # ---------------------------------------------------------------------------------------------

    def make_history(self):
        companies = (self.company, self.branch)
        self.types = {company: self.billing.payment_types(company) for company in companies}
        done = {
            company: self._treat(company, number)
            for company, number in zip(companies, TREATMENTS, strict=True)
        }
        done[self.company] |= self._treat_for_the_factor()
        moves = {company: self.billing.bill(sessions) for company, sessions in done.items()}
        self.billing.post(moves[self.company] | moves[self.branch])
        for company in companies:
            self._settle(company, done[company])
            own = moves[company].filtered(lambda move: not move.cabinet_factoring_contract_id)
            self.billing.go_wrong(own, self.types[company], REASONS)
            self.billing.pay_ahead(own, self.types[company])
            self._plan(company)
        self.factoring.make_orders(self.contract)

    def _treat(self, company, number):
        sessions = self.create_sessions(
            [self._care_values(company, day) for day in self.past_days(number)]
        )
        self.billing.validate(sessions)
        return sessions

    def _treat_for_the_factor(self):
        """Care of patients with "contrat CMD": before the order of last month, and since."""
        patients = self.patients[self.company].filtered("cabinet_factoring")
        end = self.factoring.last_order_date()
        days = working_days(end - timedelta(days=20), end - timedelta(days=1))[: FACTORED[0]]
        days += working_days(self.today - timedelta(days=11), self.today)[: FACTORED[1]]
        values = [
            self.session_values(
                patients[rank % len(patients)],
                self.dentists[self.company][rank % 2],
                day,
                self.services["later"][rank % 3],
                45,
            )
            for rank, day in enumerate(days)
        ]
        sessions = self.create_sessions(values)
        self.billing.validate(sessions)
        return sessions

    def _care_values(self, company, day):
        manner = self.rng.choices(list(MANNERS), MANNERS.values())[0]
        return self.session_values(
            self.rng.choice(self.patients[company]),
            self.rng.choice(self.dentists[company]),
            day,
            self.rng.choice(self.services[manner]),
            60,
            **self._payment_values(company, manner),
        )

    def _payment_values(self, company, manner):
        """Return how care is paid: on the spot, by the QR-bill, or in part or whole by a payer."""
        if manner == "immediate":
            kind = self.rng.choice(("terminal", "terminal", "cash"))
            return {"immediate_payment": True, "payment_type_id": self.types[company][kind].id}
        if manner == "later":
            return {}
        return {"third_party_payment": True, "payer_id": self.rng.choice(self.payers[manner]).id}

    def _settle(self, company, sessions):
        for session in sessions.filtered("immediate_payment"):
            move = session.invoice_id
            share = move.cabinet_share_ids.filtered("is_main")
            self.billing.pay(session.payment_type_id, move.invoice_date, share)
        later = sessions.filtered(lambda session: not session.immediate_payment).invoice_id
        # What has a factoring contract waits for the factor.
        own = later.filtered(lambda move: not move.patient_id.cabinet_factoring)
        self.billing.pay_by_clients(own, [self.types[company]["transfer"]], whole=0.5)
        self.billing.pay_by_payers(later, self.types[company]["transfer"], delay=25, odds=0.7)
        self.billing.settle()

    def _plan(self, company):
        days = working_days(self.today + timedelta(days=1), self.today + timedelta(days=14))
        planned = self.create_sessions([self._care_values(company, day) for day in days])
        planned[-1].action_cancel()
