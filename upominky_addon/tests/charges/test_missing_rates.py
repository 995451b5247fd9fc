"""SPEC rule 38: what is missing to work out interest is told, and nothing goes out by a guess."""

from datetime import date, timedelta

from odoo.exceptions import UserError

from ..common import TODAY
from ..interest_case import InterestCase


class TestMissing(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["upominky.rate"].sudo()
        cls.rates.search([("regime", "=", "cz"), ("date_from", "=", "2025-07-01")]).unlink()
        cls.old = cls.new_customer("Starý dluh a.s.", "stary@dluh.example")

    def setUp(self):
        super().setUp()
        self.invoice(due=20)
        self.invoice(self.old, 5_000, date(2025, 9, 30))

    def add_rate(self):
        self.rates.create({"regime": "cz", "date_from": "2025-07-01", "percent": 3.5})

    def of(self, reminders, partner):
        return reminders.filtered(lambda reminder: reminder.partner_id == partner)

    def test_rule_38_a_missing_half_year_fails_that_reminder_alone_and_is_named(self):
        reminders = self.generate()
        bad, good = self.of(reminders, self.old), self.of(reminders, self.customer)
        self.assertEqual((bad.state, good.state), ("failed", "issued"))
        for text in (bad.error, bad.claim_error, bad.why_text, bad.run_id.error):
            self.assertIn("no base rate for the half-year from Jul 1, 2025", text)
            self.assertIn("Rates of Interest, then retry", text)
        self.assertFalse(bad.claim_totals or bad.interest_ids)
        inbox = self.mailed()
        self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])

    def test_rule_38_retry_works_once_the_rate_is_there_and_fails_until_then(self):
        bad = self.of(self.generate(), self.old)
        with self.on(TODAY), self.enter_registry_test_mode():
            bad.action_retry()
        self.assertNotIn("stary@dluh.example", self.mailed().recipients)
        self.assertEqual(bad.state, "failed")
        self.assertIn("Jul 1, 2025", bad.error)
        self.add_rate()
        with self.on(TODAY), self.enter_registry_test_mode():
            bad.action_retry()
        self.mailed()
        self.assertEqual(bad.state, "sent", bad.error)
        self.assertTrue(bad.claim_totals["CZK"]["interest"])
        self.assertFalse(bad.claim_error)

    def test_rule_38_what_waits_for_approval_waits_and_is_not_approved_without(self):
        self.level.requires_approval = True
        bad = self.of(self.generate(), self.old)
        self.assertEqual(bad.state, "to_approve")
        self.assertIn("Jul 1, 2025", bad.claim_error)
        with self.on(TODAY), self.assertRaisesRegex(UserError, "Jul 1, 2025"):
            bad.action_approve()
        self.assertEqual(bad.state, "to_approve")
        self.add_rate()
        with self.on(TODAY):
            bad.action_approve()
        self.assertEqual((bad.state, bad.claim_error), ("issued", False))

    def test_rule_38_a_rate_that_goes_after_the_issue_keeps_it_from_going_out(self):
        self.add_rate()
        waits = self.of(self.generate(), self.old)
        self.assertEqual(waits.state, "issued")
        self.rates.search([("date_from", "=", "2025-07-01")]).unlink()
        self.assertNotIn("stary@dluh.example", self.mailed().recipients)
        self.assertEqual(waits.state, "failed")
        self.assertIn("Jul 1, 2025", waits.error)

    def test_rules_15_and_38_the_preview_tells_interest_and_what_would_fail(self):
        self.payment(100, self.new_customer("Jiný", "j@j.example"))
        with self.on(TODAY):
            self.env["upominky.preview.line"].action_open()
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        told = {row.partner_id: row.detail.replace("\xa0", " ") for row in rows if row.detail}
        self.assertIn("Jul 1, 2025", told[self.old])
        self.assertIn("with interest of 76.25", told[self.customer])  # 12 100 × 11.5 % × 20 / 365

    def test_rule_38_previews_say_it_too(self):
        bad = self.of(self.generate(), self.old)
        with self.on(TODAY), self.enter_registry_test_mode():
            self.assertIn("Jul 1, 2025", bad.preview_letter()["error"])
            preview = self.env["upominky.level.preview"].create(
                {"level_id": self.level.id, "partner_id": self.old.id}
            )
            self.assertIn("Jul 1, 2025", preview.error)

    def test_rule_38_no_law_is_an_error_with_what_to_do(self):
        for country, kind, words in (
            ("fr", False, "Choose one in the settings"),
            ("pl", "consumer", "says nothing of interest"),
        ):
            with self.subTest(country):
                customer = self.new_customer(country, "x@x.example", upominky_kind=kind)
                self.company.country_id = self.env.ref(f"base.{country}")
                self.invoice(customer, due=20)
                reminder = self.of(self.generate(), customer)
                self.assertEqual(reminder.state, "failed")
                self.assertIn(words, reminder.error)

    def test_rule_38_a_level_that_is_not_sent_is_issued_and_says_it(self):
        self.level.send = False
        bad = self.of(self.generate(), self.old)
        self.assertEqual(bad.state, "issued")
        self.assertIn("Jul 1, 2025", bad.why_text)


class TestPreview(InterestCase):
    def told(self, move):
        with self.on(TODAY):
            self.env["upominky.preview.line"].action_open()
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        return (rows.filtered(lambda row: row.move_id == move).detail or "").replace("\xa0", " ")

    def test_rules_15_and_38_the_preview_tells_none_of_invoices_of_interest(self):
        move = self.invoice(amount=10_000, due=20)
        other = self.invoice(amount=10_000, due=20, upominky_is_interest=True)
        self.assertIn("with interest of", self.told(move))
        self.assertFalse(self.told(other))

    def test_rules_15_and_38_the_preview_asks_as_the_reminder_does_at_the_highest_level(self):
        self.rule.grouping = "highest_level"
        self.charge(interest="none")
        first = self.invoice(amount=10_000, due=10)
        self.generate()
        self.mailed()
        second = self.rule.level_ids[1].sudo()
        self.charge(second, interest="contractual", interest_percent=12)
        later = TODAY + timedelta(days=30)
        new = self.invoice(amount=10_000, due=TODAY + timedelta(days=20))
        with self.on(later):
            self.env["upominky.preview.line"].action_open()
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        told = {row.move_id: row.detail or "" for row in rows}
        reminder = self.generate(later)
        self.assertEqual((len(reminder), reminder.level_order), (1, 2))
        for move in (first, new):
            line = reminder.line_ids.filtered(lambda line, m=move: line.move_id == m)
            asked = f"{sum(line.interest_ids.mapped('amount')):,.2f}"
            self.assertIn(f"with interest of {asked}", told[move].replace("\xa0", " "))
