"""What is asked of every screen.

Beside requests of lists and figures stand those of Odoo's own on the same books: an invoice list
without the add-on's columns, journal items by customer, the invoice analysis.
"""

from datetime import timedelta

from .process import DAY, environment
from .screens_buttons import bulks, pages, tabs
from .screens_case import CLERK, MANAGER, user_id
from .screens_odoo import odoos_figures, odoos_own
from .screens_views import of_action, searches

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
