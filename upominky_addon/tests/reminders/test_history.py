"""SPEC rule 26: what an invoice and a customer tell of their reminders."""

from datetime import timedelta

from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestHistory(UpominkyCommon):
    def test_rule_26_the_tab_tells_state_error_number_and_next_date(self):
        move = self.invoice(due=10)
        with smtp_inbox(self.env, {self.customer.email: "550 Unknown user"}), self.on(TODAY):
            self.assertEqual((move.upominky_count, move.upominky_status), (0, False))
            self.assertEqual(move.upominky_next_date, TODAY - timedelta(days=3))
        with smtp_inbox(self.env) as inbox:
            inbox.answers[self.customer.email] = "550 Unknown user"
            reminder = self.generate()
            self.send()
            self.check(move, level=1, count=1, status="failed", next_date=False)
            self.assertIn("550 Unknown user", move.upominky_line_ids.reminder_error)
            inbox.answers.clear()
            with self.on(TODAY, 10):
                reminder.action_retry()
            later = TODAY + timedelta(days=14)
            self.check(move, level=1, count=1, status="sent", next_date=later)
            self.generate(later)
            self.check(move, level=2, count=2, status="issued", next_date=False)
        self.assertEqual(move.upominky_line_ids.mapped("level_order"), [2, 1])  # newest first
        self.assertEqual(self.customer.upominky_reminder_count, 2)

    def test_rule_26_a_status_that_is_none_finds_nothing(self):
        reminded = self.invoice(due=10)
        self.generate()
        for asked in (5, 5.5, True, [5, "issued"]):
            with self.subTest(asked=asked):
                operator = "in" if isinstance(asked, list) else "="
                domain = [("id", "in", reminded.ids), ("upominky_status", operator, asked)]
                found = reminded.search(domain)
                self.assertEqual(found, reminded if asked == [5, "issued"] else found.browse())

    def check(self, move, level, count, status, next_date):
        with self.on(TODAY, 11):
            move.invalidate_recordset()
            self.assertEqual(
                (move.upominky_level, move.upominky_count, move.upominky_status),
                (level, count, status),
            )
            self.assertEqual(move.upominky_next_date, next_date)
            self.assertEqual(Form(move).upominky_count, count)

    def test_rule_26_a_superuser_finds_the_same_whichever_company_is_active(self):
        reminded, fresh = self.invoice(due=10), self.invoice(due=3)
        both = reminded | fresh
        self.generate()
        other = self.env["res.company"].create({"name": "Jiná s.r.o."})
        nobody = new_test_user(
            self.env, "elsewhere", "base.group_user", company_id=other.id, company_ids=other.ids
        )
        mine = [("id", "in", both.ids)]
        for user in (self.env.user, nobody):
            for companies in (other, self.company, other | self.company):
                moves = self.env["account.move"].with_user(user).sudo()
                moves = moves.with_context(allowed_company_ids=companies.ids)
                for condition, found in (
                    (("upominky_level", "=", 0), fresh),
                    (("upominky_level", "=", 1), reminded),
                    (("upominky_count", ">", 0), reminded),
                    (("upominky_last_date", "=", False), fresh),
                    (("upominky_status", "=", False), fresh),
                    (("upominky_status", "=", "issued"), reminded),
                ):
                    with self.subTest(user=user.login, active=companies.ids, condition=condition):
                        self.assertEqual(moves.search([condition, *mine]), found)
                    lines = moves.env["account.move.line"]
                    path = [(f"move_id.{condition[0]}", *condition[1:])]
                    with self.subTest(user=user.login, active=companies.ids, path=path):
                        searched = lines.search([*path, ("move_id", "in", both.ids)])
                        self.assertEqual(searched.move_id, found)

    def test_rule_26_level_state_and_next_date_can_be_searched(self):
        reminded, fresh = self.invoice(due=10), self.invoice(due=3)
        both = reminded | fresh
        self.generate()
        with self.on(TODAY):
            for domain, found in (
                ([("upominky_level", "=", 1)], reminded),
                ([("upominky_level", "=", 0)], fresh),
                ([("upominky_level", ">", 0)], reminded),
                ([("upominky_count", ">=", 1)], reminded),
                ([("upominky_status", "=", "issued")], reminded),
                ([("upominky_status", "=", False)], fresh),
                ([("upominky_last_date", "=", TODAY)], reminded),
                ([("upominky_next_date", "!=", False)], fresh),
                ([("upominky_next_date", "<=", TODAY + timedelta(days=4))], fresh),
                ([("upominky_next_date", "<", TODAY + timedelta(days=4))], both.browse()),
            ):
                with self.subTest(domain=domain):
                    searched = both.search([*domain, ("id", "in", both.ids)])
                    self.assertEqual(searched, found)

    def test_rule_26_the_invoice_explains_what_would_happen_today(self):
        move = self.invoice(due=3)
        with self.on(TODAY):
            self.assertIn("Not overdue long enough", move.upominky_explanation)
            self.assertIn("First reminder", move.upominky_explanation)
            move.upominky_hold_reason = "dispute"
            move.invalidate_recordset(["upominky_explanation"])
            self.assertIn("On hold", move.upominky_explanation)
            self.assertTrue(move.upominky_on_hold)

    def test_rule_24_a_summary_changes_none_of_it(self):
        move = self.invoice(due=10)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
            with self.on(TODAY):
                self.resent(self.customer)
        later = TODAY + timedelta(days=14)
        self.check(move, level=1, count=1, status="sent", next_date=later)
