# Run by script/bench in Odoo's shell: the invoices of N patients with 20 sessions of home help
# each, with aid plans and without, against Odoo creating and posting the same invoices from plain
# values. Everything is rolled back between rounds; the first one warms the caches only.
import gc
import os
import time
from datetime import date, datetime, timedelta

from odoo import Command

SESSIONS = 20
sizes = [int(size) for size in os.environ["CABINET_BENCH_SIZES"].split()] or [50, 200]
env = env(context={"tracking_disable": True, "lang": "en_US"})  # noqa: F821
company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
env = env(context={**env.context, "allowed_company_ids": company.ids})
company.cabinet_bill_on_validation = False
company.cabinet_holiday_region = company.cabinet_holiday_region or "FR"
service = env["product.product"].create(
    {
        "name": "Home help",
        "type": "service",
        "is_care_service": True,
        "list_price": 28.0,
        "uom_id": env.ref("uom.product_uom_hour").id,
        "taxes_id": False,
    }
)
payer = env["res.partner"].create(
    {
        "name": "Department",
        "is_company": True,
        "is_payer": True,
        "payer_category_id": env.ref("cabinet_billing.payer_category_department").id,
    }
)
env["cabinet.aid.plan.default"].create(
    {
        "payer_id": payer.id,
        "product_id": service.id,
        "company_id": company.id,
        "base_tariff": 25.0,
        "rate": 80.0,
        "cap_hours": 30.0,
        "majoration": True,
        "sunday_tariff": 30.0,
        "sunday_rate": 90.0,
    }
)


def make_sessions(number, financed):
    """Return the validated care of a month: two hours on twenty of its days, for each patient."""
    patients = env["res.partner"].create(
        [
            {"name": f"Bench {rank}", "is_patient": True, "company_id": company.id}
            for rank in range(number)
        ]
    )
    if financed:
        plans = env["cabinet.aid.plan"].create(
            [
                {
                    "payer_id": payer.id,
                    "patient_id": patient.id,
                    "product_id": service.id,
                    "company_id": company.id,
                    "date_start": date(2026, 1, 1),
                }
                for patient in patients
            ]
        )
        plans.action_validate()
    first = datetime(2026, 3, 1, 8)
    sessions = env["cabinet.care.session"].create(
        [
            {
                "patient_id": patient.id,
                "product_id": service.id,
                "company_id": company.id,
                "start": first + timedelta(days=day),
                "end": first + timedelta(days=day, hours=2),
            }
            for patient in patients
            for day in range(SESSIONS)
        ]
    )
    sessions.action_validate()
    env.flush_all()
    # A database in use knows the sizes of its tables.
    env.cr.execute(
        "ANALYZE cabinet_care_session, cabinet_aid_plan, account_move, account_move_line"
    )
    return sessions


def ours(sessions, _values):
    moves = sessions._bill(date(2026, 3, 31))
    moves.action_post()
    return moves


def odoos(_sessions, values):
    moves = env["account.move"].create(values)
    moves.action_post()
    return moves


def read_values(moves):
    """Return plain values of the same invoices: partner, dates, lines."""
    return [
        {
            "move_type": "out_invoice",
            "partner_id": move.partner_id.id,
            "invoice_date": move.invoice_date,
            "invoice_date_due": move.invoice_date_due,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "quantity": line.quantity,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": line.price_unit,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
                for line in move.invoice_line_ids
            ],
        }
        for move in moves
    ]


def measure(way, sessions, values):
    """Return the seconds and the queries of one way, and plain values; nothing of it stays."""
    env.invalidate_all()
    gc.collect()
    savepoint = env.cr.savepoint()
    start, before = time.perf_counter(), env.cr.sql_log_count
    moves = way(sessions, values)
    env.flush_all()
    spent = time.perf_counter() - start, env.cr.sql_log_count - before
    values = read_values(moves)
    total = round(sum(moves.mapped("amount_total")), 2)
    owed = sum(share.amount for share in moves.cabinet_share_ids)
    assert round(owed, 2) == total, "the shares do not add up to the invoices"
    savepoint.close(rollback=True)
    env.invalidate_all()
    return spent, values, total


def compare(number, financed):
    sessions = make_sessions(number, financed)
    (_spent, values, total) = measure(ours, sessions, None)
    assert measure(odoos, sessions, values)[2] == total, "not the same invoices"
    best = {
        way: min(measure(way, sessions, values)[0] for _round in range(2)) for way in (ours, odoos)
    }
    return best[ours], best[odoos]


def make_a_past(number=100):
    """Bill and pay some care first: on empty tables PostgreSQL plans as if nothing were there.

    Odoo's own query from payments to invoices takes minutes then.
    """
    for financed in (False, True):
        moves = ours(make_sessions(number, financed), None)
        shares = moves.cabinet_share_ids
        kind = env["cabinet.payment.type"].search(
            [("company_id", "=", company.id), ("nature", "=", "received")], limit=1
        )
        kind._settle({share: share.amount_residual for share in shares}, date(2026, 4, 1))
        env.flush_all()
        env.cr.execute("ANALYZE")
    env.cr.commit()


make_a_past()
print(f"{'patients':>8} {'':>10} {'ours':>16} {'Odoo':>16} {'ratio':>6} {'queries an invoice':>22}")
for size in sizes:
    for name, financed in (("financed", True), ("unfinanced", False)):
        (own, own_queries), (core, core_queries) = compare(size, financed)
        print(
            f"{size:>8} {name:>10} {1000 * own / size:>9.1f} ms/inv "
            f"{1000 * core / size:>9.1f} ms/inv {own / core:>6.2f} "
            f"{own_queries / size:>8.2f} vs {core_queries / size:>8.2f}",
            flush=True,
        )
env.cr.rollback()
