# Run by script/bench in Odoo's shell: the bordereaux of N payers of 200 shares each are made,
# validated (without the document, which a browser makes) and paid by one transfer each. Everything
# is rolled back.
import gc
import os
import time
from datetime import date
from unittest.mock import patch

from odoo import Command

SHARES = 200
sizes = [int(size) for size in os.environ["CABINET_BENCH_SIZES"].split()] or [5, 50]
env = env(context={"tracking_disable": True, "lang": "en_US"})  # noqa: F821
company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
env = env(context={**env.context, "allowed_company_ids": company.ids})
category = env.ref("cabinet_billing.payer_category_department")
transfer = env["cabinet.payment.type"].search(
    [("company_id", "=", company.id), ("nature", "=", "received")], limit=2
)[1]


def make_payers(number):
    return env["res.partner"].create(
        [
            {
                "name": f"Payer {rank}",
                "is_payer": True,
                "payer_category_id": category.id,
                "payer_billing_type": "global",
            }
            for rank in range(number)
        ]
    )


def make_invoices(payers):
    # A patient for each payer: core looks through all that a person was ever invoiced.
    patients = env["res.partner"].create(
        [
            {"name": f"Bench {payer.name}", "is_patient": True, "company_id": company.id}
            for payer in payers
        ]
    )
    for payer, patient in zip(payers, patients, strict=True):
        share = Command.create({"partner_id": payer.id, "amount": 10.0})
        line = Command.create({"name": "Care", "price_unit": 12.0, "tax_ids": False})
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": patient.id,
                    "invoice_date": date(2026, 3, 2),
                    "invoice_line_ids": [line],
                    "payer_share_ids": [share],
                }
            ]
            * SHARES
        )
        moves.action_post()
        env.flush_all()
    env.cr.execute("ANALYZE account_move, account_move_line, cabinet_invoice_share")


def create(payers):
    rows = env["cabinet.bordereau"]
    shares = rows._find_shares(company, date(2026, 3, 31), payers=payers)
    return rows._create_for(shares, date(2026, 3, 1), date(2026, 3, 31))


def validate(bordereaux):
    with patch.object(type(bordereaux), "_render_pdf", lambda row: b"%PDF"):
        return bordereaux._validate()


def pay(bordereaux):
    for row in bordereaux:
        shares = row._get_lines().share_id
        transfer._settle(
            {share: share.amount_residual for share in shares}, date(2026, 4, 20), memo=row.name
        )
    return bordereaux


def measure(step, records):
    """Return what the step makes, the seconds and the queries that it takes."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    start, before = time.perf_counter(), env.cr.sql_log_count
    result = step(records)
    env.flush_all()
    return result, time.perf_counter() - start, env.cr.sql_log_count - before


print(f"{'payers':>7} {'shares':>7} {'step':>9} {'time':>14} {'queries a share':>16}")
for size in (1, *sizes):
    payers = make_payers(size)
    make_invoices(payers)
    records, shares = payers, size * SHARES
    for step in (create, validate, pay):
        records, seconds, queries = measure(step, records)
        if size > 1 or sizes == [1]:  # the first round only warms up
            print(
                f"{size:>7} {shares:>7} {step.__name__:>9} "
                f"{1000 * seconds / shares:>7.1f} ms/share {queries / shares:>13.2f}",
                flush=True,
            )
    assert set(records.mapped("state")) == {"paid"}, set(records.mapped("state"))
env.cr.rollback()
