# Run by script/bench in Odoo's shell: a global payment over N invoices of one patient, recorded by
# our window and by Odoo's own register-payment wizard, on the same invoices. Everything is rolled
# back between the two, and the first round of each warms the caches and is thrown away.
import gc
import os
import time
from datetime import date

from odoo import Command

sizes = [int(size) for size in os.environ["CABINET_BENCH_SIZES"].split()] or [50, 200, 500]
env = env(context={"tracking_disable": True, "lang": "en_US"})  # noqa: F821
company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
env = env(context={**env.context, "allowed_company_ids": company.ids})


def make_invoices(number):
    patient = env["res.partner"].create(
        {"name": "Bench", "is_patient": True, "company_id": company.id}
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": patient.id,
                "invoice_date": date(2026, 3, 2),
                "invoice_line_ids": [
                    Command.create({"name": "Care", "price_unit": 10.0 + rank, "tax_ids": False})
                ],
            }
            for rank in range(number)
        ]
    )
    moves.action_post()
    env.flush_all()
    return patient, moves


def ours(patient, moves):
    window = env["cabinet.payment.register"].create(
        {"partner_id": patient.id, "amount": sum(moves.mapped("amount_total"))}
    )
    window.action_submit()


def odoos(_patient, moves):
    context = {"active_model": "account.move", "active_ids": moves.ids}
    wizard = env["account.payment.register"].with_context(**context)
    wizard.create({"group_payment": True}).action_create_payments()


def measure(way, patient, moves):
    """Return the seconds and the queries that one way takes; nothing of it stays."""
    env.invalidate_all()
    gc.collect()
    savepoint = env.cr.savepoint()
    start, before = time.perf_counter(), env.cr.sql_log_count
    way(patient, moves)
    env.flush_all()
    spent = time.perf_counter() - start, env.cr.sql_log_count - before
    paid = set(moves.mapped("payment_state"))
    assert paid <= {"paid", "in_payment"}, paid
    assert not any(moves.mapped("amount_residual")), "not every cent was matched"
    savepoint.close(rollback=True)
    env.invalidate_all()
    return spent


warm = make_invoices(3)
for way in (ours, odoos):
    measure(way, *warm)

print(f"{'invoices':>8} {'ours':>16} {'Odoo':>16} {'ratio':>6} {'queries an invoice':>22}")
for size in sizes:
    documents = make_invoices(size)
    times = {way: min(measure(way, *documents) for _round in range(2)) for way in (ours, odoos)}
    (own, own_queries), (core, core_queries) = times[ours], times[odoos]
    print(
        f"{size:>8} {1000 * own / size:>9.1f} ms/inv {1000 * core / size:>9.1f} ms/inv "
        f"{own / core:>6.2f} {own_queries / size:>8.2f} vs {core_queries / size:>8.2f}",
        flush=True,
    )
env.cr.rollback()
