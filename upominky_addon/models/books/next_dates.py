import json
from datetime import date
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.events import ISSUE
from ...core.next_dates import free_again, ladder
from ...core.schedule import PAUSE_AFTER_RULE_CHANGE
from ..rules.queries import places
from .date_queries import (
    AS_OF,
    COMING_BY_DATES,
    DATED_ITEMS,
    DATES_UNTIL,
    DUE_BY_DATES,
    HAS_ORPHANS,
    ITEM_TABLE,
    KEPT_DAYS,
    KEPT_ITEMS,
    MOVE_TABLE,
    NO_DATES,
    PAST_OF_ALL,
    PAST_OF_FEW,
    REMINDER_TABLE,
    REMINDER_TABLE_WITH_ORPHANS,
    SPEAKING,
    WITH_LEFT_OUT,
    WORKED_OUT,
)
from .kept import unmarked
from .queries import OPEN_ITEMS
from .reader import UpominkyReader as Reader
from .watched import WATCHED

#: What is kept, by name, and how.
KEPT = "next_date"
SOURCE = repr((DATED_ITEMS, WATCHED))
#: What is told of each item, in one order.
COLUMNS = SQL("item_id, move_id, customer_id, reminder_id, is_own, reached, due, day, free")


class UpominkyNextDate(models.Model):
    """Next dates that were kept: of each open item that has one, the day but for holds that end.

    See :data:`DATED_ITEMS` for what its columns say, and :class:`UpominkyKept` for how long.
    """

    _name = "upominky.next.date"
    _description = "Next Dates of Receivables"
    _inherit = ["upominky.context"]
    _log_access = False

    # No foreign keys: they would lock what is kept, and nothing may be in its way.
    item_id = fields.Integer(required=True, index=True)
    move_id = fields.Integer(required=True)
    company_id = fields.Integer(required=True)
    customer_id = fields.Integer(required=True)
    reminder_id = fields.Integer(index="btree_not_null")
    is_own = fields.Boolean()
    reached = fields.Integer()
    due = fields.Date()
    day = fields.Date(required=True, index=True)
    free = fields.Date()

    # The date of each invoice, of one or of all, is read from this index alone.
    _move_idx = models.Index("(move_id) INCLUDE (day, free, company_id)")

    @api.model
    def _refill(self, items):
        """Work out anew what is kept of some items, or of all where something else changed.

        :param items: ids of those that changed, None for all
        """
        # sudo: what the job would do is read whole; nobody reads the table but lists.
        me = self.sudo()
        if me.env["upominky.reader"]._may_stop():
            me.env["upominky.kept"]._forget(KEPT)
            return
        # Archived ones too: they may come back, and the marks are gone by then.
        for company in me.env["res.company"].with_context(active_test=False).search([]):
            me._refill_of(company, items)

    def _refill_of(self, company, items):
        asked = Dating(self.env["upominky.reader"], company)
        if asked.follows_filters:
            self._forget(company, None)
            self.env["upominky.kept"]._forget(KEPT, company.id)
            return
        holds = self.env["upominky.kept"]._holds(KEPT, asked.terms, company.id)
        some = items if holds else None
        if some is None or some:
            self._forget(company, some)
            self._keep(asked, some)
        if not holds:
            self.env["upominky.kept"]._note(KEPT, asked.terms, company.id)

    def _forget(self, company, items):
        of = SQL("TRUE") if items is None else SQL("item_id = ANY(%s)", items)
        self.env.cr.execute(
            SQL("DELETE FROM upominky_next_date WHERE company_id = %s AND %s", company.id, of)
        )

    def _keep(self, asked, items):
        found = asked.items(items)
        if found is None:
            return
        names = SQL("company_id, %s", COLUMNS)
        self.env.cr.execute(
            SQL(
                "INSERT INTO upominky_next_date (%(names)s) "
                "SELECT %(names)s FROM (%(found)s) AS found WHERE day IS NOT NULL",
                names=names,
                found=found,
            )
        )
        self.env["upominky.kept"]._know("upominky_next_date")


