"""What is asked of every screen, made of the views as the web client gets them.

Beside requests of lists and figures stand those of Odoo's own on the same books: an invoice list
without the add-on's columns, journal items by customer, the invoice analysis.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo import Command

from . import client
from .process import DAY, environment
from .requests import call

BULK = 1_000
MANAGER, CLERK = "bench_manager", "bench_clerk"
GROUPS = {
    MANAGER: (
        "base.group_user",
        "base.group_allow_export",
        "account.group_account_invoice",
        "upominky_addon.group_manager",
    ),
    CLERK: ("base.group_user", "upominky_addon.group_user"),
}


class Case(NamedTuple):
    """One request: of which screen and kind, and who asks how.

    ``of_odoo`` are beginnings of the names of requests that this one, Odoo's own, is beside.
    ``ready`` is asked before, as what the reader sees already; ``ask`` gets its answer.
    """

    name: str
    kind: str
    ask: object
    who: str = MANAGER
    of_odoo: tuple[str, ...] = ()
    ready: object = None


def make_users(env):
    """Make those who ask, with their rights and no others."""
    for login, names in GROUPS.items():
        groups = [env.ref(name).id for name in names]
        env["res.users"].create({"name": login, "login": login, "group_ids": [Command.set(groups)]})


def user_id(database, login):
    with environment(database) as env:
        found = env["res.users"].search([("login", "=", login)])
        if not found:
            make_users(env)
            env.cr.commit()
            found = env["res.users"].search([("login", "=", login)])
        return found.id


# ------------------------------------------------------------------- screens


def of_action(env, title, xmlid, own="", only=None):
    """Return the requests of all that a window action can show.

    :param str own: how the names of filters begin that are the add-on's, where others are Odoo's;
        None for no filters and groups
    :param only: kinds of views; None for all
    """
    values = _action(env, xmlid)
    action = client.open_action(env, values)
    domain, by = client.defaults(env, action)
    yield Case(f"{title}: views", "page", lambda env: client.open_action(env, values) and None)
    kinds = [kind for kind in action.views if only is None or kind in only]
    for kind in kinds:
        yield from _of_view(env, title, action, kind, (domain, by))
    if "list" in kinds and own is not None:
        yield from _of_search(env, title, action, own)


def _action(env, xmlid):
    return env["ir.actions.act_window"]._for_xml_id(xmlid)


def _of_view(env, title, action, kind, default):
    domain, by = default
    if kind == "list" and by:
        yield Case(
            f"{title}: opened", "group", lambda env: client.read_groups(env, action, domain, by)
        )
    elif kind in ("list", "kanban"):
        yield Case(
            f"{title}: {kind}",
            "page",
            lambda env: client.read_list(env, action, domain, kind=kind),
        )
    elif kind == "form":
        found = env[action.model].search(domain, limit=1, offset=500)
        found = found or env[action.model].search(domain, limit=1)
        if found:
            yield Case(
                f"{title}: form", "page", lambda env: client.read_form(env, action, found.id)
            )
    elif kind == "calendar":
        month = DAY.replace(day=1)
        days = month - timedelta(days=6), month + timedelta(days=36)
        yield Case(
            f"{title}: calendar",
            "group",
            lambda env: client.read_calendar(env, action, domain, *days),
        )
    elif kind in ("pivot", "graph"):
        yield from _of_figures(env, title, action, kind, domain)


def _of_figures(env, title, action, kind, domain):
    read = client.read_pivot if kind == "pivot" else client.read_graph
    yield Case(f"{title}: {kind}", "group", lambda env: read(env, action, domain))
    for name, by in client.groups(env, action).items():
        dimension = [by] if kind == "pivot" else by
        yield Case(
            f"{title}: {kind}, {name}",
            "group",
            lambda env, by=dimension: read(env, action, domain, by),
        )


def _of_search(env, title, action, own):
    for name, found in client.filters(env, action).items():
        if name.startswith(own):
            asked = [*action.domain, *found]
            yield Case(
                f"{title}: {name}",
                "page",
                lambda env, asked=asked: client.read_list(env, action, asked),
            )
    for name, by in client.groups(env, action).items():
        if name.startswith(own):
            yield from _of_groups(f"{title}: {name}", action, by)


def _of_groups(name, action, by, of_odoo=((), ())):
    """Return the request of a list's groups, and that of what is in the first of them."""
    by = [by]
    own, own_opened = of_odoo
    yield Case(
        name, "group", lambda env: client.read_groups(env, action, action.domain, by), of_odoo=own
    )
    yield Case(
        f"{name}, first opened",
        "page",
        lambda env, inside: client.read_list(env, action, inside),
        of_odoo=own_opened,
        ready=lambda env: client.first_group(env, action, action.domain, by),
    )


