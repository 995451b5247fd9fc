"""Issuing by hand (SPEC rule 28): what binds, what does not, on one and on many."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestIssueByHand(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "clerk", "upominky_addon.group_user", company_id=cls.company.id
        )

    def preview(self, records):
        """Open the preview as a clerk does, and return it."""
        with self.on(TODAY):
            action = records.with_user(self.clerk).action_upominky_issue()
        return self.env["upominky.issue"].with_user(self.clerk).browse(action["res_id"])

    def issue(self, records):
        wizard = self.preview(records)
        with self.on(TODAY):
            wizard.action_issue()
        return wizard

    def sent_level_1(self, move, days_ago=0):
        day = TODAY - timedelta(days=days_ago)
        with smtp_inbox(self.env):
            reminder = self.generate(day)
            self.send(day)
        return reminder.filtered(lambda r: move in r.line_ids.move_id)

    # ------------------------------------------------------------ what binds

    def test_rule_28_dates_automatic_start_and_minimum_do_not_bind(self):
        for name, prepare, due, order in (
            ("one day overdue", lambda move: None, 1, 1),
            (
                "by hand only",
                lambda move: self.rule.level_ids.write({"auto_generate": False}),
                9,
                1,
            ),
            (
                "before the start",
                lambda m: self.company.write({"upominky_start_date": TODAY}),
                99,
                1,
            ),
            ("below the minimum", lambda m: self.rule.write({"min_amount": 99999}), 9, 1),
            ("a day after the first", lambda m: self.sent_level_1(m, 1), 9, 2),
        ):
            with self.subTest(name):
                move = self.invoice(self.new_customer(name, "a@b.example"), due=due)
                prepare(move)
                wizard = self.issue(move)
                self.assertEqual(wizard.reminder_ids.level_order, order)
                self.assertTrue(wizard.reminder_ids.by_hand)
                self.assertEqual(wizard.reminder_ids.run_id.kind, "hand")
                self.assertEqual(wizard.reminder_ids.line_ids.move_id, move)
                self.company.upominky_start_date = False
                self.rule.write({"min_amount": 0})
                self.rule.level_ids.auto_generate = True

    def test_rule_28_what_binds_is_told_and_issues_nothing(self):
        tomorrow = TODAY + timedelta(days=1)
        hold = {"upominky_hold_until": TODAY, "upominky_hold_reason": "promise"}
        mode = self.company
        for reason, due, prepare in (
            ("excluded", 9, lambda m: m.partner_id.write({"upominky_excluded": True})),
            ("no_followup", 9, lambda m: m.line_ids.write({"no_followup": True})),
            ("blocked", 9, lambda m: m.write({"payment_state": "blocked"})),
            ("on_hold", 9, lambda m: m.write(dict(hold))),
            ("on_hold", 9, lambda m: m.partner_id.write(hold)),
            ("not_due_yet", tomorrow, lambda m: None),
            ("not_due_yet", TODAY, lambda m: None),
            ("previous_not_sent", 9, lambda m: self.generate()),
            ("covered_by_credits", 9, lambda m: self.credit_note(m.partner_id, 99999)),
            ("mode_off", 9, lambda m: mode.write({"upominky_mode": "off"})),
            ("pilot", 9, lambda m: mode.write({"upominky_mode": "pilot"})),
            ("no_rule", 9, lambda m: self.rule.write({"active": False})),
        ):
            with self.subTest(reason=reason, due=due):
                move = self.invoice(self.new_customer(reason, "a@b.example"), due=due)
                prepare(move)
                before = self.reminders()
                wizard = self.preview(move)
                self.assertEqual(wizard.line_ids.mapped("reason"), [reason])
                self.assertEqual(wizard.reminder_count, 0)
                with self.on(TODAY):
                    wizard.action_issue()
                self.assertFalse(wizard.reminder_ids)
                self.assertEqual(self.reminders(), before)
                mode.upominky_mode = "live"
                self.rule.active = True

    def test_rule_28_the_last_level_and_open_credits_on_hold_bind_too(self):
        move = self.invoice(due=60)
        for order in (1, 2, 3, 4):
            wizard = self.issue(move)
            self.assertEqual(wizard.reminder_ids.level_order, order)
            self.assertEqual(wizard.line_ids.reminder_id, wizard.reminder_ids)
            with self.on(TODAY):
                wizard.reminder_ids.action_mark_sent()
        self.assertEqual(self.preview(move).line_ids.reason, "last_level_reached")
        self.rule.credit_policy = "hold"
        other = self.invoice(self.new_customer("Druhý", "d@b.example"), due=9)
        self.credit_note(other.partner_id, 10)
        self.assertEqual(self.preview(other).line_ids.reason, "credit_open")

    def test_what_was_issued_is_sent_from_the_result(self):
        wizard = self.issue(self.invoice(due=9))
        self.assertTrue(wizard.can_send)
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            told = wizard.action_send_now()
        self.assertIn("Sent: 1.", told["params"]["message"])
        self.assertEqual(len(inbox.messages), 1)
        self.assertFalse(wizard.can_send)

    def test_rule_28_a_pilot_customer_is_reminded_by_hand(self):
        self.company.upominky_mode = "pilot"
        self.company.upominky_pilot_partner_ids = self.customer
        self.assertTrue(self.issue(self.invoice(due=2)).reminder_ids)

    def test_rule_18_without_an_address_it_is_issued_and_says_so(self):
        move = self.invoice(self.new_customer("Bez adresy"), due=9)
        wizard = self.preview(move)
        self.assertEqual(wizard.line_ids.reason, "no_email")
        self.assertEqual(wizard.reminder_count, 1)

    # ----------------------------------------------------------------- many

    def test_rule_28_many_customers_overdue_receivables_only(self):
        second = self.new_customer("Druhý", "druhy@b.example")
        contact = self.env["res.partner"].create({"name": "Jana", "parent_id": second.id})
        mine = self.invoice(due=3) + self.invoice(second, 480, 5, self.eur)
        future = self.invoice(second, due=TODAY + timedelta(days=9))
        paid = self.invoice(second, due=9)
        self.pay(paid)
        wizard = self.preview(self.customer + contact)
        self.assertEqual(wizard.line_ids.move_id, mine)
        self.assertEqual((wizard.reminder_count, wizard.customer_count), (2, 2))
        self.assertEqual(wizard.totals_text, "12,100.00\xa0Kč · 480.00\xa0€")
        with self.on(TODAY):
            wizard.action_issue()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(wizard.reminder_ids.partner_id, self.customer + second)
        self.assertNotIn(future, wizard.reminder_ids.line_ids.move_id)
        action = wizard.action_open_reminders()
        self.assertEqual(action["name"], "Reminders Issued Just Now")
        self.assertEqual(action["res_model"], "upominky.reminder")
        self.assertEqual(action["domain"], [("id", "in", wizard.reminder_ids.ids)])

    def test_rule_28_only_the_chosen_invoices_of_a_customer(self):
        chosen = self.invoice(due=9)
        other = self.invoice(amount=500, due=9)
        wizard = self.issue(chosen)
        self.assertEqual(wizard.reminder_ids.line_ids.move_id, chosen)
        self.assertFalse(other.upominky_line_ids)

    def test_rule_13_credits_are_shared_over_all_that_is_overdue(self):
        self.sent_level_1(self.invoice(amount=1000, due=20))
        chosen = self.invoice(amount=1000, due=9)
        self.credit_note(amount=1000)
        # The older invoice, which nobody chose, takes the credit first.
        self.assertEqual(self.issue(chosen).reminder_ids.currency_totals, {"CZK": 1000.0})

    def test_documents_that_owe_nothing_are_named(self):
        open_one, paid, refund = self.invoice(due=9), self.invoice(due=9), self.credit_note()
        self.pay(paid)
        wizard = self.preview(open_one + paid + refund)
        self.assertEqual(wizard.line_ids.move_id, open_one)
        self.assertIn(paid.name, wizard.left_out_text)
        self.assertIn(refund.name, wizard.left_out_text)

    def test_rule_29_companies_one_by_one_and_never_a_strangers(self):
        other = self.setup_other_company(name="Druhá")["company"]
        other.upominky_mode = "live"
        self.clerk.company_ids += other
        here = self.invoice(due=9)
        there = self._invoice_of(other)
        both = (here + there).with_context(allowed_company_ids=(self.company + other).ids)
        wizard = self.issue(both)
        self.assertEqual(wizard.reminder_ids.company_id, self.company + other)
        self.assertEqual(len(wizard.reminder_ids), 2)
        for reminder in wizard.reminder_ids:
            self.assertEqual(reminder.line_ids.company_id, reminder.company_id)
            self.assertEqual(reminder.run_id.company_id, reminder.company_id)
        self.clerk.company_ids -= other
        with self.assertRaises(AccessError):
            self.preview(there)

    def _invoice_of(self, company):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": TODAY - timedelta(days=30),
                    "invoice_date_due": TODAY - timedelta(days=9),
                    "invoice_line_ids": [(0, 0, {"name": "X", "price_unit": 70, "tax_ids": False})],
                }
            )
        )
        move.action_post()
        return move

    # -------------------------------------------------------------- trouble

    def test_rule_14_issuing_twice_issues_once(self):
        move = self.invoice(due=9)
        first, second = self.preview(move), self.preview(move)
        with self.on(TODAY):
            first.action_issue()
            first.action_issue()
            second.action_issue()
        self.assertEqual(len(self.reminders()), 1)
        self.assertFalse(second.reminder_ids)
        self.assertIn(move.name, second.problem_text)

    def test_rule_14_somebody_elses_reminder_at_the_same_moment_gives_a_sentence(self):
        wizard = self.preview(self.invoice(due=9))
        generate = self.env.registry["upominky.generate"]
        with (
            patch.object(generate, "_issue", side_effect=psycopg2.errors.UniqueViolation),
            self.on(TODAY),
            self.assertRaisesRegex(UserError, "start again"),
        ):
            wizard.action_issue()
        self.assertEqual(wizard.state, "preview")

    def test_one_customer_that_fails_does_not_stop_the_others(self):
        bad = self.new_customer("Špatný", "s@b.example")
        moves = self.invoice(due=9) + self.invoice(bad, due=9)
        wizard = self.preview(moves)
        generate = self.env.registry["upominky.generate"]
        create = generate._create

        def fail(model, run, wanted, *arguments):
            if any(customer.id == bad.id for customer, _reminder in wanted):
                raise ValueError("broken")
            return create(model, run, wanted, *arguments)

        with patch.object(generate, "_create", fail), self.on(TODAY), self.mute_generate():
            wizard.action_issue()
        self.assertEqual(wizard.reminder_ids.partner_id, self.customer)
        self.assertRegex(wizard.problem_text, "^Špatný: no reminder was issued,.*[(]broken[)]")

    def mute_generate(self):
        return self.assertLogs("odoo.addons.upominky_addon.models.jobs.generate", "WARNING")

    def test_what_was_issued_by_hand_is_sent_by_the_job(self):
        with smtp_inbox(self.env) as inbox:
            wizard = self.issue(self.invoice(due=2))
            self.send()
            self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])
        self.assertEqual(wizard.reminder_ids.state, "sent")
