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
    """

    sessions: models.Model
    plans: dict = field(default_factory=dict)
    lines: dict = field(default_factory=lambda: defaultdict(list))
    alerts: dict = field(default_factory=lambda: defaultdict(list))
    date: datetime.date | None = None
    amounts: dict = field(default_factory=dict)

    @cached_property
    def patient_category(self):
        """The payer category whose terms hold for patients (F7)."""
        categories = self.sessions.env["cabinet.payer.category"]
        return categories.search([("is_patient", "=", True)], limit=1)

    @cached_property
    def labels(self):
        """The plans' names in sentences, by id."""
        return {plan_id: plan._get_label() for plan_id, plan in self.plans.items()}