def searches(env, title, xmlid, asked):
    """Return lists of an action by domains that people ask for, and by orders."""
    action = client.open_action(env, _action(env, xmlid))
    for name, (wanted, order) in asked.items():
        domain = [*action.domain, *wanted]
        yield Case(
            f"{title}: {name}",
            "page",
            lambda env, domain=domain, order=order: client.read_list(env, action, domain, order),
        )


#: What Odoo's invoices are searched by.
HALF = ["|", ("name", "ilike", "/1234"), ("partner_id", "ilike", "/1234")]


def odoos_own(env, title, xmlid):
    """Return the list and the form of an action without what the add-on shows in them."""
    action = client.open_action(env, _action(env, xmlid))
    for kind in ("list", "form"):
        action.specs[kind] = {
            name: inner for name, inner in action.specs[kind].items() if "upominky" not in name
        }
    found = env[action.model].search(action.domain, limit=1, offset=500)
    yield Case(
        f"{title}: list without the add-on's columns",
        "page",
        lambda env: client.read_list(env, action, action.domain),
        of_odoo=(f"{title}: ",),
    )
    yield Case(
        f"{title}: form without the add-on's fields",
        "page",
        lambda env: client.read_form(env, action, found.id),
        of_odoo=(f"{title}: form",),
    )
    if title == "invoices":
        yield Case(
            f"{title}: half a number or name without the add-on's columns",
            "page",
            lambda env: client.read_list(env, action, [*action.domain, *HALF]),
            of_odoo=("book: half",),
        )
    ours = [f"{title}: {name}" for name in client.groups(env, action) if "upominky" in name]
    opened = tuple(f"{name}, first opened" for name in ours)
    by = f"{title}: by salesperson without the add-on's columns"
    yield from _of_groups(by, action, "user_id", (tuple(ours), opened))


ITEMS = "account.action_account_moves_all"
INVOICE_ANALYSIS = "account.action_account_invoice_report_all"


def odoos_figures(env):
    """Return Odoo's groups of journal items and its analysis of invoices, on the same books."""
    items = client.open_action(env, _action(env, ITEMS))
    items.domain = [("account_type", "=", "asset_receivable"), ("reconciled", "=", False)]
    for by, ours in (("partner_id", "overdue: group_partner"), ("date_maturity", "overdue: group")):
        own = (ours,), (f"{ours}, first opened",)
        yield from _of_groups(f"Odoo's journal items: unpaid by {by}", items, by, own)
    analysis = client.open_action(env, _action(env, INVOICE_ANALYSIS))
    for by, more in (
        ("invoice_date", ""),
        ("partner_id", "_partner"),
        ("invoice_user_id", "_user"),
    ):
        for kind, read in (("pivot", client.read_pivot), ("graph", client.read_graph)):
            yield Case(
                f"Odoo's invoice analysis: {kind} by {by}",
                "group",
                lambda env, by=by, kind=kind, read=read: read(
                    env, analysis, analysis.domain, [by] if kind == "pivot" else by
                ),
                of_odoo=(
                    f"analysis: {kind}{more and f', group{more}'}",
                    *([f"analysis: group{more}"] if kind == "pivot" else ()),
                ),
            )


