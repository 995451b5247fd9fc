"""Requests of Odoo's own beside ours, on the same books: lists without the add-on."""

from . import client
from .screens_case import Case
from .screens_views import action_of, of_groups

#: What Odoo's invoices are searched by.
HALF = ["|", ("name", "ilike", "/1234"), ("partner_id", "ilike", "/1234")]


def odoos_own(env, title, xmlid):
    """Return the list and the form of an action without what the add-on shows in them."""
    action = client.open_action(env, action_of(env, xmlid))
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
    yield from of_groups(by, action, "user_id", (tuple(ours), opened))


ITEMS = "account.action_account_moves_all"
INVOICE_ANALYSIS = "account.action_account_invoice_report_all"


def odoos_figures(env):
    """Return Odoo's groups of journal items and its analysis of invoices, on the same books."""
    items = client.open_action(env, action_of(env, ITEMS))
    items.domain = [("account_type", "=", "asset_receivable"), ("reconciled", "=", False)]
    for by, ours in (("partner_id", "overdue: group_partner"), ("date_maturity", "overdue: group")):
        own = (ours,), (f"{ours}, first opened",)
        yield from of_groups(f"Odoo's journal items: unpaid by {by}", items, by, own)
    analysis = client.open_action(env, action_of(env, INVOICE_ANALYSIS))
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
