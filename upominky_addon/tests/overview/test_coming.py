"""The calendar of what comes, and the overview that counts its next day."""

from datetime import timedelta
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.overview import coming as coming_module
from ..common import TODAY, UpominkyCommon

TOMORROW = TODAY + timedelta(days=1)
MONTH = TODAY + timedelta(days=41)


class ComingCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids = cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids, "tz": "UTC"}
        )

    def read_days(self, start=TODAY - timedelta(days=10), end=MONTH):
        """Look at some days today, before tonight's run; returns what is told about them."""
        self.env.ref("upominky_addon.cron_generate").nextcall = f"{TOMORROW} 01:00:00"
        with self.on(TODAY):
            return self.env["upominky.coming"].read_days(str(start), str(end))

    def rows(self):
        return self.env["upominky.coming"].search([])

    def announced(self):
        with self.on(TODAY):
            return self.env["upominky.overview"].retrieve_dashboard()["jobs"][0]["next"]


@tagged("post_install", "-at_install", "upominky_addon")
class TestComing(ComingCommon):
    def debts(self):
        """Make debts that come on several days: late ones, one of tomorrow, one not due yet."""
        self.invoice(due=6)
        self.invoice(due=200)
        self.invoice(self.new_customer("Bez adresy"), due=10)
        self.invoice(self.new_customer("Dvojí", "d@x.example"), due=10, currency=self.eur)
        self.invoice(self.new_customer("Brzy", "b@x.example"), due=-5)

    def test_the_overview_and_the_calendar_agree_on_the_next_run(self):
        self.debts()
        self.read_days()
        first = self.rows().filtered(lambda row: row.date == TOMORROW)
        announced = self.announced()
        self.assertEqual(sum(first.mapped("reminders")), announced["reminders"])
        self.assertEqual(len(first.partner_id), announced["customers"])
        self.assertEqual(len(self.generate(TOMORROW)), announced["reminders"])

    def test_rule_06_first_reminders_are_in_it_and_what_follows_a_sent_one(self):
        self.invoice(due=10)
        self.generate().action_mark_sent(TODAY, "post")
        self.invoice(self.new_customer("Brzy", "b@x.example"), due=-5)
        self.read_days()
        found = [(row.date, row.level_order, row.partner_id.name) for row in self.rows()]
        expected = [
            (TODAY + timedelta(days=12), 1, "Brzy"),
            (TODAY + timedelta(days=14), 2, "Odběratel s.r.o."),
        ]
        self.assertEqual(found, expected)
        self.assertEqual(self.rows()[0].name, "1 · Brzy")
        self.assertEqual(self.rows()[0].level_name, self.rule.level_ids[0].name)

    def test_no_day_that_has_passed_is_in_it(self):
        self.debts()
        self.read_days()
        self.assertEqual(min(self.rows().mapped("date")), TOMORROW)
        self.read_days(end=TODAY)
        self.assertFalse(self.rows().filtered(lambda row: row.date <= TODAY))

    def test_job_1_issues_on_each_day_what_was_told(self):
        self.debts()
        self.read_days()
        told = {}
        for row in self.rows():
            told[row.date] = told.get(row.date, 0) + row.reminders
        for day, number in sorted(told.items()):
            with self.subTest(day=day):
                issued = self.generate(day).filtered(lambda r: r.level_order == 1)
                self.assertEqual(len(issued), number)

    def test_of_many_reminders_one_row_tells_how_many_with_each_currency_by_itself(self):
        for number in range(coming_module.FEW):
            self.invoice(self.new_customer(f"C{number}", f"c{number}@x.example"), 100, 10)
        self.read_days()
        self.assertEqual(len(self.rows()), coming_module.FEW)
        self.invoice(self.new_customer("Euro", "e@x.example"), 10, 10, currency=self.eur)
        self.read_days()
        row = self.rows()
        self.assertEqual((row.reminders, row.customers), (5, 5))
        self.assertFalse(row.partner_id)
        self.assertIn(self.czk.format(400), row.totals_text)
        self.assertIn(self.eur.format(10), row.totals_text)

    def test_a_row_opens_the_receivables_that_it_is_about(self):
        mine = self.invoice(due=10)
        self.invoice(self.new_customer("Brzy", "b@x.example"), due=-5)
        self.read_days()
        with self.on(TODAY):
            action = self.rows()[0].action_open_items()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.move_id, mine)

    def test_rule_16_what_is_not_issued_by_itself_is_said(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        self.company.write(
            {"upominky_mode": "pilot", "upominky_pilot_partner_ids": self.customer.ids}
        )
        self.assertEqual(self.read_days(), ["Pilot: only the pilot customers are here."])
        self.assertEqual(self.rows().partner_id, self.customer)
        self.company.upominky_mode = "off"
        self.assertEqual(self.read_days(), ["No reminders are issued by themselves now."])
        self.assertFalse(self.rows())

    def test_days_that_are_none_are_refused_and_many_are_cut(self):
        self.invoice(due=-100)
        for start, end in (("x", "y"), (False, "2026-06-01"), (None, None), ([1], {})):
            with self.subTest(start=start), self.assertRaises(UserError):
                self.env["upominky.coming"].read_days(start, end)
        self.read_days(TODAY, TODAY + timedelta(days=3000))
        self.assertFalse(self.rows())


@tagged("post_install", "-at_install", "upominky_addon")
class TestMany(ComingCommon):
    def test_of_many_customers_it_is_told_how_many_at_most(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Pozdě", "p@x.example"), due=200)
        soon = self.invoice(self.new_customer("Brzy", "b@x.example"), due=-5)
        with patch.object(coming_module, "DECIDED", 2):
            (note,) = self.read_days()
            self.assertIn("at most", note)
            first = self.rows().filtered(lambda row: row.date == TOMORROW)
            self.assertEqual(sum(first.mapped("reminders")), self.announced()["reminders"])
            later = self.rows() - first
            told = (later.date, later.level_order, later.customers, later.reminders)
            self.assertEqual(told, (TODAY + timedelta(days=12), 1, 1, 0))
            with self.on(TODAY):
                action = later.action_open_items()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.move_id, soon)

    def test_at_most_is_never_less_than_what_comes(self):
        self.invoice(due=10)
        self.generate().action_mark_sent(TODAY, "post")
        for number, due in enumerate((-30, -5, 0, 6, 7, 40, 200)):
            self.invoice(self.new_customer(f"C{number}", f"c{number}@x.example"), due=due)
        self.read_days()
        exact = {(row.date, row.level_order): 0 for row in self.rows()}
        for row in self.rows():
            exact[row.date, row.level_order] += row.customers
        overview = self.env["upominky.overview"]
        with self.on(TODAY), patch.object(coming_module, "DECIDED", 0):
            facts = overview._coming_facts(self.company, MONTH)
            _decided, rows = overview._coming(self.company, facts, TODAY, MONTH)
        self.assertEqual({(on, step + 1): number for on, step, number in rows}, exact)
        self.assertGreater(len(exact), 3)

    def test_it_asks_the_same_for_any_number_of_customers(self):
        def add(count):
            for number in range(count):
                partner = self.new_customer(f"C{number}", f"c{number}@x.example")
                self.invoice(partner, due=3 - number)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = sql_db.sql_counter
            self.read_days()
            return sql_db.sql_counter - before

        add(6)
        queries()
        few = queries()
        add(20)
        self.assertLessEqual(queries(), few)

    def test_who_may_come_is_asked_once_however_many_there_are(self):
        self.invoice(due=10)
        for number in range(3):
            self.invoice(self.new_customer(f"C{number}", f"c{number}@x.example"), due=-number)
        for decided in (0, 2, 500):
            asked = []
            original = sql_db.Cursor.execute

            def execute(cursor, query, *args, original=original, asked=asked, **kwargs):
                asked.append(str(getattr(query, "code", query)))
                return original(cursor, query, *args, **kwargs)

            with (
                self.subTest(decided=decided),
                patch.object(coming_module, "DECIDED", decided),
                patch.object(sql_db.Cursor, "execute", execute),
            ):
                self.read_days()
                self.assertEqual(sum("rung.place" in query for query in asked), 1)
                self.assertEqual(sum("md5(CONCAT_WS" in query for query in asked), 1)
