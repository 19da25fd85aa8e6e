# Run by script/bench in Odoo's shell: N claims of as many patients are acquitted, then a factor's
# statement pays each of them: read, shown again, posted; against the same money as Odoo's own
# payments (created, posted, matched in one plan). Everything is rolled back between the rounds, and
# the first one warms the caches and is thrown away.
#
# Statistics: each round is one transaction, in which the database's own upkeep cannot look at the
# new rows. It would go on checking their foreign keys by the plan it made when the table was empty,
# by reading all of it, and a line would take longer the more of them there are (measured: 15 ms
# instead of 5 at 10,000). In a clinic the lines are there for a minute and more before they are
# booked, and are counted meanwhile; so are they here, and Odoo's payments before they are posted.
import gc
import os
import time
from datetime import date, datetime

from odoo import Command

sizes = [int(size) for size in os.environ["CABINET_BENCH_SIZES"].split()] or [1000]
env = env(context={"tracking_disable": True, "lang": "en_US"})  # noqa: F821
company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
env = env(context={**env.context, "allowed_company_ids": company.ids})
category = env.ref("cabinet_billing.payer_category_factor")
factor = env["res.partner"].create(
    {"name": "Bench factor", "is_payer": True, "payer_category_id": category.id}
)
account = env["account.account"].search(
    [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
)
contract = env["cabinet.factoring.contract"].create(
    {
        "name": "Bench",
        "number": "BENCH",
        "partner_id": factor.id,
        "company_id": company.id,
        "gln": "7601000000019",
        "factor_gln": "7601000000026",
        "fees_account_id": account.id,
    }
)
COLUMNS = (
    "type;seq;event_id;date;value_date;invoice_no;factor_ref;patient_no;patient_name;amount;"
    "vat_rate;vat_amount;level;flag;reason;text"
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


def acquit(moves):
    """Hand the invoices to the factor and acquit them; an order takes at most 2,000."""
    for start in range(0, len(moves), 2000):
        order = env["cabinet.factoring.order"]._create_for(moves[start : start + 2000])
        order._refresh_lines()
        order._go("prepared", name=f"BENCH-{order.id}")
        order._go("sent", sent_on=datetime(2026, 1, 1))
        order._go("arrived")
        order._acquit(order.kept_line_ids, "Transmis CMD")
        run = order.acquittal_ids
        while run.state == "running" and run._process_slice():
            pass
        assert order.stage == "acquitted", order.stage
        env.flush_all()
        env.cr.execute("ANALYZE")


def write_file(moves):
    """Return a statement that pays every claim, takes its fee and transfers the rest."""
    rows = [
        f"PAY;{rank};P{rank};05.03.2026;;{move.name};;;{move.partner_id.name};"
        f"{move.amount_total:.2f};;;;;;"
        for rank, move in enumerate(moves, 1)
    ]
    total = sum(moves.mapped("amount_total"))
    rows.append(f"FEE;{len(rows) + 1};F;31.03.2026;;;;;;10.00;;;;;;")
    header = (
        f"#HDR;BENCH;1;01.03.2026;31.03.2026;{company.currency_id.name};0.00;{total - 10:.2f};"
        f"{len(rows)}"
    )
    return "\r\n".join([header, COLUMNS, *rows, ""]).encode()


def ours(moves):
    """Return seconds and queries of reading, showing again and posting."""
    data, spent = write_file(moves), []
    statement = env["cabinet.factoring.statement"]
    env.invalidate_all()
    for step in ("read", "show", "post"):
        start, before = time.perf_counter(), env.cr.sql_log_count
        if step == "read":
            statement = statement._import("bench.csv", data, contract)
            # Long files are staged in the background: here as fast as they can be.
            while statement._process_slice():
                continue
            assert statement.state == "read", statement.fault_text
        elif step == "show":
            env.invalidate_all()
            statement.action_match()
            statement.line_ids[:80].mapped("effect_text")
            assert statement.totals_html
        else:
            statement.action_post()
            while statement._process_slice():
                continue
        env.flush_all()
        spent.append((time.perf_counter() - start, env.cr.sql_log_count - before))
        env.cr.execute("ANALYZE cabinet_factoring_statement_line")
    assert set(statement.line_ids.mapped("status")) == {"done"}
    assert not sum(moves.cabinet_claim_line_ids.mapped("amount_residual"))
    return spent


def odoos(moves):
    """Record the same money as Odoo's own payments, in batch, matched in one plan."""
    start, before = time.perf_counter(), env.cr.sql_log_count
    payments = env["account.payment"].create(
        [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": move.partner_id.id,
                "amount": move.amount_total,
                "date": date(2026, 3, 5),
                "destination_account_id": contract.claims_account_id.id,
            }
            for move in moves
        ]
    )
    env.flush_all()
    paused = time.perf_counter()
    env.cr.execute("ANALYZE account_payment")
    start += time.perf_counter() - paused
    before += 1
    payments.action_post()
    account = contract.claims_account_id
    plan = [
        (payment.move_id.line_ids + move.cabinet_claim_line_ids).filtered(
            lambda row: row.account_id == account
        )
        for payment, move in zip(payments, moves, strict=True)
    ]
    env["account.move.line"]._reconcile_plan(plan)
    env.flush_all()
    assert not sum(moves.cabinet_claim_line_ids.mapped("amount_residual"))
    return [(time.perf_counter() - start, env.cr.sql_log_count - before)]


def measure(way, moves):
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    savepoint = env.cr.savepoint()
    spent = way(moves)
    savepoint.close(rollback=True)
    env.invalidate_all()
    return spent


warm = make_invoices(3)
acquit(warm)
for way in (ours, odoos):
    measure(way, warm)

titles = " ".join(f"{title:>18}" for title in ("read", "show", "post", "Odoo payments"))
print(f"{'lines':>7} {titles} {'Odoo / post':>12}")
for size in sizes:
    documents = make_invoices(size)
    acquit(documents)
    columns = measure(ours, documents)
    # Ten thousand of Odoo's payments take a quarter of an hour: a thousand tell the same a line.
    some = documents[:1000]
    [(core, core_queries)] = measure(odoos, some)
    texts = [f"{1000 * spent / size:7.1f} ms {queries / size:5.2f} q" for spent, queries in columns]
    texts.append(f"{1000 * core / len(some):7.1f} ms {core_queries / len(some):5.2f} q")
    ratio = (core / len(some)) / (columns[2][0] / size)
    shown = " ".join(f"{text:>18}" for text in texts)
    print(f"{size:>7} {shown} {ratio:>12.1f}", flush=True)
env.cr.rollback()