SOON = (DAY + timedelta(days=7)).isoformat()
BOOK_SEARCHES = {
    "half an invoice number": ([("line_ids.move_id.name", "ilike", "/1234")], ""),
    "half a number, name or invoice": (
        [
            "|",
            "|",
            ("name", "ilike", "/1234"),
            ("partner_id", "ilike", "/1234"),
            ("line_ids.move_id.name", "ilike", "/1234"),
        ],
        "",
    ),
    "a customer": ([("partner_id", "ilike", "Customer 4321")], ""),
    "a currency": ([("currency_names", "ilike", "EUR")], ""),
    "sorted by next date": ([("state", "!=", "cancelled")], "next_date"),
    "sorted by customer": ([("state", "!=", "cancelled")], "partner_id"),
}
INVOICE_SEARCHES = {
    "status is sent": ([("upominky_status", "=", "sent")], ""),
    "status is none": ([("upominky_status", "=", False)], ""),
    "level is 0": ([("upominky_level", "=", 0)], ""),
    "level is 2": ([("upominky_level", "=", 2)], ""),
    "count over 1": ([("upominky_count", ">", 1)], ""),
    "last date in a week": ([("upominky_last_date", ">=", (DAY - timedelta(7)).isoformat())], ""),
    "no last date": ([("upominky_last_date", "=", False)], ""),
    "next date in a week": ([("upominky_next_date", "<=", SOON)], ""),
    "sorted by level": ([], "upominky_level desc, id desc"),
    "sorted by next date": ([], "upominky_next_date, id desc"),
}
BOOK, INVOICES = "upominky_addon.action_upominky_reminder", "account.action_move_out_invoice_type"
CUSTOMERS = "account.res_partner_action_customer"
OURS = {
    "book": BOOK,
    "overview's list": "upominky_addon.action_upominky_overview",
    "overdue": "upominky_addon.action_overdue",
    "holds that end": "upominky_addon.action_hold_ends",
    "deliveries": "upominky_addon.action_upominky_delivery",
    "runs": "upominky_addon.action_upominky_run",
    "rules": "upominky_addon.action_upominky_rule",
    "analysis": "upominky_addon.action_upominky_analysis",
}
#: Lists with the filters and groups of another one.
SEARCHED_ALREADY = ("overview's list", "holds that end")


# --------------------------------------------------------------------- steps


def _window(env, answer):
    """Ask for the form that a button opens."""
    kinds = answer.get("views") or [(False, kind) for kind in answer["view_mode"].split(",")]
    action = client.open_action(env, {**answer, "views": kinds})
    if answer.get("res_id"):
        return client.read_form(env, action, answer["res_id"], kinds[0][1])
    if "list" not in action.specs:
        return call(
            env, action.model, "onchange", [], {}, [], action.specs["form"], context=action.context
        )
    domain, by = client.defaults(env, action)
    if by:
        return client.read_groups(env, action, domain, by)
    return client.read_list(env, action, domain)


def button(model, method, ids=(), **kwargs):
    """Return how a button is pressed, and what it opens is asked for."""

    def press(env):
        answer = call(env, model, method, *([list(ids)] if ids else []), **kwargs)
        is_window = isinstance(answer, dict) and answer.get("type") == "ir.actions.act_window"
        return _window(env, answer) if is_window else answer

    return press


def live_at(day):
    """Return how the start date is changed in the dialog of going live."""

    def change(env):
        opened = env["upominky.live"]._open(env.company)
        action = client.open_action(env, {**opened, "views": [(False, "form")]})
        values = {"start_date": day.isoformat()}
        spec = action.specs["form"]
        return call(
            env, "upominky.live", "onchange", [opened["res_id"]], values, ["start_date"], spec
        )

    return change


def overviews():
    """Yield what tells of everybody: the overview in its two parts, and the calendar."""
    for part, kind in (("first", "page"), ("rest", "group")):
        figures = button("upominky.overview", "retrieve_dashboard", part=part)
        yield Case(f"overview: figures, {part}", kind, figures)
    month = DAY.replace(day=1)
    days = {"start": str(month - timedelta(days=6)), "end": str(month + timedelta(days=36))}
    yield Case("calendar of what comes", "group", button("upominky.coming", "read_days", **days))


