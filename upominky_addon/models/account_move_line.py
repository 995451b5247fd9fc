from odoo import api, fields, models
from odoo.tools import SQL

from .base.context import exported, traced
from .books.receivables import receivables
from .reminders.decided_dates import companies_searched, join_by_id
from .reminders.queries import ITEM_LEVEL, ITEM_LEVELS
from .res_company import INSIDE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Whether it is reminded at all: the history of its entry keeps who changed it.
    no_followup = fields.Boolean(tracking=True)
    upominky_days_overdue = fields.Integer(
        string="Days Overdue", compute="_compute_upominky_days_overdue", groups=INSIDE
    )
    # Of the item alone: the instalments of an invoice are reminded each by its own date.
    upominky_level = fields.Integer(
        string="Reminder Level",
        compute="_compute_upominky_level",
        search="_search_upominky_level",
        aggregator=False,
        groups=INSIDE,
    )
    upominky_next_date = fields.Date(
        string="Next Reminder",
        compute="_compute_upominky_next_date",
        search="_search_upominky_next_date",
        groups=INSIDE,
    )
    upominky_of_customer = fields.Boolean(
        string="On a Customer's Account",
        compute="_compute_upominky_of_customer",
        search="_search_upominky_of_customer",
        groups=INSIDE,
    )

    @api.depends("account_id.account_type", "account_id.non_trade")
    def _compute_upominky_of_customer(self):
        accounts = self.env["upominky.reader"]._accounts()
        for line in self:
            line.upominky_of_customer = line.account_id.id in accounts

    @api.model
    def _search_upominky_of_customer(self, operator, value):
        self._upominky_check_search("upominky_of_customer")
        if operator != "in":
            return NotImplemented
        accounts = self.env["upominky.reader"]._accounts()
        return [("account_id", "in" if True in value else "not in", accounts)]

    @api.depends("date_maturity", "company_id")
    def _compute_upominky_days_overdue(self):
        today = {company: company._upominky_today() for company in self.company_id}
        for line in self:
            due = line.date_maturity
            line.upominky_days_overdue = due and max(0, (today[line.company_id] - due).days)

    def _compute_upominky_level(self):
        self.env["upominky.reminder.line"].flush_model()
        # It passes the record rules: it says something only of items that the user reads.
        levels = dict(self.env.execute_query(SQL(ITEM_LEVELS, self.ids)))
        for line in self:
            line.upominky_level = levels.get(line.id, 0)

    def _compute_upominky_next_date(self):
        dates = self.env["upominky.reader"]._items_next_dates(self.move_id)
        for line in self:
            line.upominky_next_date = dates.get(line.id, False)

    @api.model
    def _search_upominky_level(self, operator, value):
        self._upominky_check_search("upominky_level")

        def column(model, alias, query):
            model.env["upominky.reminder.line"].flush_model()
            return SQL(ITEM_LEVEL, item=SQL.identifier(alias, "id"))

        moves = self.env["account.move"]
        number = moves._upominky_to_number(value)
        return moves._upominky_search_column("upominky_level", column, operator, number)

    @api.model
    def _search_upominky_next_date(self, operator, value):
        self._upominky_check_search("upominky_next_date")
        return self.env["account.move"]._upominky_search_date("upominky_next_date", operator, value)

    @api.model
    def _upominky_check_search(self, name):
        """Refuse to search by a field that the user may not read, as of invoices.

        Customers read the items of their own invoices in the portal: they would find it out.

        :raises AccessError: naming the field
        """
        self.sudo(False)._check_field_access(self._fields[name], "read")

    def _upominky_next_date_to_sql(self, alias, query, is_whole=True):
        """Return the column of next dates, and join its table.

        It passes the record rules, but says something only of items that the query returns.

        :param bool is_whole: whether the query has all its conditions by now
        """
        joined = query.make_alias(alias, "upominky_next_date")
        if joined not in query._joins:
            table = self.env["upominky.reader"]._items_table(companies_searched(self))
            join_by_id(query, alias, joined, table)
        return SQL.identifier(joined, "value")

    # EXTENDS 'account'
    def write(self, vals):
        return super(AccountMoveLine, traced(self, vals, ("no_followup",))).write(vals)

    def action_upominky_issue(self):
        """Issue reminders for the invoices of these items by hand, with a preview."""
        self.check_access("read")
        return self.move_id.action_upominky_issue()

    def action_upominky_ask_hold(self):
        """Ask until when the customers of these items get no reminders."""
        self.check_access("read")
        return self.partner_id.action_upominky_ask_hold()

    # EXTENDS 'base'
    def export_data(self, fields_to_export):
        # The list of what is overdue is its users' own: they need not be allowed all exports.
        if self.env.user.has_group("upominky_addon.group_user") and self._are_receivables():
            return exported(self, fields_to_export)
        return super().export_data(fields_to_export)

    def _are_receivables(self):
        return len(self) == self.search_count([("id", "in", self.ids), *receivables()])
