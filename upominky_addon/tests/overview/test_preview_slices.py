"""SPEC rule 15: the preview of many is decided in slices, and is then what it was in one piece."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...models.base import slices
from ...wizard import preview_slices
from ..common import TODAY, UpominkyCommon

NAMES = (
    "company_id",
    "partner_id",
    "move_line_id",
    "due_date",
    "days_overdue",
    "amount",
    "reason",
    "rule_id",
    "level_id",
    "next_date",
    "detail",
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestPreviewSlices(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [cls.new_customer(f"C{n}", f"c{n}@b.example") for n in range(5)]
        cls.moves = [cls.invoice(p, 100 + n, 3 + 5 * n) for n, p in enumerate(cls.people)]
        cls.user = new_test_user(
            cls.env, "reader", "upominky_addon.group_user", company_id=cls.company.id
        )
        cls.lines = cls.env["upominky.preview.line"].with_user(cls.user)

    def setUp(self):
        super().setUp()
        self.chunk = self.startPatcher(patch.object(preview_slices, "CHUNK", 2))

    def open(self, day=TODAY, **kwargs):
        with self.on(day):
            return self.lines.action_open(**kwargs)

    def in_slices(self, told=None, day=TODAY, act=None):
        """Open it with each chunk a slice, as the client does; act after the first slice."""
        with patch.object(slices, "SECONDS", 0):
            told = told or self.open(day)
            if act:
                act()
            while told["type"] == "ir.actions.client":
                params = told["params"]
                model = self.env[params["model"]].with_user(self.user)
                with self.on(day):
                    told = getattr(model, params["method"])(*params["args"], **params["kwargs"])
        return told

    def rows(self):
        self.lines.invalidate_model()
        found = self.lines.search([]).read(NAMES, load="")
        return sorted([str(row[name]) for name in NAMES] for row in found)

    def whole(self, day=TODAY):
        """Return the rows as they are when all is decided in one request, anew."""
        self.assertEqual(self.open(day)["type"], "ir.actions.act_window")
        return self.rows()

    # ---------------------------------------------------------------- tests

    def test_rule_15_of_many_each_answer_asks_for_the_next_slice(self):
        whole = self.whole()
        self.assertEqual(len(whole), 5)
        with patch.object(slices, "SECONDS", 0):
            told = self.open()
            self.assertEqual((told["tag"], told["params"]["args"]), ("upominky_slices", []))
            self.assertEqual((told["params"]["done"], told["params"]["total"]), (2, 5))
            told = self.open(**told["params"]["kwargs"])
            self.assertEqual(told["params"]["done"], 4)
            self.assertIn("4 of 5", told["params"]["text"])
        self.assertEqual(self.in_slices(told)["res_model"], "upominky.preview.line")
        self.assertEqual(self.rows(), whole)

    def test_rule_15_several_companies_are_decided_one_after_the_other(self):
        other = self.setup_other_company()["company"]
        self.user.company_ids += other
        both = [self.company.id, other.id]
        self.lines = self.lines.with_context(allowed_company_ids=both)
        other.upominky_mode = "live"
        currency = other.currency_id
        for person in self.people[:3]:
            self.invoice(person, 5, 9, company_id=other.id, currency_id=currency.id)
        whole = self.whole()
        self.assertEqual(len(whole), 8)
        with patch.object(slices, "SECONDS", 0):
            told, seen = self.open(), []
            while told["type"] == "ir.actions.client":
                seen.append(told["params"]["done"])
                told = self.open(**told["params"]["kwargs"])
        self.assertEqual(seen, [2, 4, 7])  # the last of one and the first of the other at once
        self.assertEqual(self.rows(), whole)
        # Rows of a company that is not chosen any more are those of another day soon.
        self.lines = self.lines.with_context(allowed_company_ids=both[:1])
        self.open()
        self.lines.invalidate_model()
        self.assertEqual(self.lines.sudo().search([]).company_id, self.company)

    def test_rule_15_whoever_left_and_comes_back_gets_it_from_the_beginning(self):
        with patch.object(slices, "SECONDS", 0):
            self.open()
        self.pay(self.moves[0])
        told = self.in_slices()
        self.assertEqual(told["res_model"], "upominky.preview.line")
        rows = self.rows()
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows, self.whole())

    def test_rule_15_until_it_is_whole_the_one_before_is_shown(self):
        whole = self.whole()
        self.pay(self.moves[0])
        with patch.object(slices, "SECONDS", 0):
            told = self.open()
        self.assertEqual(self.rows(), whole)
        self.in_slices(told)
        self.assertEqual(len(self.rows()), 4)
        self.assertEqual(len(self.env["upominky.preview.line"].sudo().search([])), 4)

    def test_rule_15_rules_that_change_between_slices_decide_all(self):
        self.in_slices(act=lambda: self.rule.write({"min_amount": 1e6}))
        rows = self.rows()
        self.assertNotIn("due", {row[NAMES.index("reason")] for row in rows})
        self.assertEqual(rows, self.whole())

    def test_rule_15_customers_that_change_between_slices_are_as_they_are_by_then(self):
        gone = self.people[4]
        self.in_slices(act=lambda: self.pay(self.moves[4]))
        rows = self.rows()
        self.assertNotIn(str(gone.id), {row[NAMES.index("partner_id")] for row in rows})
        self.assertEqual(rows, self.whole())

    def test_rule_15_two_windows_of_one_user_decide_one_preview(self):
        whole = self.whole()
        self.in_slices(act=self.open)
        self.assertEqual(self.rows(), whole)
        with patch.object(slices, "SECONDS", 0):
            second = []
            self.in_slices(act=lambda: second.append(self.open()))
        self.assertEqual(self.rows(), whole)
        self.in_slices(second[0])
        self.assertEqual(self.rows(), whole)

    def test_rule_15_a_preview_of_another_day_meanwhile_ends_the_first_in_words(self):
        later = TODAY + timedelta(days=40)
        with self.assertRaisesRegex(UserError, "is not under way any more"):
            self.in_slices(act=lambda: self.open(later))
        self.open(later)
        rows = self.rows()
        self.assertEqual(rows, self.whole(later))

    def test_rule_15_what_was_whole_before_is_not_shown_in_its_place(self):
        self.whole()
        with self.assertRaisesRegex(UserError, "is not under way any more"), self.on(TODAY):
            self.in_slices(act=lambda: self.open_later_slice(TODAY + timedelta(days=40)))

    def open_later_slice(self, day):
        self.assertEqual(self.open(day)["type"], "ir.actions.client")

    def test_rule_15_what_another_window_ends_while_one_begins_is_begun_again(self):
        """Two windows at the same moment: who begins still sees as its own what the other ended."""
        terms = SimpleNamespace(company=SimpleNamespace(today=TODAY), terms="x")
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, two = (
                self.env(cr=cr, user=self.env.ref("base.user_admin")) for cr in (first, second)
            )
            company = one.ref("base.main_company")
            mine = {"user_id": one.uid, "company_id": company.id, "day": TODAY, "terms": "x"}
            preview = one["upominky.preview"].sudo().create(mine)
            first.commit()
            try:
                there = two["upominky.preview"].sudo().with_env(two(su=True))
                self.assertTrue(there._of(company.with_env(there.env)))  # its snapshot is from here
                preview.is_whole = True
                first.commit()
                with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                    there._begin(company.with_env(there.env), terms)
                second.rollback()
            finally:
                preview.unlink()
                first.commit()

    def test_rule_15_the_next_slice_of_nothing_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "Open it once more"):
            self.open(go_on=True)

    def test_rule_29_nonsense_instead_of_the_next_slice_is_refused_in_words(self):
        overview = self.env["upominky.overview"].with_user(self.user)
        for odd in ("yes", None, 3, [True], {"a": 1}):
            with self.subTest(odd=odd), self.on(TODAY):
                with self.assertRaisesRegex(UserError, "is not to be chosen here"):
                    self.lines.action_open(go_on=odd)
                with self.assertRaisesRegex(UserError, "is not to be chosen here"):
                    overview.action_open_figure("next", self.company.id, go_on=odd)

    def test_rule_15_the_list_of_the_overview_goes_on_with_its_own_slices(self):
        self.env.ref("upominky_addon.cron_generate").active = True
        overview = self.env["upominky.overview"].with_user(self.user)
        for figure, wanted in (("next", ["due", "no_email"]), ("no_email", ["no_email"])):
            with self.subTest(figure), self.on(TODAY), patch.object(slices, "SECONDS", 0):
                told = overview.action_open_figure(figure, self.company.id)
                self.assertEqual(told["params"]["model"], "upominky.overview")
                told = self.in_slices(told)
                self.assertEqual(told["domain"], [("reason", "in", wanted)])
                self.assertIn("Preview for", told["display_name"])

    def test_rule_29_each_user_has_rows_of_their_own(self):
        whole = self.whole()
        other = new_test_user(
            self.env, "second", "upominky_addon.group_user", company_id=self.company.id
        )
        with self.on(TODAY), patch.object(slices, "SECONDS", 0):
            self.env["upominky.preview.line"].with_user(other).action_open()
        self.assertEqual(self.rows(), whole)
        self.in_slices()
        self.assertEqual(self.rows(), whole)

    def test_rule_15_it_is_decided_as_the_job_does_whomever_the_reader_may_see(self):
        """Who may not see a pilot is shown what the job does all the same."""
        pilot = self.people[4]
        self.company.write(
            {
                "upominky_mode": "pilot",
                "upominky_pilot_partner_ids": [Command.set(pilot.ids)],
            }
        )
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", pilot.id)],
            }
        )
        self.open()
        self.lines.invalidate_model()
        reasons = {line.move_id: line.reason for line in self.lines.sudo().search([])}
        self.assertEqual(reasons[self.moves[4]], "due")
        self.assertEqual(reasons[self.moves[3]], "pilot")

    def test_rule_15_the_number_of_customers_adds_no_query(self):
        self.chunk = self.startPatcher(patch.object(preview_slices, "CHUNK", 500))
        counts = []
        for _turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.open()
            counts.append(self.env.cr.sql_log_count - before)
            for n in range(20):
                self.invoice(self.new_customer(f"M{n}", f"m{n}@b.example"), 10, 12)
        self.assertLessEqual(counts[1], counts[0])

    def test_rule_15_what_is_old_is_cleaned_up(self):
        self.open()
        for name, count in (("upominky.preview.line", 5), ("upominky.preview", 1)):
            model = self.env[name].sudo()
            self.assertEqual(model.search_count([]), count)
            self.env.cr.execute(SQL("UPDATE %s SET write_date = '2020-01-01'", SQL(model._table)))
            model.invalidate_model()
            model._transient_vacuum()
            self.assertFalse(model.search_count([]))
