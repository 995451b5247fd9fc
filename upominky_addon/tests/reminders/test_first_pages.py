"""SPEC rule 26: pages of a list sorted by what nothing stores are those of the whole list."""

import re
from datetime import timedelta
from itertools import chain
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.reminders import book, first_pages
from ..common import TODAY, UpominkyCommon
from ..many import invoices, reminders

PAGE = 80
#: What joins the values of all invoices, or of all reminders, with what is searched.
OF_ALL = re.compile(r"LEFT JOIN \(.*AS value")


class TestFirstPages(UpominkyCommon):
    """Every page of every order, where the first of them are found without the rest."""

    #: Of every eleven invoices, the eleventh has no reminder; every fifth is paid off.
    COUNT = 600

    def setUp(self):
        super().setUp()
        proto = self.invoice(due=30)
        issued = self.generate()
        self.moves = invoices(proto, self.COUNT, SQL("proto.date_maturity - (n %% 90)::int"))
        reminded = self.moves.filtered(lambda move: move.id % 11)
        twice = reminded.filtered(lambda move: not move.id % 3)
        self.book = self.env["upominky.reminder"]
        for order, moves in ((1, reminded), (2, twice), (3, twice[::2])):
            values = {
                "state": SQL("'sent'"),
                "sent_date": SQL("%s::date - (n %% 50)::int", TODAY),
                "issue_date": SQL("%s::date - (n %% 50)::int", TODAY),
                "to_send": SQL("TRUE"),
            }
            line = {"level_order": SQL("%s::int", order), "counted": SQL("n %% 7 != 3")}
            self.book |= reminders(issued, moves, line=line, **values)
        self.keep()
        self.moves[::9].upominky_hold_until = TODAY + timedelta(days=40)
        self.moves[::5].line_ids.no_followup = True

    def keep(self):
        with self.on(TODAY):
            self.env["upominky.kept"]._refill()

    def lists(self):
        """Yield lists with the field that each is sorted by, and how its values compare."""
        last = (1, TODAY)
        yield self.moves, "upominky_level", lambda level: level
        yield self.moves, "upominky_next_date", lambda day: (0, day) if day else last
        yield self.book, "next_date", lambda day: (0, day) if day else last

    def check_pages(self, records, order, wanted):
        mine = [("id", "in", records.ids)]
        for offset in range(0, len(records), PAGE):
            page = records.search(mine, order=order, limit=PAGE, offset=offset)
            self.assertEqual(page.ids, wanted.ids[offset : offset + PAGE], offset)

    def check_order(self, records, name, said):
        for down in (False, True):
            for ties in (False, True):
                wanted = records.sorted("id", reverse=ties).sorted(said.get, reverse=down)
                order = f"{name} {'desc' if down else 'asc'}, id {'desc' if ties else 'asc'}"
                with self.subTest(order=order):
                    self.check_pages(records, order, wanted)

    def test_rule_26_every_page_is_that_of_the_whole_list(self):
        for records, name, key in self.lists():
            with self.on(TODAY):
                said = {record: key(record[name]) for record in records}
                self.assertGreater(len(set(said.values())), 3)
                self.check_order(records, name, said)

    def test_rule_26_pages_of_equal_values_neither_repeat_nor_leave_out(self):
        for records, name, _key in self.lists():
            mine = [("id", "in", records.ids)]
            for order in (name, f"{name} desc"):
                with self.subTest(order=order), self.on(TODAY):
                    pages = [
                        records.search(mine, order=order, limit=PAGE, offset=offset).ids
                        for offset in range(0, len(records), PAGE)
                    ]
                    self.assertCountEqual([*chain.from_iterable(pages)], records.ids)

    def asked(self, records, order, limit):
        """Return the queries that the first page of some records takes."""
        asked, execute = [], sql_db.Cursor.execute

        def watched(cursor, query, *args, **kwargs):
            asked.append(" ".join(getattr(query, "code", query).split()))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", watched):
            records.search([("id", "in", records.ids)], order=order, limit=limit)
        return asked

    def test_rule_26_first_pages_leave_the_values_of_others_alone(self):
        for records, name, _key in self.lists():
            for order in (name, f"{name} desc"):
                with self.subTest(order=order), self.on(TODAY):
                    asked = self.asked(records, order, 5)
                    self.assertFalse([query for query in asked if OF_ALL.search(query)])
                    self.assertLess(len(asked), 20)


