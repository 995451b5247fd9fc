"""The books that screens are measured on: those of :mod:`bench.books`, with years of reminders.

To N open receivables of N/5 customers come N/2 paid invoices, 31 rules of which 30 go by a tag of
the customer, one customer with a hundredth of all open receivables, and for each receivable about
one reminder, two lines and a delivery with its message. All follows from numbers: no chance in it.
"""

import sys
import time

from odoo import Command
from odoo.tools import SQL

from . import books
from .clone import Bundle, copy_bundle, number
from .process import DAY, environment

TAGS = 30
#: One customer in two has a tag.
TAGGED = "n %% 60 < 30"
#: Paid invoices fell due from a month ago to nearly a year ago, and were paid within 75 days.
PAID_DUE = SQL("%s::date - 30 - (n * 37 %% 330)::int", DAY)
PAID_AFTER = SQL("(n * 13 %% 75)::int")
#: A hundredth of the open receivables belongs to one customer.
LARGE = 100

#: Receivables with what reminders go by. Those of a customer come together by twos or by threes,
#: those of the large one by thirties.
ITEMS = """
    CREATE TEMP TABLE bench_item ON COMMIT DROP AS
    SELECT item.id, item.move_id, item.partner_id, item.currency_id, item.date_maturity AS due,
           CASE WHEN item.reconciled THEN item.amount_currency
                ELSE item.amount_residual_currency END AS amount,
           CASE WHEN item.reconciled THEN item.matched_on END AS paid_on,
           item.place / CASE WHEN item.partner_id = %(large)s THEN 30
                             WHEN item.partner_id %% 10 < 4 THEN 2
                             ELSE 3 END AS part
      FROM (
        SELECT line.*,
               row_number() OVER (PARTITION BY line.partner_id ORDER BY line.id) - 1 AS place,
               (SELECT MAX(max_date) FROM account_partial_reconcile
                 WHERE debit_move_id = line.id) AS matched_on
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
         WHERE line.account_id IN (
                SELECT id FROM account_account WHERE account_type = 'asset_receivable')
           AND move.move_type = 'out_invoice'
           AND move.upominky_hold_until IS NULL
      ) AS item
"""
#: Levels that parts have reached, one reminder each. What it became follows from its number.
PARTS = """
    CREATE TEMP TABLE bench_part ON COMMIT DROP AS
    SELECT *, row_number() OVER (ORDER BY issue_date, partner_id, part, level_order) AS n
      FROM (
        SELECT item.partner_id, item.part, rule.id AS rule_id, level.id AS level_id,
               level.order AS level_order, level.days_overdue AS days,
               percentile_disc(%(place)s) WITHIN GROUP (ORDER BY item.due)
                   + level.days_overdue + 1 AS issue_date
          FROM bench_item item
     LEFT JOIN bench_rule own ON own.partner_id = item.partner_id
          JOIN upominky_rule rule ON rule.id = COALESCE(own.rule_id, %(rule)s)
          JOIN upominky_level level ON level.rule_id = rule.id
      GROUP BY item.partner_id, item.part, rule.id, level.id
        HAVING percentile_disc(%(place)s) WITHIN GROUP (ORDER BY item.due)
                   + level.days_overdue + 1 <= %(today)s
           AND COALESCE(MAX(item.paid_on)
                   > percentile_disc(%(place)s) WITHIN GROUP (ORDER BY item.due)
                   + level.days_overdue + 1, TRUE)
      ) AS reached
"""
RULES = """
    CREATE TEMP TABLE bench_rule ON COMMIT DROP AS
    SELECT tagged.partner_id, MIN(listed.upominky_rule_id) AS rule_id
      FROM res_partner_res_partner_category_rel tagged
      JOIN upominky_rule_category_rel listed
        ON listed.res_partner_category_id = tagged.category_id
     GROUP BY tagged.partner_id
"""
RUNS = """
    INSERT INTO upominky_run (company_id, kind, date, state, place, customer_ids, create_date)
    SELECT %(company)s, 'generate', issue_date, 'done', 0, '[]', issue_date
      FROM bench_part
     GROUP BY issue_date
     ORDER BY issue_date
"""
#: The newest wait, one in nine is no e-mail, few failed or were cancelled, nearly all were sent.
REMINDERS = """
    WITH state AS (
        SELECT part.*, run.id AS run_id, n %% 19 != 4 AS to_send,
               CASE WHEN n %% 200 = 13 THEN 'failed'
                    WHEN n %% 90 = 7 THEN 'cancelled'
                    WHEN level_order = 4 AND issue_date > %(today)s - 5 THEN 'to_approve'
                    WHEN n %% 19 = 4 OR issue_date > %(today)s - 2 THEN 'issued'
                    ELSE 'sent' END AS state
          FROM bench_part part
          JOIN upominky_run run ON run.date = part.issue_date AND run.kind = 'generate'
    )
    INSERT INTO upominky_reminder (
        name, company_id, partner_id, rule_id, level_id, level_order, run_id, event, by_hand,
        issue_date, sent_date, state, delivery_state, to_send, next_try, email_to, lang,
        currency_totals, create_date)
    SELECT 'UPO/' || state.n, %(company)s, partner_id, rule_id, level_id, level_order, run_id,
           'issue', FALSE, issue_date, CASE WHEN state = 'sent' THEN issue_date END, state,
           CASE WHEN NOT to_send THEN NULL WHEN state = 'sent' THEN
               CASE WHEN n %% 2 = 0 THEN 'delivered' WHEN n %% 10 = 1 THEN 'read' ELSE 'sent' END
               WHEN state = 'failed' THEN 'failed' END,
           to_send,
           CASE WHEN to_send AND state = 'issued' THEN issue_date END,
           'office' || partner_id || '@x.example', 'en_US',
           (
               SELECT jsonb_object_agg(sum.name, sum.amount)
                 FROM (
                   SELECT currency.name, SUM(item.amount) AS amount
                     FROM bench_item item
                     JOIN res_currency currency ON currency.id = item.currency_id
                    WHERE item.partner_id = state.partner_id AND item.part = state.part
                    GROUP BY currency.name
                 ) AS sum
           ),
           issue_date
      FROM state
     ORDER BY n
"""
LINES = """
    INSERT INTO upominky_reminder_line (
        reminder_id, company_id, move_line_id, move_id, event, level_order, level_days, due_date,
        days_overdue, currency_id, amount_issued, amount_due, amount_credited, state, counted)
    SELECT reminder.id, %(company)s, item.id, item.move_id, 'issue', part.level_order, part.days,
           item.due, part.issue_date - item.due, item.currency_id, item.amount, item.amount, 0,
           CASE WHEN reminder.state = 'cancelled' THEN 'cancelled' ELSE 'open' END,
           reminder.state != 'cancelled'
      FROM bench_part part
      JOIN upominky_reminder reminder ON reminder.name = 'UPO/' || part.n
      JOIN bench_item item ON item.partner_id = part.partner_id AND item.part = part.part
     ORDER BY part.n, item.id
"""
DELIVERIES = """
    INSERT INTO upominky_delivery (
        reminder_id, company_id, channel, email_to, lang, is_copy, attempt, state, message_id,
        sent_at, delivered_at, read_at, error, create_date)
    SELECT id, company_id, 'email', email_to, lang, FALSE, 1,
           COALESCE(delivery_state, 'sent'), '<' || id || '@bench.example>', sent_date,
           CASE WHEN delivery_state IN ('delivered', 'read') THEN sent_date END,
           CASE WHEN delivery_state = 'read' THEN sent_date END,
           CASE WHEN delivery_state = 'failed' THEN '550 Unknown user' END, issue_date
      FROM upominky_reminder
     WHERE to_send AND (sent_date IS NOT NULL OR delivery_state IS NOT NULL)
     ORDER BY id
"""
MESSAGES = """
    WITH written AS (
        INSERT INTO mail_message (
            model, res_id, message_type, subject, body, date, message_id, author_id, is_internal,
            subtype_id, email_from, record_company_id, create_date)
        SELECT 'upominky.reminder', delivery.reminder_id, 'email_outgoing', 'Payment reminder',
               '<p>' || repeat('Please pay the invoices that are listed here. ', 8) || '</p>',
               delivery.create_date, delivery.message_id, %(author)s, FALSE, %(subtype)s,
               'books@sender.example', %(company)s, delivery.create_date
          FROM upominky_delivery delivery
         ORDER BY delivery.id
     RETURNING id, res_id)
    UPDATE upominky_delivery
       SET mail_message_id = written.id
      FROM written
     WHERE written.res_id = upominky_delivery.reminder_id
"""
TAG_CUSTOMERS = """
    INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
    SELECT %(first)s::bigint + n, (%(tags)s::int[])[n %% 60 + 1]
      FROM generate_series(0, %(last)s) AS n
     WHERE n %% 60 < 30
"""
#: What says whose a document is.
OWNERS = {
    "account_move": ("partner_id", "commercial_partner_id", "partner_shipping_id"),
    "account_move_line": ("partner_id",),
    "account_payment": ("partner_id",),
}