class Dating:
    """What the next dates of a company's items follow from, beside the items themselves.

    ``terms`` are one word for it. What ``follows_filters`` may change with any field of a customer
    or an invoice, and with what lies beyond them: nobody can watch that, so it is not kept.
    """

    def __init__(self, reader, company):
        cover = reader._cover(company, ISSUE.code)
        rules, covered = places(cover)
        leaving = [rule.id for rule in rules if rule.core.leaves_out]
        self.has_rules = bool(rules)
        self.follows_filters = bool(cover.filters or leaving)
        self.asked = {
            **covered,
            "start": company.upominky_start_date or None,
            "pause": PAUSE_AFTER_RULE_CHANGE.days,
            "never": date.max,
            **reader._of_items(company, reader._accounts(), SQL("TRUE")),
            **reader._left_out_by(leaving),
        }
        if rules:
            self.asked["rules"] = SQL(", ").join(reader._ladders(rules))
        said = json.dumps(self.asked, default=str, sort_keys=True)
        journals = reader._general_journals()
        self.terms = sha256(repr((SOURCE, said, journals)).encode()).hexdigest()

    def items(self, ids=None, stops=None):
        """Return the query of the company's items, None if it has no rules.

        :param ids: of which items; None for all that are open
        :param dict stops: what add-ons stop, by item, with the first day that is free again
        :rtype: SQL | None
        """
        if not self.has_rules:
            return None
        stops = stops or {}
        scope = SQL("TRUE") if ids is None else SQL("item.id = ANY(%s)", ids)
        # How past reminders are found has no values of its own.
        past = SQL(PAST_OF_ALL if ids is None else PAST_OF_FEW)
        of = {"scope": scope, "past": past, "stopped": list(stops), "free": list(stops.values())}
        return SQL(DATED_ITEMS, **{**self.asked, **of})


