from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.lifecycle import ACCEPTED
from ...core.recipient import EMAIL
from .decided_dates import (
    companies_searched,
    dates_table,
    few_of,
    first_dates,
    join_by_id,
)
from .first_pages import sorted_page
from .queries import SPEAKS_FOR

#: Operators that look for a part of a text, which no index answers.
TEXT = ("ilike", "not ilike", "like", "not like", "=ilike", "=like")


class UpominkyReminder(models.Model):
    """What the reminder book shows beside what a reminder stores: its next date, its e-mail."""

    _inherit = "upominky.reminder"

    next_date = fields.Date(
        string="Next Reminder",
        compute="_compute_next_date",
        search="_search_next_date",
        help="The earliest day on which something that it asks for, an invoice or a part of one, "
        "may be reminded again. Empty when nothing follows, or when a later reminder has followed "
        "already.",
    )
    currency_names = fields.Char(
        string="Currencies", compute="_compute_currency_names", search="_search_currency_names"
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

    @api.depends("line_ids.currency_id")
    def _compute_currency_names(self):
        for reminder in self:
            reminder.currency_names = ", ".join(reminder.line_ids.currency_id.mapped("name"))

    @api.model
    def _search_currency_names(self, operator, value):
        """Ask for the currencies first: the database knows how many lines are in one it is told."""
        if operator not in ("in", "ilike", "like", "=ilike", "=like"):
            return NotImplemented
        currencies = self._currencies().filtered_domain([("name", operator, value)])
        return [("line_ids.currency_id", "in", currencies.ids)]

    # EXTENDS 'web'
    @api.model
    @api.readonly
    def web_search_read(  # noqa: PLR0917 - as Odoo has it
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Look for a text once: which records hold it, and how many, are found by one query."""
        counted = isinstance(count_limit, int) and isinstance(limit, int) and (offset or 0) + limit
        if not counted or counted > count_limit or not _looks_for_text(domain):
            return super().web_search_read(domain, specification, offset, limit, order, count_limit)
        query = self._search(domain, limit=count_limit, order=order or self._order)
        found = self.browse(query.get_result_ids())
        page = found[offset or 0 : counted]
        return {"length": len(found), "records": page.web_read(specification)}

    # ------------------------------------------------------------ next date

    def _compute_next_date(self):
        dates = self._next_dates()
        for reminder in self:
            reminder.next_date = dates.get(reminder._origin.id, False)  # also on an open form

    def _next_dates(self):
        """Return when something of a reminder may be reminded again, where anything may.

        A receivable whose next reminder was issued already is that one's matter; one whose item is
        gone stands for all of its document.

        :rtype: dict[int, date]
        """
        self.env["upominky.reminder.line"].flush_model()
        rows = self.env.execute_query(SQL(SPEAKS_FOR, self.ids))
        moves = self.env["account.move"].browse({move_id for _id, move_id, _item in rows})
        dates = self.env["upominky.reader"]._customers_dates(moves)
        customers = {r.id: r._commercial_partners().id for r in self._origin}
        found = defaultdict(list)
        for reminder_id, move_id, item_id in rows:
            days = dates.get((move_id, customers[reminder_id]), {})
            found[reminder_id] += [day for id, day in days.items() if item_id in (id, None)]
        return {reminder_id: min(days) for reminder_id, days in found.items() if days}

    def _search_next_date(self, operator, value):
        return self.env["account.move"]._upominky_search_date("next_date", operator, value)

    # EXTENDS 'base'
    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        parts = {"next_date": first_dates(self)}
        order, page = sorted_page(self, domain, (offset, limit, order), parts, **kwargs)
        return super()._search(domain, offset, limit, order, **kwargs) if page is None else page

    # EXTENDS 'base'
    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr != "next_date":
            return super()._field_to_sql(alias, field_expr, query)
        return self._upominky_next_date_to_sql(alias, query)

    def _upominky_next_date_to_sql(self, alias, query, is_whole=True):
        """Return the column of next dates, and join its table.

        It passes the record rules, but says something only of reminders that the query returns.

        :param bool is_whole: whether the query has all its conditions by now
        """
        joined = query.make_alias(alias, "next_date")
        if joined not in query._joins:
            few = few_of(self, alias, query, is_whole)
            if few is None:
                table = self.env["upominky.reader"]._reminder_dates(companies_searched(self))
            else:
                table = dates_table(few._next_dates())
            join_by_id(query, alias, joined, table)
        return SQL.identifier(joined, "value")


def _looks_for_text(domain):
    """Say whether a domain asks for parts of texts, for which whole tables are read."""
    return any(condition.operator in TEXT for condition in Domain(domain).iter_conditions())
