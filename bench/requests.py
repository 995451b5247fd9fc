"""Requests of the web client, as it makes them: views first, then the fields that they show."""

from lxml import etree

from odoo import Command
from odoo.service.model import call_kw

from . import floor
from .measure import measured
from .process import DAY, environment

LOGIN = "bench_accountant"
X2MANY = ("one2many", "many2many")

#: Reminders for the book: five levels of every receivable, a line each.
BOOK = """
    WITH written AS (
        INSERT INTO upominky_reminder (
            name, company_id, partner_id, rule_id, level_id, level_order, event, by_hand,
            issue_date, sent_date, state, delivery_state, to_send, email_to, lang, currency_totals)
        SELECT 'BOOK/' || item.id || '/' || n, %(company)s, item.partner_id, %(rule)s, %(level)s, n,
               'issue', FALSE, %(today)s::date - n * 15, %(today)s::date - n * 15,
               CASE WHEN item.id %% 50 = 0 THEN 'failed' WHEN item.id %% 50 = 1 THEN 'cancelled'
                    WHEN item.id %% 50 < 5 THEN 'issued' ELSE 'sent' END,
               CASE WHEN item.id %% 50 = 0 THEN 'failed' WHEN item.id %% 50 < 5 THEN NULL
                    ELSE 'sent' END,
               TRUE, 'office@x.example', 'en_US', '{"CZK": 100.0}'
          FROM account_move_line item, generate_series(1, 5) AS n
         WHERE item.account_id = ANY(%(accounts)s) AND item.amount_residual_currency > 0
     RETURNING id, name, level_order, issue_date)
    INSERT INTO upominky_reminder_line (
        reminder_id, company_id, move_line_id, move_id, event, level_order, level_days, due_date,
        days_overdue, currency_id, amount_issued, amount_due, state, counted)
    SELECT written.id, %(company)s, item.id, item.move_id, 'issue', written.level_order, 7,
           item.date_maturity, 7, item.currency_id, item.amount_residual_currency,
           item.amount_residual_currency, 'open', TRUE
      FROM written
      JOIN account_move_line item ON item.id = split_part(written.name, '/', 2)::int
"""


def call(env, model, method, *args, **kwargs):
    """Call a public method as a request does."""
    return call_kw(env[model], method, list(args), kwargs)


def user_id(env):
    """Return the id of an accountant with the add-on's rights and no others."""
    user = env["res.users"].search([("login", "=", LOGIN)])
    if not user:
        groups = env.ref("base.group_user") | env.ref("upominky_addon.group_manager")
        user = env["res.users"].create(
            {"name": LOGIN, "login": LOGIN, "group_ids": [Command.set(groups.ids)]}
        )
        env.cr.commit()
    return user.id


def fill_book(database):
    """Fill the reminder book with five reminders for each receivable, and return how many."""
    with environment(database) as env:
        floor.clear(env)
        env.cr.execute(floor.SQL(BOOK, **{**floor.parameters(env), "today": DAY}))
        env.cr.commit()
        env.cr.execute("ANALYZE upominky_reminder, upominky_reminder_line")
        env.cr.commit()
        return env["upominky.reminder"].search_count([])


def _own_fields(node):
    """Yield the fields of a view, not those of the lists inside it."""
    for child in node:
        if child.tag == "field":
            yield child
        else:
            yield from _own_fields(child)


def specification(env, model, node):
    """Return what the client asks for to show a view: its fields, and those of lists inside."""
    found = {}
    for node_of_field in _own_fields(node):
        name = node_of_field.get("name")
        field = env[model]._fields[name]
        found[name] = {}
        if field.type == "many2one":
            found[name] = {"fields": {"display_name": {}}}
        elif field.type in X2MANY and len(node_of_field):
            inner = specification(env, field.comodel_name, node_of_field[0])
            found[name] = {"fields": inner, "limit": 40}
    return found


def views(env, model, kind):
    """Return the specification of a model's default view of a kind."""
    arch = call(env, model, "get_views", [[False, kind]])["views"][kind]["arch"]
    return specification(env, model, etree.fromstring(arch))


def _request(database, uid, ask):
    """Measure one request: a cursor and a cache of its own."""
    with environment(database, uid) as env, measured() as sample:
        sample.notes = {"length": ask(env)}
    return sample


def _read(env, domain, fields):
    """Ask for the first page of the book, as its list does."""
    return call(
        env,
        "upominky.reminder",
        "web_search_read",
        domain=domain,
        specification=fields,
        limit=80,
        count_limit=10001,
    )["length"]


def _group(env, domain):
    """Ask for the book by customer."""
    return call(
        env,
        "upominky.reminder",
        "web_read_group",
        domain=domain,
        groupby=["partner_id"],
        aggregates=["__count"],
        limit=80,
    )["length"]


def _invoice(env, move_id, form):
    """Ask for one invoice with its history."""
    return len(call(env, "account.move", "web_read", [move_id], specification=form))


def book_cases(database):
    """Return the requests of the book as cases to measure."""
    with environment(database) as env:
        uid = user_id(env)
        move_id = env["upominky.reminder.line"].search([], limit=1, offset=1000).move_id.id
    with environment(database, uid) as env:
        fields = views(env, "upominky.reminder", "list")
        form = views(env, "account.move", "form")
    default = [("state", "!=", "cancelled")]
    asked = {
        "open": lambda env: _read(env, default, fields),
        "filter by state": lambda env: _read(env, [("state", "=", "failed")], fields),
        "invoice with history": lambda env: _invoice(env, move_id, form),
        "group by customer": lambda env: _group(env, default),
    }
    return {name: (lambda ask=ask: _request(database, uid, ask)) for name, ask in asked.items()}
