from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .reminders.queries import ARE_COMMON, IN_MANY, LINES_OF_AN_INVOICE, NUMBER

#: What tells how common a value of the summary is: a column of a table.
COLUMNS = {
    "upominky_status": ("upominky_reminder", "state"),
    "upominky_level": ("upominky_reminder_line", "level_order"),
}


class AccountMove(models.Model):
    """Which way a search goes: what many invoices have is asked of each of them, what is rare is
    found by its lines. The planner of the database cannot tell, as nothing stores these values.
    """

    _inherit = "account.move"

    def _upominky_is_common(self, name, operator, value):
        """Say whether many invoices may meet what is asked: to look for lines first would be vain.

        Where that is wrong, what is found is the same, later.

        :param str name: the field
        :rtype: bool
        """
        if name == "upominky_count":
            return self._upominky_is_common_number(operator, value)
        if name not in COLUMNS or operator != "in":
            return False
        table, column = COLUMNS[name]
        values = [str(one) for one in value if one]
        asked = {"table": table, "column": column, "values": values}
        return self.env.execute_query(SQL(ARE_COMMON, **asked)) == [(True,)]

    def _upominky_is_common_number(self, operator, value):
        """Say whether the invoices that stand in any reminder may stand in so many of them."""
        if operator not in ("in", ">", ">=") or value is False:
            return False
        least = min(value) if operator == "in" else value + (operator == ">")
        rows = self.env.execute_query(SQL(LINES_OF_AN_INVOICE))
        return bool(rows) and least <= round(rows[0][0] or 0)

    def _upominky_in_many(self, asked):
        """Return the domain of invoices that stand in so many reminders, where few of them do.

        :param asked: returns the condition of a number
        """
        for model in ("upominky.reminder", "upominky.reminder.line"):
            self.env[model].flush_model()
        words = {"condition": self._upominky_of_companies(), "meets": asked(SQL(NUMBER))}

        def to_sql(_model, alias, _query):
            return SQL(IN_MANY, move=SQL.identifier(alias, "id"), **words)

        return Domain.custom(to_sql=to_sql)
