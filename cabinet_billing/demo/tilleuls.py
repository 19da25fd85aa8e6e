"""A midwives' practice in France: consultations paid on the spot, CPAM and mutuelles."""

from datetime import timedelta

from odoo import Command

from .agenda import working_days
from .bordereaux import Bordereaux
from .payer_transfers import PayerTransfers
from .practice import Practice

PATIENTS, CONSULTATIONS = 25, 66
# How care is paid, and how often: see ``_payment_values``.
MANNERS = {"immediate": 46, "whole": 22, "above": 16, "mutuelle": 8, "later": 8}
# Why payments and invoices were taken back.
REASONS = {
    "cancel": "Virement rejeté par la banque",
    "loss": "Patiente partie sans laisser d’adresse",
    "credit": "Facturée deux fois",
    "refund": "Acte annulé",
}


class Tilleuls(Practice):
    """Cabinet de sages-femmes Les Tilleuls: each consultation is billed when it is validated."""

    code, actor = "tilleuls", "secretaire1"
    zone, country, chart = "Europe/Paris", "FR", "fr"
    color = "#7a9a3b"
    cities = [("44000", "Nantes"), ("44100", "Nantes"), ("44800", "Saint-Herblain")]
    values = {
        "name": "Cabinet de sages-femmes Les Tilleuls",
        "street": "14 place des Tilleuls",
        "zip": "44000",
        "city": "Nantes",
        "phone": "+33 2 61 91 04 10",
        "email": "contact.tilleuls@example.org",
        "cabinet_bill_on_validation": True,
    }

    # ---------------------------------------------------------------------------------------------
    # Parties and services
    # ---------------------------------------------------------------------------------------------

    def make_parties(self):
        self.payers = self.create_payers(
            ("CPAM du Pays d’Erdre", "cpam", {"payer_teletransmission": "01441000"}),
            ("CPAM des Marches de l’Ouest", "cpam", {"payer_teletransmission": "01851000"}),
            ("Mutuelle Prévoyance du Bocage", "mutuelle", {"payer_billing_type": "global"}),
            ("Mutuelle Santé Océane", "mutuelle", {}),
            ("Département de l’Estuaire – PMI", "department", {"payer_deadline_months": 12}),
        )
        self.midwives = self.staff() | self.create_practitioners(1)
        self.patients = self.create_partners([self._patient_values() for _ in range(PATIENTS)])

    def _patient_values(self):
        born = self.people.birth_date(19, 43, self.today)
        number = f"{self.rng.randint(10**9, 10**10 - 1)}"
        return self.person(
            "F",
            is_patient=True,
            birth_date=born,
            nir=self.people.nir("F", born),
            main_payer_id=self.rng.choice(self.payers["cpam"]).id,
            payer_number_ids=[
                Command.create(
                    {"payer_id": self.rng.choice(self.payers["mutuelle"]).id, "number": number}
                )
            ],
        )

    def make_services(self):
        create = self.create_service
        # Regulated tariff, then what the CPAM covers of it.
        self.services = {
            "whole": create("Suivi de grossesse – consultation", 25.0, 25.0),
            "prenatal": create("Entretien prénatal précoce", 49.0, 49.0),
            "above": create("Séance de rééducation périnéale", 32.0, 24.0),
            "mutuelle": create("Consultation", 26.5, 26.5, 70.0),
            "outside": create("Acte hors nomenclature – atelier portage", 40.0),
        }

    # ---------------------------------------------------------------------------------------------
    # History
    # ---------------------------------------------------------------------------------------------

    def make_history(self):
        self.types = self.billing.payment_types(self.company)
        days = self.past_days(CONSULTATIONS)
        sessions = self.create_sessions([self._care_values(day) for day in days])
        self.billing.validate(sessions)
        moves = self.billing.bill(sessions, more_shares=self._get_mutuelle_shares(sessions))
        self.billing.post(moves)
        transfers = PayerTransfers(self.env, self.company, self.today)
        transfers.pay(self._make_bordereaux()[:1])
        self._settle(sessions)
        self.billing.go_wrong(moves, self.types, REASONS)
        self.billing.pay_ahead(moves, self.types)
        transfers.leave(self.payers["cpam"], "VIR CPAM REMBT TIERS PAYANT")
        self._plan()

    def _make_bordereaux(self):
        """Ask the mutuelles for the last two months; the CPAM is teletransmitted.

        :return: the bordereaux, oldest first
        """
        bordereaux = Bordereaux(self.env, self.company, self.today)
        asked = self.env["cabinet.bordereau"]
        for month in bordereaux.months(2):
            asked |= bordereaux.make(*month, payers=self.payers["mutuelle"])
        return asked

    def _care_values(self, day):
        manner = self.rng.choices(list(MANNERS), MANNERS.values())[0]
        service = self.services[self._service_of(manner)]
        patient = self.rng.choice(self.patients)
        return self.session_values(
            patient,
            self.rng.choice(self.midwives),
            day,
            service,
            45,
            **self._payment_values(manner, patient),
        )

    def _service_of(self, manner):
        if manner == "whole":
            return self.rng.choice(("whole", "whole", "prenatal"))
        if manner == "immediate":
            return self.rng.choice(("whole", "above", "mutuelle", "outside"))
        return "outside" if manner == "later" else manner

    def _payment_values(self, manner, patient):
        """Return how a consultation is paid.

        *immediate*: on the spot; *whole*: the CPAM pays all; *above*: the CPAM pays the regulated
        tariff, the patient the rest; *mutuelle*: CPAM and mutuelle; *later*: by the patient.
        """
        if manner == "immediate":
            kind = self.rng.choice(("cash", "transfer", "terminal", "terminal"))
            return {"immediate_payment": True, "payment_type_id": self.types[kind].id}
        if manner == "later":
            return {}
        return {"third_party_payment": True, "payer_id": patient.main_payer_id.id}

    def _get_mutuelle_shares(self, sessions):
        """Let the mutuelle take what the CPAM leaves of some consultations.

        :return: dict of the sessions concerned, with the commands of the shares
        """
        return {
            session: [
                Command.create(
                    {
                        "partner_id": session.patient_id.payer_number_ids.payer_id.id,
                        "amount": session.patient_amount,
                    }
                )
            ]
            for session in sessions
            if session.third_party_payment and session.product_id == self.services["mutuelle"]
        }

    def _settle(self, sessions):
        for session in sessions.filtered("immediate_payment"):
            move = session.invoice_id
            share = move.cabinet_share_ids.filtered("is_main")
            self.billing.pay(session.payment_type_id, move.invoice_date, share)
        later = sessions.filtered(lambda session: not session.immediate_payment).invoice_id
        own = [self.types[kind] for kind in ("transfer", "card", "cash")]
        self.billing.pay_by_clients(later, own)
        self.billing.pay_by_payers(later, self.types["transfer"], delay=12, odds=0.85)
        self.billing.settle()

    def _plan(self):
        """Plan the next two weeks, and leave one cancelled and one still to be validated."""
        days = working_days(self.today + timedelta(days=1), self.today + timedelta(days=14))
        planned = self.create_sessions([self._care_values(day) for day in sorted(days * 2)])
        planned[-1].action_cancel()
        self.create_sessions([self._care_values(self.today)])
