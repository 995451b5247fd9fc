"""SPEC rule 26 on more records than a page, a limit or a chunk holds, against the slow way."""

from collections import Counter

from odoo.tools import SQL

from ..common import TODAY, UpominkyCommon
from ..many import invoices, reminders

#: More records and more groups than the client asks for at once.
MANY = 100
#: Groups that are asked for, None for all.
LIMITS = (1, 2, 80, None)


class TestManyDates(UpominkyCommon):
    """Grouping by the next date counts every record that is there."""

    def setUp(self):
        super().setUp()
        proto = self.invoice(due=30)
        issued = self.generate()
        due = SQL("proto.date_maturity - (n %% 90)::int")
        self.moves = invoices(proto, MANY, due)
        sent = SQL("%s::date - (n %% 90)::int", TODAY)
        self.book = reminders(
            issued, self.moves, line={}, state=SQL("'sent'"), sent_date=sent, to_send=SQL("TRUE")
        )

    def check_groups(self, records, name, granularity, key):
        """Compare groups with what each record says of itself."""
        mine = [("id", "in", records.ids)]
        said = Counter(day and key(day).isoformat() for day in records.mapped(name))
        spec = f"{name}:{granularity}"
        for limit in LIMITS:
            with self.subTest(field=spec, groups=limit):
                rows = records.formatted_read_group(mine, [spec], ["__count"], limit=limit)
                found = {row[spec] and row[spec][0]: row["__count"] for row in rows}
                self.assertEqual(len(found), min(limit or len(said), len(said)))
                self.assertEqual(found, {group: said[group] for group in found})

    def check_order(self, records, name):
        """Compare every page of a sorted list with sorting by what each record says."""
        days = sorted(day for day in records.mapped(name) if day)
        mine = [("id", "in", records.ids), (name, "!=", False)]
        for offset in (0, 80):
            page = records.search(mine, order=f"{name}, id", limit=80, offset=offset)
            self.assertEqual(page.mapped(name), days[offset : offset + 80])

    def test_rule_26_every_invoice_is_in_the_group_of_its_next_date(self):
        with self.on(TODAY):
            self.check_groups(self.moves, "upominky_next_date", "day", lambda day: day)
            self.check_groups(
                self.moves, "upominky_next_date", "month", lambda day: day.replace(day=1)
            )
            self.check_order(self.moves, "upominky_next_date")

    def test_rule_26_every_reminder_is_in_the_group_of_its_next_date(self):
        with self.on(TODAY):
            self.check_groups(self.book, "next_date", "day", lambda day: day)
            self.check_groups(self.book, "next_date", "month", lambda day: day.replace(day=1))
            self.check_order(self.book, "next_date")
