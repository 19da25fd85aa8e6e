# Run by script/bench in Odoo's shell: N invoices of as many patients are acquitted by an order of
# ours, and paid by Odoo's own register-payment wizard, on the same invoices. Everything is rolled
# back between the two, and the first round of each warms the caches and is thrown away.
import gc
import os
import time
from datetime import date, datetime

from odoo import Command

sizes = [int(size) for size in os.environ["CABINET_BENCH_SIZES"].split()] or [100, 500]
env = env(context={"tracking_disable": True, "lang": "en_US"})  # noqa: F821
company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
env = env(context={**env.context, "allowed_company_ids": company.ids})
category = env.ref("cabinet_billing.payer_category_factor")
factor = env["res.partner"].create(
    {"name": "Bench factor", "is_payer": True, "payer_category_id": category.id}
)
contract = env["cabinet.factoring.contract"].create(
    {
        "name": "Bench",
        "partner_id": factor.id,
        "company_id": company.id,
        "gln": "7601000000019",
        "factor_gln": "7601000000026",
    }
)


def make_invoices(number):
    moves = env["account.move"]
    for start in range(0, number, 100):
        moves |= make_step(range(start, min(start + 100, number)))
        env.flush_all()
        env.cr.execute("ANALYZE")
    return moves


def make_step(ranks):
    patients = env["res.partner"].create(
        [
            {
                "name": f"Bench {rank}",
                "is_patient": True,
                "company_id": company.id,
                "birth_date": date(1980, 1, 1),
                "street": "Rue du Lac 1",
                "zip": "1003",
                "city": "Lausanne",
            }
            for rank in ranks
        ]
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": patient.id,
                "cabinet_factoring_contract_id": contract.id,
                "invoice_date": date(2026, 3, 2),
                "invoice_line_ids": [
                    Command.create({"name": "Care", "price_unit": 10.0 + rank, "tax_ids": False})
                ],
            }
            for rank, patient in zip(ranks, patients, strict=True)
        ]
    )
    moves.action_post()
    return moves


def make_order(moves):
    """Return an order that arrived: only its acquittal is timed."""
    order = env["cabinet.factoring.order"]._create_for(moves)
    order._refresh_lines()
    order._go("prepared", name=f"BENCH-{order.id}")
    order._go("sent", sent_on=datetime(2026, 1, 1))
    order._go("arrived")
    return order


def ours(moves, order):
    order._acquit(order.kept_line_ids, "Transmis CMD")
    run = order.acquittal_ids
    while run.state == "running" and run._process_slice():
        pass
    assert order.stage == "acquitted", order.stage
    assert abs(order.amount_open - sum(moves.mapped("amount_total"))) < 0.005


def odoos(moves, _order):
    context = {"active_model": "account.move", "active_ids": moves.ids}
    wizard = env["account.payment.register"].with_context(**context)
    wizard.create({"group_payment": False}).action_create_payments()


def measure(way, moves, order):
    """Return the seconds and the queries that one way takes; nothing of it stays."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    savepoint = env.cr.savepoint()
    start, before = time.perf_counter(), env.cr.sql_log_count
    way(moves, order)
    env.flush_all()
    spent = time.perf_counter() - start, env.cr.sql_log_count - before
    assert set(moves.mapped("payment_state")) <= {"paid", "in_payment"}
    assert not any(moves.mapped("amount_residual")), "not every cent was matched"
    savepoint.close(rollback=True)
    env.invalidate_all()
    return spent


warm = make_invoices(3)
warm_order = make_order(warm)
for way in (ours, odoos):
    measure(way, warm, warm_order)

print(f"{'invoices':>8} {'ours':>16} {'Odoo':>16} {'Odoo / ours':>12} {'queries an invoice':>22}")
for size in sizes:
    documents = make_invoices(size)
    made = make_order(documents)
    own, own_queries = min(measure(ours, documents, made) for _round in range(2))
    # Once: it takes minutes, and its caches are warm.
    core, core_queries = measure(odoos, documents, made)
    print(
        f"{size:>8} {1000 * own / size:>9.1f} ms/inv {1000 * core / size:>9.1f} ms/inv "
        f"{core / own:>12.1f} {own_queries / size:>8.2f} vs {core_queries / size:>8.2f}",
        flush=True,
    )
env.cr.rollback()
