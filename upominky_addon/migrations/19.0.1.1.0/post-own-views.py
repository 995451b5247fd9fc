"""Views of somebody's own that add to the table of letters, and no longer fit it, are switched off.

The table reads one value, the letter, and its elements have other attributes than before: a view
that looks for the former ones would have every letter fail. It stays, archived, for its author.
"""

import logging

from odoo import SUPERUSER_ID, api  # sudo: see below, the program itself

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Archive what does not fit, the last one first, until the table can be written again."""
    # sudo: a migration is the program's own, and of all companies.
    # While modules are loaded, Odoo leaves out views that belong to none, unless asked for them.
    env = api.Environment(cr, SUPERUSER_ID, {"load_all_views": True})
    table = env.ref("upominky_addon.invoice_table")
    reminder = env["upominky.reminder"].search([], order="id DESC", limit=1)
    for view in _added_to(table).sorted("id", reverse=True):
        if not (error := _error_of(table, reminder)):
            return
        # By SQL: Odoo would check the others as well, which are looked at one by one here.
        cr.execute("UPDATE ir_ui_view SET active = FALSE WHERE id = %s", [view.id])
        view.invalidate_recordset(["active"])
        _logger.warning(
            "The view “%s” (id %s) no longer fits the table of letters and is archived: %s",
            view.name,
            view.id,
            error,
        )


def _added_to(view):
    """Return the views that add to a view, at any depth."""
    added = view.inherit_children_ids
    return added | added.browse().union(*map(_added_to, added))


def _error_of(table, reminder):
    """Return why the table cannot be written, None if it can."""
    try:
        with table.env.cr.savepoint():
            table.env.registry.clear_cache("templates")
            table._get_combined_arch()
            reminder.invalidate_recordset(["invoice_table"])
            reminder.mapped("invoice_table")
    except Exception as error:  # whatever a view of somebody's own does
        return " ".join(str(error).split())[:300]
    return None