def make_rules(env):
    """Give each of 30 tags a rule of its own, as the general one but for the tag."""
    general = env["upominky.rule"].search([("event", "=", "issue")], limit=1)
    tags = env["res.partner.category"].create([{"name": f"Group {n}"} for n in range(TAGS)])
    for place, tag in enumerate(tags):
        values = {
            "name": f"Rule of {tag.name}",
            "sequence": 10 + place,
            "category_ids": [Command.set(tag.ids)],
        }
        general.copy(values)
    return general, tags


def make_paid(env, count, first, customers):
    """Copy a paid invoice of each currency with its payment."""
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    prototypes = {("paid", name): books.post(env, "paid", name, partner) for name in ("CZK", "EUR")}
    env.flush_all()
    books.fresh_statistics(env)
    owner = SQL("%s::bigint + n %% %s", first, customers)
    for (kind, currency), rows in prototypes.items():
        number(env.cr, SQL(books.EUR if currency == "EUR" else f"NOT ({books.EUR})"), count)
        values = _paid_values(kind, currency, owner)
        copy_bundle(env.cr, Bundle(rows, values, books.FACTOR))
    books.link_payments(env.cr)
    env.invalidate_all()
    books.remove_prototypes(env, prototypes, partner)


def _paid_values(kind, currency, owner):
    """Return what differs in a paid invoice and in its payment, which comes later."""
    values = books.values_of(kind, currency, owner, PAID_DUE)
    paid_on = SQL("(%s + %s)", PAID_DUE, PAID_AFTER)
    move, line = values["account_move"], values["account_move_line"]
    move["date"] = SQL(
        "CASE WHEN proto.move_type = 'entry' THEN %s ELSE %s END", paid_on, move["date"]
    )
    line["date"] = SQL(
        "CASE WHEN proto.payment_id IS NOT NULL THEN %s ELSE %s END", paid_on, line["date"]
    )
    line |= {"full_reconcile_id": SQL("NULL::int"), "matching_number": SQL("n::text")}
    values["account_payment"]["date"] = paid_on
    values["account_partial_reconcile"] = {
        "max_date": paid_on,
        "full_reconcile_id": SQL("NULL::int"),
    }
    return values


