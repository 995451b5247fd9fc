from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .books.receivables import unpaid_documents
from .reminders.decided_dates import dates_table, decided, whole
from .reminders.queries import MOVE_LEVELS


class AccountMove(models.Model):
    """Invoices sorted and grouped by what nothing stores: their level and their next date.

    Both become a column of a joined table, so that Odoo's own grouping, ordering and its domains
    of groups work as for any other field.
    """

    _inherit = "account.move"

    # EXTENDS 'base'
    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr not in ("upominky_level", "upominky_next_date"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        joined = query.make_alias(alias, field_expr)
        if joined not in query._joins:
            table = getattr(self, f"_{field_expr}_table")(alias, query)
            own = SQL("%s = %s", SQL.identifier(joined, "record_id"), SQL.identifier(alias, "id"))
            query.add_join("LEFT JOIN", joined, table, own)
        value = SQL.identifier(joined, "value")
        return SQL("COALESCE(%s, 0)", value) if field_expr == "upominky_level" else value

    def _upominky_level_table(self, _alias, _query):
        """Return a table of the highest counted level of each invoice that was reminded.

        It passes the record rules, but says something only of invoices that the query returns.
        """
        for name in ("upominky.reminder", "upominky.reminder.line"):
            self.env[name].flush_model()
        return SQL("(%s)", SQL(MOVE_LEVELS))

    def _upominky_next_date_table(self, alias, query):
        """Return a table of the next dates, decided for the invoices that the query returns.

        The core decides them, so they are known here before the query runs.
        """
        domain = unpaid_documents()
        if alias == query.table == self._table:  # else it asks for another model, along a path
            domain &= Domain("id", "in", whole(query))
        moves = self.browse() if query.is_empty() else decided(self, domain)
        return dates_table(self.env["upominky.reader"]._next_dates(moves))
