"""The floor: what the database needs to group and write the same reminders, with nobody deciding.

One transaction of bare SQL that puts the same rows into the add-on's own tables, with all their
indexes and foreign keys. It knows this data set and nothing else: one rule, one level, one message
for each customer, at most one credit for each customer and currency.
"""

from odoo.tools import SQL

from .process import DAY

TABLES = (
    "upominky_reminder",
    "upominky_reminder_line",
    "upominky_reminder_credit",
    "upominky_delivery",
    "upominky_run",
)

#: Open items that count today, with what each customer is left to pay in each currency.
DUE = """
    CREATE TEMP TABLE bench_due ON COMMIT DROP AS
    SELECT item.id, item.move_id, move.commercial_partner_id AS customer_id, item.currency_id,
           item.date_maturity AS due, item.amount_residual_currency AS residual
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
     WHERE item.company_id = %(company)s
       AND item.account_id = ANY(%(accounts)s)
       AND item.parent_state = 'posted'
       AND item.reconciled IS NOT TRUE
       AND move.move_type IN ('out_invoice', 'out_refund')
       AND (item.amount_residual_currency < 0
            OR item.date_maturity + %(days)s <= %(today)s AND move.upominky_hold_until IS NULL)
"""
NET = """
    CREATE TEMP TABLE bench_net ON COMMIT DROP AS
    SELECT customer_id, currency_id, SUM(residual) AS total
      FROM bench_due
     GROUP BY customer_id, currency_id
    HAVING SUM(residual) > 0 AND MAX(residual) > 0
"""
REMINDERS = """
    INSERT INTO upominky_reminder (
        name, company_id, partner_id, rule_id, level_id, level_order, event, by_hand, issue_date,
        state, to_send, email_to, lang, recipient_langs, currency_totals, run_id, next_try,
        user_id, contact_note, note, create_uid, create_date, write_uid, write_date)
    SELECT 'UP/2026/' || lpad(nextval(%(sequence)s)::text, 5, '0'), %(company)s, customer.id,
           %(rule)s, %(level)s, 1, 'issue', FALSE, %(today)s, 'issued', TRUE,
           COALESCE(child.email, customer.email), COALESCE(customer.lang, 'en_US'),
           jsonb_build_object(COALESCE(child.email, customer.email),
                              COALESCE(child.lang, customer.lang, 'en_US')),
           net.totals, %(run)s, now() AT TIME ZONE 'UTC', customer.user_id, NULL, NULL,
           1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
      FROM (SELECT bench_net.customer_id, jsonb_object_agg(currency.name, total) AS totals
              FROM bench_net JOIN res_currency currency ON currency.id = bench_net.currency_id
             GROUP BY bench_net.customer_id) net
      JOIN res_partner customer ON customer.id = net.customer_id
 LEFT JOIN res_partner child ON child.parent_id = customer.id AND child.type = 'invoice'
     ORDER BY customer.id
"""
LINES = """
    INSERT INTO upominky_reminder_line (
        reminder_id, company_id, move_line_id, move_id, event, level_order, level_days, due_date,
        days_overdue, currency_id, amount_issued, amount_due, state, counted,
        create_uid, create_date, write_uid, write_date)
    SELECT reminder.id, %(company)s, due.id, due.move_id, 'issue', 1, %(days)s, due.due,
           %(today)s - due.due, due.currency_id, due.residual, due.residual, 'open', TRUE,
           1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
      FROM bench_due due
      JOIN bench_net net USING (customer_id, currency_id)
      JOIN upominky_reminder reminder ON reminder.partner_id = due.customer_id
     WHERE due.residual > 0
     ORDER BY reminder.id, due.id
"""
CREDITS = """
    INSERT INTO upominky_reminder_credit (
        reminder_id, company_id, move_line_id, name, currency_id, amount,
        create_uid, create_date, write_uid, write_date)
    SELECT reminder.id, %(company)s, due.id, item.move_name, due.currency_id, -due.residual,
           1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
      FROM bench_due due
      JOIN bench_net net USING (customer_id, currency_id)
      JOIN account_move_line item ON item.id = due.id
      JOIN upominky_reminder reminder ON reminder.partner_id = due.customer_id
     WHERE due.residual < 0
"""


def clear(env):
    """Empty the add-on's documents: every measurement starts from empty tables and indexes."""
    tables = SQL(", ").join(map(SQL.identifier, TABLES))
    env.cr.execute(SQL("TRUNCATE %s CASCADE", tables))
    env.cr.commit()


def parameters(env):
    company = env.company
    rule = env["upominky.rule"].search([("company_id", "=", company.id), ("event", "=", "issue")])
    level = rule.level_ids[0]
    return {
        "company": company.id,
        "accounts": env["account.account"].search([("account_type", "=", "asset_receivable")]).ids,
        "rule": rule.id,
        "level": level.id,
        "days": level.days_overdue,
        "today": DAY,
        "sequence": f"ir_sequence_{company._upominky_sequence().id:03d}",
    }


def open_run(env):
    """Return the id of a run for the floor's reminders to refer to."""
    values = {"company_id": env.company.id, "kind": "generate", "date": DAY}
    run = env["upominky.run"].create(values)
    env.cr.commit()
    return run.id


def write(env, values):
    """Do it: the five statements and the commit are what is measured."""
    for statement in (DUE, NET, REMINDERS, LINES, CREDITS):
        env.cr.execute(SQL(statement, **values))
    env.cr.commit()