class UpominkyReader(models.AbstractModel):
    """Next dates of all that is open, in one query: those that were kept, and what changed since.

    They are those of :meth:`_customers_dates`, which decides them one by one, by the core.
    """

    _inherit = "upominky.reader"

    @api.model
    def _move_dates(self, companies):
        """Return a table of the earliest date of the items of each document, by its id.

        :param companies: whose books
        :rtype: SQL
        """
        return self._dates_table(MOVE_TABLE, companies)

    @api.model
    def _items_table(self, companies):
        """Return a table of the next date of each open item; see :meth:`_move_dates`."""
        return self._dates_table(ITEM_TABLE, companies)

    @api.model
    def _reminder_dates(self, companies):
        """Return a table of the next date of each reminder; see :meth:`_move_dates`."""
        query = REMINDER_TABLE_WITH_ORPHANS if self._has_orphans() else REMINDER_TABLE
        return self._dates_table(query, companies)

    @api.model
    def _kept_dates(self, companies, model):
        """Return the dates that were kept of a model's records, None where they are worked out.

        Each row has what it speaks for in ``record_id``; the earliest of a record is its date.

        :param companies: whose books
        :param str model: ``account.move``, ``account.move.line`` or ``upominky.reminder``
        :rtype: SQL | None
        """
        if model == "upominky.reminder" and self._has_orphans():
            return None
        dates, kept = self._dates(companies)
        return SQL(SPEAKING[model], dates=dates) if kept else None

    @api.model
    def _kept_days(self, companies, places):
        """Return the days of some of the kept dates of companies.

        :param places: theirs, where all dates are sorted; there may be fewer
        :rtype: list[date]
        """
        query = SQL(KEPT_DAYS, companies=companies.ids, places=places)
        return [day for (day,) in self.env.execute_query(query)]

    @api.model
    def _dates_until(self, kept, after, last):
        """Return a table of the records whose dates are in a span of days.

        :param SQL kept: of :meth:`_kept_dates`
        :param date after: the day before the first, None for any
        :param date last: the last day
        :return: its query, with ``record_id`` and ``value``
        :rtype: SQL
        """
        return SQL(DATES_UNTIL, dates=kept, after=after, last=last)

    @api.model
    def _kept_customers(self, company, day):
        """Return ids of customers with a receivable that may be reminded on a day, by kept dates.

        :param date day: from today on
        :return: them, None where dates are not kept
        :rtype: set[int] | None
        """
        dates = self._kept_as_of(company, day)
        if dates is None:
            return None
        return {row[0] for row in self.env.execute_query(SQL(DUE_BY_DATES, dates=dates, day=day))}

    @api.model
    def _kept_coming(self, company, first, end, pilots=None):
        """Return a table of receivables by the day on which they may be reminded first.

        :param date first: the next run of job 1, before which there is none
        :param date end: the last day that is asked for
        :param pilots: ids of the customers that are meant, None for all
        :return: its query, with ``id``, ``customer_id``, ``step`` and ``day``; None where dates are
            not kept
        :rtype: SQL | None
        """
        dates = self._kept_as_of(company, first)
        return dates and SQL(COMING_BY_DATES, dates=dates, first=first, end=end, pilots=pilots)

    def _kept_as_of(self, company, day):
        self._flush()
        marked = self.env["upominky.mark"]._items()
        dates, kept = self._dates_of(company, marked, day)
        return (dates or SQL(NO_DATES)) if kept else None

    def _has_orphans(self):
        return self.env.execute_query(SQL(HAS_ORPHANS))[0][0]

    def _dates_table(self, query, companies):
        dates, kept = self._dates(companies)
        table = SQL(query, dates=dates)
        return SQL("(%s)", table if kept else SQL(WORKED_OUT, table=table))

    def _dates(self, companies):
        """Return the query of the dates of all open items, and whether it tells what was kept."""
        self._flush()
        # sudo: what the job would do is read whole, for documents that the user reads already.
        reader = self.sudo()
        marked = self.env["upominky.mark"]._items()
        found = [
            reader._dates_of(company, marked, company._upominky_today())
            for company in companies.sudo()
        ]
        dates = SQL(" UNION ALL ").join(query for query, _kept in found if query)
        return dates if dates.code else SQL(NO_DATES), all(kept for _query, kept in found)

    def _dates_of(self, company, marked, today):
        """Return the query of the dates of one company's items, None if it has no rules.

        :param marked: ids of items that changed since dates were kept, None for many
        :param date today: the day as of which holds have ended or not
        :return: it, and whether it tells what was kept
        :rtype: tuple[SQL | None, bool]
        """
        asked = Dating(self, company)
        may_stop = self._may_stop()
        if not asked.has_rules:
            return None, True
        kept = marked is not None and not may_stop and not asked.follows_filters
        if kept and self.env["upominky.kept"]._holds(KEPT, asked.terms, company.id):
            parts = [SQL(KEPT_ITEMS, company=company.id, unmarked=unmarked(marked))]
            parts += [asked.items(marked)] if marked else []
        else:
            kept = False
            parts = [asked.items(stops=self._stopped(company, today) if may_stop else None)]
        items = SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM (%s) AS part", COLUMNS, part) for part in parts
        )
        return SQL(AS_OF, items=items, today=today, never=date.max), kept

    @api.model
    def _may_stop(self):
        """Say whether an add-on knows of stops: what they follow from is not watched."""
        return type(self)._stops is not Reader._stops

    def _general_journals(self):
        """Return ids of the journals whose entries may bring over balances."""
        # sudo: which journals are general is no secret; only a word for it is kept.
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("type", "=", "general")], order="id").ids

    def _ladders(self, rules):
        """Return the rows of the rules that cover somebody, by their places."""
        ladders = [ladder(rule.core) for rule in rules]
        return [
            SQL("(%s, %s, %s::int[], %s::int[])", place, one.rule, list(one.orders), list(one.days))
            for place, one in enumerate(ladders)
        ]

    def _left_out_by(self, rule_ids):
        """Return what :data:`date_queries.DATED_ITEMS` asks for of what some rules leave out."""
        Rule = self.env["upominky.rule"]
        exclusions = Rule.browse(rule_ids)._exclusions()
        if not exclusions:
            return {"with_left_out": SQL(""), "not_left_out": SQL("TRUE")}
        return {
            "with_left_out": SQL(WITH_LEFT_OUT, Rule._leaving_out(exclusions)),
            "not_left_out": SQL("left_out.move_id IS NULL"),
        }

    def _stopped(self, company, today):
        """Return what add-ons stop, by item, with the first day that is free again.

        All open items are read for it.
        """
        query = SQL(OPEN_ITEMS, company=company.id, accounts=self._accounts())
        self.env.cr.execute(query)
        stops = self._stops(company, self.env.cr.dictfetchall())
        return {item_id: free_again(mine, today) for item_id, mine in stops.items()}
