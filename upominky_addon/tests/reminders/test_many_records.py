"""SPEC rule 26 on more records than a page, a limit or a chunk holds, against the slow way."""

import operator
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.tools import SQL

from ..common import TODAY, UpominkyCommon
from ..many import invoices, reminders

#: More records and more groups than the client asks for at once.
MANY = 100
#: Groups that are asked for, None for all.
LIMITS = (1, 2, 80, None)

#: What a search by an operator is to find.
MEETS = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": lambda found, value: found is not False and found > value,
    ">=": lambda found, value: found is not False and found >= value,
    "<": lambda found, value: found is not False and found < value,
    "<=": lambda found, value: found is not False and found <= value,
    "in": lambda found, value: found in value,
    "not in": lambda found, value: found not in value,
}
#: What is searched for by each field.
SEARCHED = {
    "upominky_level": 2,
    "upominky_count": 0,
    "upominky_last_date": False,
    "upominky_status": "sent",
}


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


class TestManySearches(UpominkyCommon):
    """Searching invoices by what nothing stores finds what reading each of them finds."""

    #: More invoices than Odoo reads or writes in one piece.
    COUNT = 1_100
    #: Of every eleven, the eleventh has no reminder; what the others' became goes by their number.
    STATES = ("sent", "failed", "issued", "cancelled", "to_approve")

    def setUp(self):
        super().setUp()
        proto = self.invoice(due=30)
        issued = self.generate()
        self.moves = invoices(proto, self.COUNT, SQL("proto.date_maturity - (n %% 90)::int"))
        reminded = self.moves.filtered(lambda move: move.id % 11)
        twice = reminded.filtered(lambda move: not move.id % 3)
        for order, moves in ((1, reminded), (2, twice)):
            state = SQL("(%s::text[])[(n + %s) %% 5 + 1]", list(self.STATES), order)
            day = SQL("%s::date + (n %% 17)::int", TODAY)
            line = {"level_order": SQL("%s::int", order), "counted": SQL("n %% 5 != 3")}
            reminders(issued, moves, line=line, state=state, issue_date=day)

    def test_rule_26_many_invoices_are_found_by_level_count_date_and_status(self):
        day = TODAY + timedelta(days=8)
        for name, operators in (
            (
                "upominky_level",
                {"=": 0, "!=": 1, ">": 1, ">=": 2, "<=": 1, "in": [0, 2], "not in": [1]},
            ),
            ("upominky_count", {"=": 0, "!=": 0, ">": 0, ">=": 2, "<": 1, "in": [1, 2]}),
            (
                "upominky_last_date",
                {"=": False, "!=": False, ">": day, ">=": day, "<=": day, "in": [day]},
            ),
            (
                "upominky_status",
                {"=": "failed", "!=": "sent", "in": ["sent", False], "not in": ["sent", "issued"]},
            ),
        ):
            said = {move: move[name] for move in self.moves}
            self.assertGreater(len(set(said.values())), 2)
            for sign, value in operators.items():
                with self.subTest(field=name, operator=sign, value=value):
                    self.check_search(said, name, sign, value)

    def check_search(self, said, name, sign, value):
        """Compare what a search finds, its opposite and a filter with what each invoice says."""
        wanted = self.moves.filtered(lambda move: MEETS[sign](said[move], value))
        self.assertTrue(0 < len(wanted) < len(self.moves))
        mine = ("id", "in", self.moves.ids)
        self.assertEqual(self.moves.search([mine, (name, sign, value)], order="id"), wanted)
        self.assertEqual(self.moves.filtered_domain([(name, sign, value)]), wanted)
        others = self.moves.search([mine, "!", (name, sign, value)], order="id")
        self.assertEqual(others, self.moves - wanted)

    def test_rule_26_groups_of_levels_open_with_what_they_count(self):
        mine = [("id", "in", self.moves.ids)]
        for row in self.moves.formatted_read_group(mine, ["upominky_level"], ["__count"]):
            inside = self.moves.search([*mine, *row["__extra_domain"]])
            self.assertEqual(len(inside), row["__count"])
            self.assertEqual(set(inside.mapped("upominky_level")), {row["upominky_level"]})

    def test_rule_26_what_is_common_and_what_is_rare_is_found_alike(self):
        for name, sign, value in (
            *(("upominky_status", "=", state) for state in self.STATES),
            *(("upominky_level", "=", level) for level in (1, 2)),
            *(("upominky_count", sign, number) for sign in ("=", ">=") for number in (1, 2)),
            ("upominky_count", ">", 1),
            ("upominky_count", "not in", [0, 1]),
        ):
            said = {move: move[name] for move in self.moves}
            for is_common in (False, True):
                asked = patch.object(
                    type(self.moves), "_upominky_is_common", lambda *_asked, c=is_common: c
                )
                with self.subTest(name, sign=sign, value=value, is_common=is_common), asked:
                    self.check_search(said, name, sign, value)

    def test_rule_26_most_invoices_have_what_is_common(self):
        """Told by what the planner knows of the tables."""
        self.env.cr.execute("ANALYZE account_move, upominky_reminder")
        is_common = self.moves._upominky_is_common
        self.assertTrue(is_common("upominky_status", "in", set(self.STATES)))
        for name, sign, value in (
            ("upominky_status", "in", {"no such state"}),
            ("upominky_status", "in", {False}),
            ("upominky_status", "not in", set(self.STATES)),
            ("upominky_level", "in", {9}),
            ("upominky_count", "in", {9}),
            ("upominky_count", ">", 9),
            ("upominky_count", ">", False),
            ("upominky_count", "<", 1),
        ):
            self.assertFalse(is_common(name, sign, value))

    def test_a_search_is_one_query_however_many_are_found(self):
        for name, value in SEARCHED.items():
            self.moves.search([(name, "=", value)], limit=1)
            for moves in (self.moves, self.moves[:10]):
                # How common a state or a level is is asked first.
                count = 1 + (name in ("upominky_status", "upominky_level"))
                with self.subTest(field=name, invoices=len(moves)), self.assertQueryCount(count):
                    moves.search([("id", "in", moves.ids), (name, "=", value)])
