import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from odoo import models


@dataclass
class Financing:
    """How aid plans finance sessions: what invoices, previews and pieces are made from.

    ``lines`` and ``alerts`` are the engine's, by company id and patient id. ``date`` is the date
    of the invoices; empty: today. ``amounts``: what lines cost and who pays it, by the lines' id().
    ``taxes`` and ``day_classes`` are looked up once: by service and patient, by language.
    """

    sessions: models.Model
    plans: dict = field(default_factory=dict)
    lines: dict = field(default_factory=lambda: defaultdict(list))
    alerts: dict = field(default_factory=lambda: defaultdict(list))
    date: datetime.date | None = None
    amounts: dict = field(default_factory=dict)
    taxes: dict = field(default_factory=dict)
    day_classes: dict = field(default_factory=dict)

    @cached_property
    def patient_category(self):
        """The payer category whose terms hold for patients (F7)."""
        categories = self.sessions.env["cabinet.payer.category"]
        return categories.search([("is_patient", "=", True)], limit=1)

    @cached_property
    def labels(self):
        """The plans' names in sentences, by id."""
        return {plan_id: plan._get_label() for plan_id, plan in self.plans.items()}

    @cached_property
    def has_analytic_models(self):
        """Whether anything decides on the analytic accounts of invoice lines by itself."""
        # sudo: billers may not read the analytic settings; only their number counts.
        models_ = self.sessions.env["account.analytic.distribution.model"].sudo()
        return bool(models_.search_count([], limit=1))

    @cached_property
    def has_foreign_journals(self):
        """Whether an invoice of these clinics may be in another currency than the clinic's."""
        companies = self.sessions.company_id
        # sudo: billers need not read journals to invoice.
        journals = self.sessions.env["account.journal"].sudo()
        domain = [
            *journals._check_company_domain(companies),
            ("type", "=", "sale"),
            ("currency_id", "!=", False),
        ]
        return bool(journals.search_count(domain, limit=1))

    def get_taxes(self, session):
        """Return the taxes of a session's service for its patient.

        :param session: cabinet.care.session
        """
        key = session.company_id, session.product_id, session.patient_id
        if key not in self.taxes:
            self.taxes[key] = session._get_taxes()
        return self.taxes[key]

    def get_day_classes(self, env):
        """Return the names of the classes of days in the language of ``env``, by their code."""
        if env.lang not in self.day_classes:
            field_ = env["cabinet.aid.piece"]._fields["day_class"]
            self.day_classes[env.lang] = dict(field_._description_selection(env))
        return self.day_classes[env.lang]