def pages(env):
    """Return the requests of what is opened by a button."""
    large = env["res.partner"].search([("name", "=", "Customer 0")]).id
    run = env["upominky.run"].search([("kind", "=", "generate")], limit=1)
    level = env["upominky.level"].search([], limit=1)
    rule = env["upominky.rule"].search([("category_ids", "!=", False)], limit=1)
    tag = env["res.partner.category"].search([], limit=1)
    yield from overviews()
    yield Case("readiness", "page", button("upominky.readiness", "action_open"))
    yield Case("settings", "page", button("upominky.settings", "action_open"))
    yield Case("first steps", "page", button("upominky.first.steps", "action_open"))
    yield Case("level: preview", "page", button("upominky.level", "action_preview", level.ids))
    yield Case(
        "rule: tag added",
        "page",
        lambda env: call(
            env,
            "upominky.rule",
            "web_save",
            rule.ids,
            {"category_ids": [[4, tag.id]]},
            {"name": {}},
        ),
    )
    yield Case("runs: undo asked", "bulk", button("upominky.run", "action_ask_undo", run.ids))
    yield Case(
        "customer of 3,000: reminders",
        "page",
        button("res.partner", "action_open_upominky_reminders", [large]),
    )
    yield Case("preview: open", "step", button("upominky.preview.line", "action_open"))
    yield Case(
        "going live: open",
        "step",
        lambda env: _window(env, env["upominky.live"]._open(env.company)),
    )
    yield Case("going live: date changed", "step", live_at(date(2026, 3, 30)))


def tab(env, title, model, view, record_id):
    """Return the request of a tab that is read when it is opened."""
    action = client.open_action(
        env, {"res_model": model, "views": [(env.ref(view).id, "form")], "domain": []}
    )
    return Case(title, "page", lambda env: client.read_form(env, action, record_id))


def tabs(env):
    large = env["res.partner"].search([("name", "=", "Customer 0")])
    other = env["res.partner"].search([("name", "=", "Customer 4321")])
    for title, partner in (("of 3,000", large), ("of a few", other)):
        yield tab(
            env,
            f"customer {title}: reminders' tab",
            "res.partner",
            "upominky_addon.view_partner_upominky_form",
            partner.id,
        )
        move = env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")], limit=1, offset=1
        )
        yield tab(
            env,
            f"invoice of the customer {title}: reminders' tab",
            "account.move",
            "upominky_addon.view_move_upominky_form",
            move.id,
        )


def bulks(env):
    """Return what is done with a thousand at once, and with half of them refused."""
    Reminder = env["upominky.reminder"]

    def some(count, *domain):
        return Reminder.search(list(domain), limit=count).ids

    sent = some(BULK // 2, ("state", "=", "sent"))
    for title, method, state, kwargs in (
        ("approve", "action_approve", "to_approve", {}),
        ("retry", "action_retry", "failed", {}),
        ("cancel", "action_cancel", "issued", {"reason": "Bench"}),
    ):
        ids = some(BULK, ("state", "=", state))
        yield Case(f"{title} {BULK}", "bulk", button("upominky.reminder", method, ids, **kwargs))
        half = [*ids[: BULK // 2], *sent]
        yield Case(
            f"{title} {BULK}, half refused",
            "bulk",
            button("upominky.reminder", method, half, **kwargs),
        )
    customers = Reminder.search([], limit=20 * BULK).partner_id.ids
    for count in (BULK, 5 * BULK):
        yield Case(
            f"issue by hand: {count} customers chosen",
            "bulk" if count == BULK else "many",
            button("res.partner", "action_upominky_issue", customers[:count]),
        )
    columns = ["name", "partner_id/name", "issue_date", "state", "totals_text", "next_date"]
    ten = some(10 * BULK)
    yield Case(
        "book: export of 10,000",
        "step",
        lambda env: len(env["upominky.reminder"].browse(ten).export_data(columns)["datas"]),
    )


def cases(database):
    """Return all requests, made of the views as a manager sees them."""
    with environment(database, user_id(database, MANAGER)) as env:
        found = []
        for title, xmlid in OURS.items():
            found += of_action(env, title, xmlid, own=None if title in SEARCHED_ALREADY else "")
        for title, xmlid in (("invoices", INVOICES), ("customers", CUSTOMERS)):
            found += of_action(env, title, xmlid, own="upominky", only=("list", "form"))
            found += odoos_own(env, title, xmlid)
        found += searches(env, "book", BOOK, BOOK_SEARCHES)
        found += searches(env, "invoices", INVOICES, INVOICE_SEARCHES)
        found += [*odoos_figures(env), *tabs(env), *pages(env), *bulks(env)]
    with environment(database, user_id(database, CLERK)) as env:
        for title, xmlid in (("book", BOOK), ("overview's list", OURS["overview's list"])):
            found += [
                case._replace(name=f"{case.name}, a clerk", who=CLERK)
                for case in of_action(env, title, xmlid, only=("list", "form"))
                if case.name.endswith((": list", ": form"))
            ]
    return found
