from odoo import api, models
from odoo.tools import SQL

from .reminders.decided_dates import (
    companies_searched,
    dates_table,
    few_of,
    first_dates,
    join_by_id,
)
from .reminders.first_pages import Part, sorted_page
from .reminders.queries import HAS_NO_LEVEL, IS_LEVEL, LEVELS_THERE_ARE, MOVE_LEVELS


class AccountMove(models.Model):
    """Invoices sorted, grouped and searched by what nothing stores: their level and next date.

    Both become a column of a joined table, so that Odoo's own grouping, ordering and its domains
    of groups work as for any other field.
    """

    _inherit = "account.move"

    # EXTENDS 'base'
    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        parts = {
            "upominky_level": self._upominky_by_level,
            "upominky_next_date": first_dates(self),
        }
        order, page = sorted_page(self, domain, (offset, limit, order), parts, **kwargs)
        return super()._search(domain, offset, limit, order, **kwargs) if page is None else page

    def _upominky_by_level(self, is_down, _number):
        """Yield the invoices of each level in turn, those without any as of level 0.

        :param bool is_down: whether the highest come first
        """
        self._upominky_flush()
        levels = [level for (level,) in self.env.execute_query(SQL(LEVELS_THERE_ARE))]
        for level in sorted({0, *levels}, reverse=is_down):
            query = IS_LEVEL if level else HAS_NO_LEVEL
            yield Part(lambda move, query=query, level=level: SQL(query, move=move, level=level))

    # EXTENDS 'base'
    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr not in ("upominky_level", "upominky_next_date"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr == "upominky_next_date":
            return self._upominky_next_date_to_sql(alias, query)
        joined = query.make_alias(alias, field_expr)
        if joined not in query._joins:
            join_by_id(query, alias, joined, self._upominky_level_table())
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, "value"))

    def _upominky_level_table(self):
        """Return a table of the highest counted level of each invoice that was reminded.

        It passes the record rules, but says something only of invoices that the query returns.
        """
        self._upominky_flush()
        return SQL("(%s)", SQL(MOVE_LEVELS))

    def _upominky_flush(self):
        """Write what queries of levels read."""
        for name in ("upominky.reminder", "upominky.reminder.line"):
            self.env[name].flush_model()

    def _upominky_next_date_to_sql(self, alias, query, is_whole=True):
        """Return the column of next dates, and join its table.

        It passes the record rules, but says something only of invoices that the query returns.

        :param bool is_whole: whether the query has all its conditions by now
        """
        joined = query.make_alias(alias, "upominky_next_date")
        if joined not in query._joins:
            few = few_of(self, alias, query, is_whole)
            if few is None:
                table = self.env["upominky.reader"]._move_dates(companies_searched(self))
            else:
                table = dates_table(self.env["upominky.reader"]._next_dates(few))
            join_by_id(query, alias, joined, table)
        return SQL.identifier(joined, "value")