class TestFirstPagesWorkedOut(TestFirstPages):
    """The same where nothing is kept."""

    def keep(self):
        pass

    def lists(self):
        yield from list(super().lists())[:1]


class TestIndexesOfInvoices(UpominkyCommon):
    """The level and the date of each invoice are in an index, which is read without the table."""

    def test_rule_26_levels_and_dates_are_in_the_index_of_their_invoices(self):
        for table, held in (
            ("upominky_reminder_line", "level_order, counted, company_id"),
            ("upominky_next_date", "day, free, company_id"),
        ):
            with self.subTest(table=table):
                query = "SELECT indexdef FROM pg_indexes WHERE tablename = %s"
                self.env.cr.execute(query, [table])
                found = [definition for (definition,) in self.env.cr.fetchall()]
                found = [definition for definition in found if "(move_id)" in definition]
                self.assertEqual(len(found), 1, "one index of them is enough")
                self.assertIn(f"INCLUDE ({held})", found[0])


class TestFirstPagesInput(UpominkyCommon):
    def test_odd_orders_are_refused_as_odoo_refuses_them(self):
        for order, rest in (
            (" ", "id desc"), (",", ", id desc"), ("id", "id desc"), ("name, ID", "ID, id desc")
        ):  # fmt: skip
            with self.subTest(order=order):
                self.assertEqual(first_pages.sorted_by(order)[2], rest)
        moves = self.invoice(due=30).browse()
        for order in (",", "upominky_level;", "upominky_level downwards"):
            with self.subTest(order=order), self.assertRaises(UserError):
                moves.search([], order=order, limit=1)
        self.assertTrue(moves.search([], order="upominky_level desc nulls last", limit=1))


class TestTextSearch(UpominkyCommon):
    """The book is looked through for a text once, for the page and for the number of all."""

    COUNT = 230

    def setUp(self):
        super().setUp()
        proto = self.invoice(due=30)
        issued = self.generate()
        self.moves = invoices(proto, self.COUNT, SQL("proto.date_maturity - n::int"))
        self.book = reminders(
            issued, self.moves, line={}, issue_date=SQL("%s::date - n::int", TODAY)
        )

    def answered(self, domain, **asked):
        """Return the answer, and how many of its queries look for a text."""
        found = []
        execute = sql_db.Cursor.execute

        def watched(cursor, query, *args, **kwargs):
            found.append("ILIKE" in getattr(query, "code", query).upper())
            return execute(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", watched):
            return self.book.web_search_read(domain, {"name": {}}, **asked), sum(found)

    def test_a_text_is_looked_for_once(self):
        text = self.moves[0].name.rpartition("-")[0]
        domain = [("line_ids.move_id.name", "ilike", text), ("id", "in", self.book.ids)]
        asked = {"limit": PAGE, "count_limit": 10_001}
        answer, queries = self.answered(domain, **asked)
        self.assertEqual((answer["length"], queries), (self.COUNT, 1))
        newest = self.book.sorted(lambda one: (one.issue_date, one.id), reverse=True)
        for offset in (0, PAGE, 2 * PAGE, 3 * PAGE):
            answer, _queries = self.answered(
                domain, offset=offset, order="issue_date desc", **asked
            )
            page = newest[offset : offset + PAGE]
            self.assertEqual([one["id"] for one in answer["records"]], page.ids)
            self.assertEqual(answer["length"], self.COUNT)

    def test_what_is_counted_is_what_odoo_counts(self):
        text = self.moves[0].name.rpartition("-")[0]
        for domain, limits in (
            ([("line_ids.move_id.name", "ilike", text)], {"limit": 80, "count_limit": 100}),
            ([("name", "ilike", "no such number")], {"limit": 80, "count_limit": 100}),
            ([("name", "ilike", "")], {"limit": 80, "offset": 160, "count_limit": 100}),
            ([("line_ids.move_id.name", "ilike", text)], {"limit": 80}),
            ([("line_ids.move_id.name", "ilike", text)], {}),
        ):
            with self.subTest(domain=domain, **limits):
                answer, _queries = self.answered(domain, **limits)
                with patch.object(book, "TEXT", ()):
                    self.assertEqual(self.answered(domain, **limits)[0], answer)
