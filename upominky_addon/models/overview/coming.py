from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.coming import coming
from ...core.events import ISSUE
from ...core.schedule import Past, next_level
from ..base.amounts import totals_text
from ..base.dates import day_text
from ..base.trusted import trusted
from .jobs import DECIDED
from .queries import COMING, COMING_ITEMS, COMING_ROWS

#: So many reminders of one level stand on a day by themselves; of more, one row tells how many.
FEW = 4
#: No page of a calendar has more days.
DAYS = 62


class UpominkyOverview(models.AbstractModel):
    """What job 1 will issue on the days to come, as things stand now."""

    _inherit = "upominky.overview"

    def _coming(self, company, facts, start, end):
        """Return the reminders that job 1 will issue on some days, by the code that it runs.

        The next reminder of each receivable, on the first day on which it may be issued; those of
        the day of the next run are the ones that the overview counts.

        Of many customers it is known only how many may get a reminder, by day and by the level that
        they reached: no day is later than the one on which it would be issued; minimums, credits
        and holds are not asked for. The day of the next run is decided if it alone has few.

        :param Facts facts: of the last day; see :meth:`_coming_facts`
        :return: what was decided, and of many customers tuples of a day, the order that was reached
            and a number of customers; else None
        :rtype: tuple[list[core.coming.Coming], list[tuple[date, int, int]] | None]
        """
        first = self._next_day(company)
        if end < first:
            return [], None
        terms = self._coming_terms(company, facts, end)
        rows = self.env.execute_query(SQL(COMING, **terms))
        everybody = {customer for _day, _reached, found in rows for customer in found}
        if len(everybody) <= DECIDED:
            return self._decided(company, facts, everybody, start, end), None
        numbers = [(day, reached, len(found)) for day, reached, found in rows if day >= start]
        tonight = {customer for day, _reached, found in rows if day == first for customer in found}
        if start > first or len(tonight) > DECIDED:
            return [], numbers
        # sudo: decided as the job decides; what is shown of it was checked.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        facts = replace(facts, company=reader._company(company, first))
        known = self._decided(company, facts, tonight, first, first)
        return known, [number for number in numbers if number[0] != first]

    def _decided(self, company, facts, customer_ids, start, end):
        """Return what comes of some customers, decided one by one."""
        # sudo: what the job would do is read whole, as for the overview's number.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        customers = reader._customers(company, sorted(customer_ids), facts=facts)
        first = self._next_day(company)
        found = (
            each
            for customer in customers.values()
            for each in coming(customer, facts.company, first, end)
        )
        return [each for each in found if each.on >= start]

    def _coming_facts(self, company, end):
        """Return what is the same for all customers up to a day."""
        # sudo: as above; the user is shown nothing of it.
        return trusted(self.env["upominky.reader"]).with_company(company)._facts(company, end)

    def _coming_terms(self, company, facts, end):
        # sudo: as above; only numbers are told, and items that the user reads by themselves.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        pilots = sorted(facts.company.pilots) if facts.company.mode == "pilot" else None
        days = {"first": self._next_day(company), "end": end, "pilots": pilots}
        rows = reader._kept_coming(company, **days)
        if rows is None:
            rows = SQL(COMING_ROWS, **reader._on_step(company, facts), **days)
        return {"rows": rows, "end": end}


