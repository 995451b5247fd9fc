"""SPEC rule 40: receivables that become statute-barred, on invoices, in lists and as a figure."""

from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...models.books.limitation import limited
from ..common import TODAY, UpominkyCommon
from ..entries import BooksCase
from ..many import invoices

ONE_DAY = timedelta(days=1)


class TestLimitation(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        days = (
            date(2023, 5, 27), date(2023, 5, 28), date(2023, 5, 29), date(2023, 11, 27),
            date(2023, 11, 28), date(2023, 11, 29), date(2024, 2, 28), date(2026, 1, 1),
        )  # fmt: skip
        cls.moves = cls.env["account.move"].union(*(cls.invoice(due=day) for day in days))
        cls.moves[0].upominky_acknowledged_on = date(2016, 6, 30)
        cls.moves[7].upominky_acknowledged_on = date(2016, 3, 1)

    def search(self, *conditions):
        with self.on(TODAY):
            return self.moves.search([("id", "in", self.moves.ids), *conditions], order="id")

    def test_rule_40_an_invoice_says_when_it_is_barred(self):
        self.assertEqual(
            self.moves.mapped("upominky_limitation_date"),
            [
                date(2026, 6, 30), date(2026, 5, 29), date(2026, 5, 30), date(2026, 11, 28),
                date(2026, 11, 29), date(2026, 11, 30), date(2027, 2, 28), date(2029, 1, 2),
            ],
        )  # fmt: skip
        self.pay(self.moves[1])
        self.env.invalidate_all()
        self.assertFalse(self.moves[1].upominky_limitation_date)

    def test_rule_40_a_search_finds_what_is_shown(self):
        day = date(2026, 11, 29)
        shown = {move: move.upominky_limitation_date for move in self.moves}
        for sign, meets in (
            ("<", lambda found: found < day),
            ("<=", lambda found: found <= day),
            (">", lambda found: found > day),
            (">=", lambda found: found >= day),
            ("=", lambda found: found == day),
        ):
            with self.subTest(sign):
                wanted = self.moves.filtered(lambda move, m=meets: m(shown[move]))
                self.assertEqual(self.search(("upominky_limitation_date", sign, day)), wanted)
        self.pay(self.moves[4])
        self.assertEqual(self.search(("upominky_limitation_date", "=", False)), self.moves[4])

    def test_rule_40_the_filter_and_the_figure_are_of_the_next_six_months(self):
        arch = self.env.ref("upominky_addon.view_account_invoice_filter").arch
        self.assertIn("'today +6m'", arch)
        found = self.search(
            ("upominky_limitation_date", ">=", "today"),
            ("upominky_limitation_date", "<=", "today +6m"),
        )
        self.assertEqual(found, self.moves[:5])
        with self.on(TODAY):
            overview = self.env["upominky.overview"]
            self.assertEqual(overview._waiting()["limitation"], 5)
            action = overview.action_open_figure("limitation")
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items.move_id, self.moves[:5])

    def test_rule_40_few_of_many_are_found_by_an_index_of_dates(self):
        """Of those that were acknowledged as well: neither condition reads all that is open."""
        many = invoices(self.moves[2], 2_000, SQL("proto.date_maturity + n::int"))
        day = many[40].upominky_limitation_date
        self.env.cr.execute("ANALYZE account_move, account_move_line")
        items = self.env["account.move.line"]
        query = items._search(limited(self.moves, day, day + ONE_DAY))
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        conditions = [line for (line,) in plan if "Index Cond" in line]
        self.assertTrue(any("date_maturity" in line for line in conditions), plan)
        found = items.search(
            [*limited(self.moves, day, day + ONE_DAY), ("move_id", "in", many.ids)]
        )
        self.assertEqual(found.move_id, many[40:42])

    def test_rule_40_instalments_are_barred_each_by_its_own_day(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In parts",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 100)
                ],
            }
        )
        move = self.invoice(due=date(2023, 1, 1), invoice_payment_term_id=term.id)
        first, second = move.line_ids.filtered("date_maturity").sorted("date_maturity")
        self.assertEqual((second.date_maturity - first.date_maturity).days, 100)
        day = first.date_maturity + ONE_DAY
        self.assertEqual(move.upominky_limitation_date, day.replace(year=day.year + 3))
        found = self.env["account.move.line"].search(
            [
                *limited(self.moves, move.upominky_limitation_date + ONE_DAY),
                ("move_id", "=", move.id),
            ]
        )
        self.assertEqual(found, second)

    def test_rule_40_an_acknowledgement_to_come_is_refused(self):
        with self.on(TODAY):
            self.moves[3].upominky_acknowledged_on = TODAY
            with self.assertRaisesRegex(ValidationError, "which is to come"):
                self.moves[3].upominky_acknowledged_on = TODAY + ONE_DAY
        self.assertFalse(self.moves[3].copy().upominky_acknowledged_on)


class TestAcknowledged(BooksCase):
    def test_rule_40_of_an_entry_of_many_nobody_acknowledges_what_others_owe(self):
        other = self.new_customer("Jiný", "jiny@jiny.example")
        many, one = self.entry_of_two(other), self.entry(100, no_followup=False)
        self.assertEqual((many + one).mapped("upominky_is_of_many"), [True, False])
        self.assertFalse(self.invoice().upominky_is_of_many)
        with self.assertRaisesRegex(ValidationError, "by an entry of its own"):
            many.upominky_acknowledged_on = TODAY - ONE_DAY
        one.upominky_acknowledged_on = TODAY - ONE_DAY
        views = [(self.env.ref("account.view_move_form").id, "form")]
        arch = self.env["account.move"].get_views(views)["views"]["form"]["arch"]
        field = etree.fromstring(arch).find(".//field[@name='upominky_acknowledged_on']")
        self.assertIn("upominky_is_of_many", field.get("invisible"))

    def test_rule_40_a_contact_is_its_customer(self):
        contact = self.new_customer("Clerk", is_company=False, parent_id=self.customer.id)
        entry = self.entry_of_two(contact)
        self.assertFalse(entry.upominky_is_of_many)

    def test_rule_40_acknowledged_before_it_was_due_it_is_searched_by_the_later_day(self):
        """Three years of what was due later are over later than ten years of a word before."""
        early = self.invoice(due=date(2026, 4, 30))
        early.upominky_acknowledged_on = date(2016, 7, 15)
        late = self.invoice(due=date(2023, 4, 30))
        late.upominky_acknowledged_on = date(2016, 7, 15)
        self.assertEqual(early.upominky_limitation_date, date(2029, 5, 1))
        self.assertEqual(late.upominky_limitation_date, date(2026, 7, 15))
        for move in (early, late):
            day = move.upominky_limitation_date
            for first, last, is_found in (
                (day, day, True),
                (None, day - ONE_DAY, False),
                (day + ONE_DAY, None, False),
                (None, None, True),
            ):
                with self.subTest(day=day, first=first, last=last):
                    found = self.env["account.move.line"].search(
                        [*limited(move.browse(), first, last), ("move_id", "=", move.id)]
                    )
                    self.assertEqual(bool(found), is_found)