def make_large(env, receivables, first):
    """Give the documents of the first customers to one of them."""
    last = first + receivables // LARGE // books.PER_CUSTOMER - 1
    for table, columns in OWNERS.items():
        sets = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), first) for name in columns)
        env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE partner_id BETWEEN %s AND %s",
                SQL.identifier(table),
                sets,
                first + 1,
                last,
            )
        )


def make_reminders(env, general, large):
    """Write the reminders that the receivables have had, with all that belongs to them."""
    values = {
        "company": env.company.id,
        "today": DAY,
        "large": large,
        "rule": general.id,
        "place": 1.0,
        "author": env.company.partner_id.id,
        "subtype": env.ref("mail.mt_note").id,
    }
    for query in (ITEMS, RULES):
        env.cr.execute(query, values)
    env.cr.execute("CREATE INDEX ON bench_item (partner_id, part)")
    env.cr.execute("ANALYZE bench_item, bench_rule")
    for query in (PARTS, RUNS, REMINDERS):
        env.cr.execute(query, values)
    env.cr.execute("ANALYZE bench_part, upominky_reminder")
    for query in (LINES, DELIVERIES, MESSAGES):
        env.cr.execute(query, values)


def build(database, receivables):
    customers = receivables // books.PER_CUSTOMER
    books.build(database, receivables)
    started = time.monotonic()
    with environment(database) as env:
        first = env["res.partner"].search([("name", "=", "Customer 0")]).id
        general, tags = make_rules(env)
        where = {"first": first, "last": customers - 1, "tags": tags.ids}
        env.cr.execute(TAG_CUSTOMERS, where)
        make_paid(env, receivables // 2, first, customers)
        make_large(env, receivables, first)
        books.fresh_statistics(env)
        make_reminders(env, general, first)
        books.fresh_statistics(env)
        for table in ("reminder", "reminder_line", "delivery"):
            env.cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(f"upominky_{table}")))
            print(f"{table}: {env.cr.fetchone()[0]}", file=sys.stderr)
    print(f"Screens' books made in {time.monotonic() - started:.0f} s more", file=sys.stderr)


if __name__ == "__main__":
    books.main(build, __doc__)