class UpominkyComing(models.TransientModel):
    """A day of the calendar: a reminder that will be issued on it, or how many of one level."""

    _name = "upominky.coming"
    _description = "Coming Reminders"
    _inherit = ["upominky.context"]
    _order = "date, level_order, id"
    _rec_name = "name"

    user_id = fields.Many2one("res.users", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char(string="What Comes")
    date = fields.Date(string="Day")
    level_order = fields.Integer(string="Level")
    level_name = fields.Char(string="Reminder")
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null")
    customers = fields.Integer()
    reminders = fields.Integer(help="Empty where it is known only for how many customers at most.")
    totals_text = fields.Char(string="Total to Pay")
    reached = fields.Integer(help="Where it is known only for how many at most: the level before.")
    item_ids = fields.Json(help="Ids of the receivables.")

    @api.model
    def read_days(self, start, end):
        """Decide anew what comes on some days, for the user's companies.

        :param str start: the first day
        :param str end: the last day
        :return: what is to be known about it, in sentences
        :rtype: list[str]
        """
        self.env["upominky.reminder"]._check_user_may()
        start, end = self._asked(start, end)
        mine = [("user_id", "=", self.env.uid), ("date", ">=", start), ("date", "<=", end)]
        # sudo: users read these rows, they do not write them themselves.
        own = trusted(self)
        own.search(mine).unlink()
        notes = [own._fill(company, start, end) for company in self.env.companies]
        return [note for note in notes if note]

    def _asked(self, start, end):
        try:
            start, end = fields.Date.to_date(start), fields.Date.to_date(end)
        except (KeyError, TypeError, ValueError):
            start = end = None
        if not start or not end:
            raise UserError(self.env._("The calendar needs a first and a last day."))
        return start, min(end, start + timedelta(days=min(DAYS, (start.max - start).days)))

    def _fill(self, company, start, end):
        """Write the rows of one company, and return what is to be known about them."""
        overview = self.env["upominky.overview"]
        several = f"{company.name}: " if len(self.env.companies) > 1 else ""
        if not overview._is_planned(company):
            return several + self.env._("No reminders are issued by themselves now.")
        facts = overview._coming_facts(company, end)
        found, at_most = overview._coming(company, facts, start, end)
        self._fill_decided(company, found)
        if at_most is not None:
            self._fill_at_most(company, facts, at_most)
            return several + self.env._(
                "These are numbers of customers at most: there are many, and what is below a "
                "minimum, covered by credits or on hold is known on the day itself."
            )
        if company._upominky_effective_mode() == "pilot":
            return several + self.env._("Pilot: only the pilot customers are here.")
        return None

    # -------------------------------------------------------------- decided

    def _fill_decided(self, company, found):
        by_level = defaultdict(list)
        for each in found:
            by_level[each.on, each.reminder.level.id].append(each)
        levels = self.env["upominky.level"].browse({level for _on, level in by_level})
        names = {level.id: level.name or str(level.order) for level in levels}
        vals = []
        for (on, level_id), all_of_it in by_level.items():
            shared = {
                **self._shared(company, on),
                "level_order": all_of_it[0].reminder.level.order,
                "level_name": names[level_id],
            }
            parts = [[each] for each in all_of_it] if len(all_of_it) <= FEW else [all_of_it]
            vals += [{**shared, **self._row(part)} for part in parts]
        self.create(vals)

    def _shared(self, company, on):
        return {"user_id": self.env.uid, "company_id": company.id, "date": on}

    def _row(self, part):
        """Return what a row tells of reminders of one level on one day."""
        customer_ids = {each.customer for each in part}
        partner = self.env["res.partner"].browse(customer_ids if len(customer_ids) == 1 else ())
        who = partner.display_name or self.env._("%s customers", len(customer_ids))
        return {
            "name": f"{part[0].reminder.level.order} · {who}",
            "partner_id": partner.id,
            "customers": len(customer_ids),
            "reminders": len(part),
            "totals_text": self._totals(part),
            "item_ids": [line.receivable.id for each in part for line in each.reminder.lines],
        }

    def _totals(self, part):
        """Return what reminders ask for."""
        totals = Counter()
        for each in part:
            totals.update(each.reminder.totals)
        return totals_text(self.env, totals)

    # -------------------------------------------------------------- at most

    def _fill_at_most(self, company, facts, rows):
        levels = self._levels_after(facts, {reached for _on, reached, _number in rows})
        self.create(
            [
                {
                    **self._shared(company, on),
                    **levels[reached],
                    "name": self.env._(
                        "%(level)s · %(number)s customers at most",
                        level=levels[reached]["level_order"],
                        number=number,
                    ),
                    "customers": number,
                    "reached": reached,
                }
                for on, reached, number in rows
            ]
        )

    def _levels_after(self, facts, orders):
        """Return the level that follows an order, by what the company's rules call it."""
        found = {}
        for reached in orders:
            past = Past(reached, 0, facts.company.today, 0) if reached else None
            following = [next_level(rule, past) for rule in facts.rules(ISSUE.code)]
            level = min(filter(None, following), key=lambda level: level.order)
            name = self.env["upominky.level"].browse(level.id).name or str(level.order)
            found[reached] = {"level_order": level.order, "level_name": name}
        return found

    # -------------------------------------------------------------- actions

    def action_open_items(self):
        """Open the receivables that a row of the calendar is about."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        title = f"{self.level_name}, {day_text(self.env, self.date)}"
        domain = [("id", "in", self._items())]
        return self.env["upominky.overview"]._action(
            "action_overdue", domain=domain, display_name=title
        )

    def _items(self):
        if self.item_ids or not self.date:
            return self.item_ids or []
        overview = self.env["upominky.overview"]
        facts = overview._coming_facts(self.company_id, self.date)
        terms = overview._coming_terms(self.company_id, facts, self.date)
        query = SQL(COMING_ITEMS, start=self.date, order=self.reached, **terms)
        rows = self.env.execute_query(query)
        return [row[0] for row in rows]
