from odoo import api, fields, models
from odoo.tools import SQL

from ...core.lifecycle import ACCEPTED
from ...core.recipient import EMAIL
from ..books.receivables import unpaid_documents
from .decided_dates import dates_table, decided, whole
from .queries import SPEAKS_FOR


class UpominkyReminder(models.Model):
    """What the reminder book shows beside what a reminder stores: its next date, its e-mail."""

    _inherit = "upominky.reminder"

    next_date = fields.Date(
        string="Next Reminder",
        compute="_compute_next_date",
        search="_search_next_date",
        help="The earliest day on which one of its invoices may be reminded again. Empty when "
        "nothing follows, or when a later reminder has followed already.",
    )
    mail_to = fields.Char(string="E-mail Sent To", compute="_compute_mail")
    mail_subject = fields.Char(string="Subject", compute="_compute_mail")
    mail_body = fields.Html(
        string="E-mail",
        compute="_compute_mail",
        help="The newest message that was accepted, else the newest that was tried.",
    )

    @api.depends("name", "partner_id")
    @api.depends_context("upominky_by_customer")
    def _compute_display_name(self):
        """Name the customer too where reminders are met one by one, as on a day of the calendar."""
        for reminder in self:
            reminder.display_name = reminder.name
            if self.env.context.get("upominky_by_customer"):
                reminder.display_name = f"{reminder.partner_id.name} · {reminder.name}"

    @api.depends("delivery_ids.state", "delivery_ids.mail_message_id")
    def _compute_mail(self):
        for reminder in self:
            messages = reminder.delivery_ids.filtered("mail_message_id")
            shown = messages.sorted(
                lambda d: (
                    d.state in ACCEPTED,
                    not d.is_copy,
                    not d.is_repeat,
                    d.channel == EMAIL,
                    d.id,
                )
            )[-1:]
            reminder.mail_to = shown.email_to
            reminder.mail_subject = shown.subject
            reminder.mail_body = shown.body

    # ------------------------------------------------------------ next date

    def _compute_next_date(self):
        dates = self._next_dates()
        for reminder in self:
            reminder.next_date = dates.get(reminder._origin.id, False)  # also on an open form

    def _next_dates(self):
        """Return when one of a reminder's invoices may be reminded again, where one may.

        An invoice whose next reminder was issued already is that one's matter.

        :rtype: dict[int, date]
        """
        self.env["upominky.reminder.line"].flush_model()
        rows = dict(self.env.execute_query(SQL(SPEAKS_FOR, self.ids)))
        moves = self.env["account.move"].browse({i for ids in rows.values() for i in ids})
        dates = self.env["upominky.reader"]._customers_dates(moves)
        customers = {r.id: r._commercial_partners().id for r in self._origin}
        found = {
            id: [dates[i, customers[id]] for i in move_ids if (i, customers[id]) in dates]
            for id, move_ids in rows.items()
        }
        return {reminder_id: min(days) for reminder_id, days in found.items() if days}

    @api.model
    def _with_next_date(self, domain=()):
        """Return the reminders of a domain that may have a next date: none of those paid up."""
        lines = [("counted", "=", True), ("move_id", "any", unpaid_documents())]
        mine = [("state", "!=", "cancelled"), ("line_ids", "any", lines), *domain]
        return decided(self, mine)

    def _search_next_date(self, operator, value):
        moves = self.env["account.move"]
        dates = self._with_next_date()._next_dates()
        return moves._upominky_domain(dates, False, operator, moves._upominky_to_date(value))

    # EXTENDS 'base'
    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr != "next_date":
            return super()._field_to_sql(alias, field_expr, query)
        joined = query.make_alias(alias, field_expr)
        if joined not in query._joins:
            own = SQL("%s = %s", SQL.identifier(joined, "record_id"), SQL.identifier(alias, "id"))
            query.add_join("LEFT JOIN", joined, self._next_date_table(alias, query), own)
        return SQL.identifier(joined, "value")

    def _next_date_table(self, alias, query):
        """Return a table of the next dates of the reminders that a query returns."""
        here = alias == query.table == self._table
        domain = [("id", "in", whole(query))] if here else []
        reminders = self.browse() if query.is_empty() else self._with_next_date(domain)
        return dates_table(reminders._next_dates())
