"""Job 1 and the preview, against the floor."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tools import SQL

from . import floor, oracle
from .books import DAY
from .measure import Clock, measured
from .process import environment
from .requests import call, user_id

#: Rules with filters, in job 1 with filters.
FILTERS = 20
#: Levels 1 to 3 of every receivable, each in a reminder of its own, sent yesterday at the latest:
#: the fourth waits.
HISTORY = """
    WITH issued AS (
        INSERT INTO upominky_reminder (
            name, company_id, partner_id, rule_id, level_id, level_order, event, by_hand,
            issue_date, sent_date, state, delivery_state, to_send, email_to, lang, currency_totals)
        SELECT 'OLD/' || customer.id || '/' || level.order, %(company)s, customer.id, level.rule_id,
               level.id, level.order, 'issue', FALSE, %(sent)s, %(sent)s, 'sent', 'sent', TRUE,
               customer.email, 'en_US', '{}'
          FROM upominky_level level, res_partner customer
         WHERE level.rule_id = %(rule)s AND level.order <= 3 AND customer.is_company
           AND customer.active
     RETURNING id, partner_id, level_order)
    INSERT INTO upominky_reminder_line (
        reminder_id, company_id, move_line_id, move_id, event, level_order, level_days, due_date,
        days_overdue, currency_id, amount_issued, amount_due, state, counted)
    SELECT issued.id, %(company)s, item.id, item.move_id, 'issue', level.order, level.days_overdue,
           item.date_maturity, 1, item.currency_id, item.amount_residual_currency,
           item.amount_residual_currency, 'open', TRUE
      FROM issued
      JOIN upominky_level level ON level.rule_id = %(rule)s AND level.order = issued.level_order
      JOIN account_move_line item ON item.partner_id = issued.partner_id
     WHERE item.account_id = ANY(%(accounts)s) AND item.amount_residual_currency > 0
"""


def run_job(database):
    """Run job 1 as the scheduler does, over and over until it has come to its end."""
    calls = 0
    while True:
        with environment(database) as env:
            cron = env.ref("upominky_addon.cron_generate")
            outcome = cron.method_direct_trigger()
            if outcome is not True:
                raise SystemExit(f"Job 1 failed: {outcome}")
            env.cr.commit()
            calls += 1
            if not env["upominky.run"].search_count([("state", "=", "running")]):
                return calls


def job(database):
    """Measure job 1 on empty tables; letters and totals are checked against the oracle."""
    with environment(database) as env:
        floor.clear(env)
    with measured() as sample:
        calls = run_job(database)
    with environment(database) as env:
        sample.notes = {**oracle.check(env), "calls": calls}
    return sample


def job_with_interest(database):
    """Measure job 1 on empty tables, of a level that asks interest by law; it is checked as well.

    The level is as it was before, afterwards.
    """
    _ask(database, "statutory")
    sample = job(database)
    with environment(database) as env:
        sample.notes |= oracle.check_interest(env)
        floor.clear(env)
    _ask(database, "none")
    return sample


def job_with_filters(database):
    """Measure job 1 on empty tables with twenty rules that cover customers by filters.

    They issue what the general rule would, and leave out what nobody has; they go afterwards.
    """
    with environment(database) as env:
        floor.clear(env)
        general = env["upominky.rule"].search([("event", "=", "issue")], limit=1)
        rules = general.union(*(general.copy(_filtered(n)) for n in range(FILTERS))) - general
        made = rules.ids
        env.cr.commit()
    sample = job(database)
    with environment(database) as env:
        env.cr.execute("SELECT COUNT(DISTINCT rule_id) FROM upominky_reminder")
        sample.notes["rules"] = env.cr.fetchone()[0]
        floor.clear(env)
        env["upominky.rule"].browse(made).unlink()
        env.cr.commit()
    return sample


def _filtered(number):
    """Return the values of a rule of the customers whose names end in a number of two digits."""
    return {
        "name": f"Filter {number}",
        "sequence": number,
        "partner_domain": f"[('name', '=like', '%{number:02d}')]",
        "exclude_domain": f"[('ref', '=', 'Nothing {number}')]",
    }


def _ask(database, interest):
    with environment(database) as env:
        rules = env["upominky.rule"].search([("event", "=", "issue")])
        rules.level_ids[:1].interest = interest
        env.company.upominky_regime = "cz"  # whatever country the books' company is in
        env.cr.commit()


def queries_per_chunk(database):
    """Return how many queries a chunk of job 1 asks, and how many its commit."""
    with environment(database) as env:
        floor.clear(env)
        Generate = type(env["upominky.generate"])
    step, commit = Clock(Generate._step), Clock(Generate._commit)
    with patch.object(Generate, "_step", step), patch.object(Generate, "_commit", commit):
        run_job(database)
    return step.queries / step.calls, commit.queries / commit.calls


def bare_floor(database):
    """Measure the floor on empty tables."""
    with environment(database) as env:
        floor.clear(env)
        values = {**floor.parameters(env), "run": floor.open_run(env)}
        with measured() as sample:
            floor.write(env, values)
        sample.notes = oracle.check(env)
    return sample


def check_same_rows(database):
    """Make sure that the floor writes what the job writes, row by row.

    :raises SystemExit: if not: the ratio would say nothing
    """
    job(database)
    with environment(database) as env:
        ours = oracle.rows(env)
    bare_floor(database)
    with environment(database) as env:
        bare = oracle.rows(env)
    for table, rows in ours.items():
        if rows != bare[table]:
            differing = [
                pair for pair in zip(rows, bare[table], strict=False) if pair[0] != pair[1]
            ]
            raise SystemExit(f"The floor writes other rows of {table}: {differing[:2]}")


def make_history(database):
    """Give every receivable its first three levels, and return how many lines that are."""
    with environment(database) as env:
        floor.clear(env)
        values = {**floor.parameters(env), "sent": DAY - timedelta(days=1)}
        env.cr.execute(SQL(HISTORY, **values))
        env.cr.commit()
        env.cr.execute("ANALYZE upominky_reminder, upominky_reminder_line")
        env.cr.commit()
        return env["upominky.reminder.line"].search_count([])


def job_again(database):
    """Measure job 1 with nothing due."""
    with environment(database) as env:
        before = env["upominky.reminder"].search_count([])
    with measured() as sample:
        run_job(database)
    with environment(database) as env:
        issued = env["upominky.reminder"].search_count([]) - before
        if issued:
            raise SystemExit(f"Job 1 issued {issued} reminders where nothing was due")
    return sample


def preview(database):
    """Measure the preview: deciding about all, and its first page as the client asks for it."""
    with environment(database) as env:
        floor.clear(env)
        env.cr.execute("TRUNCATE upominky_preview_line")
        env.cr.commit()
        uid = user_id(env)
    with environment(database, uid) as env, measured() as sample:
        action = call(env, "upominky.preview.line", "action_open")
        page = call(
            env,
            "upominky.preview.line",
            "web_search_read",
            domain=action.get("domain") or [],
            specification={"reason": {}, "amount": {}, "partner_id": {"fields": {"name": {}}}},
            limit=80,
            count_limit=10001,
        )
        env.cr.commit()
    sample.notes = {"rows": page["length"]}
    return sample
