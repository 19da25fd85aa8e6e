from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .common import CabinetCommon

PARIS = ZoneInfo("Europe/Paris")
# 12 hours on weekdays and 4 on Sunday 8 March 2026: the hours of the worked cases.
MARCH = ("2026-03-02 09:00", "2026-03-04 09:00", "2026-03-06 09:00", "2026-03-08 09:00")


@tagged("post_install", "-at_install")
class AidPlanCommon(CabinetCommon):
    """A home-care service in France, a department and its plan: REQUIREMENTS' worked cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cabinet_holiday_region = "FR"
        cls.company.cabinet_bill_on_validation = False
        cls.department = cls._create_payer("Département de la Loire", "department")
        cls.default = cls.env["cabinet.aid.plan.default"].create(
            {
                "payer_id": cls.department.id,
                "product_id": cls.home_hour.id,
                "company_id": cls.company.id,
                "base_tariff": 25.0,
                "rate": 80.0,
                "cap_hours": 20.0,
                "majoration": True,
                "sunday_tariff": 30.0,
                "sunday_rate": 90.0,
            }
        )

    @classmethod
    def _create_plan(cls, validate=True, **values):
        """Return the plan of the worked cases: 25 and 30 an hour, 80 % and 90 %, 20 h a month."""
        plan = cls.env["cabinet.aid.plan"].create(
            {
                "payer_id": cls.department.id,
                "patient_id": cls.patient.id,
                "product_id": cls.home_hour.id,
                "company_id": cls.company.id,
                "date_start": date(2026, 1, 1),
                **values,
            }
        )
        if validate:
            plan.action_validate()
        return plan

    @classmethod
    def _create_care(cls, *starts, hours=4.0, validate=True, **values):
        """Return sessions of home help that start at these local times ("2026-03-02 09:00")."""
        vals_list = []
        for start in starts:
            begin = datetime.fromisoformat(start).replace(tzinfo=PARIS)
            begin = begin.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
            vals_list.append(
                {
                    "patient_id": cls.patient.id,
                    "product_id": cls.home_hour.id,
                    "company_id": cls.company.id,
                    "start": begin,
                    "end": begin + timedelta(hours=hours),
                    **values,
                }
            )
        sessions = cls.env["cabinet.care.session"].create(vals_list)
        if validate:
            sessions.action_validate()
        return sessions
