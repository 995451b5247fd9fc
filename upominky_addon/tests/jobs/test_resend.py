"""SPEC rule 24: the summary of what was already reminded."""

from datetime import timedelta

from odoo.exceptions import UserError

from ..common import TODAY, UpominkyCommon, smtp_inbox


def day(number):
    return TODAY + timedelta(days=number)


class TestResend(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = cls.env["upominky.rule"].with_context(active_test=False)
        cls.resend = rules.search([("company_id", "=", cls.company.id), ("event", "=", "resend")])

    def mail_first(self, *invoices):
        """Mail the first reminder of invoices that are due."""
        self.generate()
        self.send()

    def test_rule_24_ships_inactive(self):
        self.assertFalse(self.resend.active)
        self.assertEqual(len(self.resend.level_ids), 1)

    def test_rule_24_summary_after_its_days_of_what_was_mailed(self):
        self.resend.active = True
        with smtp_inbox(self.env) as inbox:
            mailed = self.invoice(amount=1000, due=7)
            euro = self.invoice(amount=20, due=7, currency=self.eur)
            self.mail_first()
            fresh = self.invoice(amount=500, due=-8)
            self.rule.level_ids[1].days_overdue = 60
            self.assertFalse(self.generate(day(13)))
            summary = self.generate(day(14))
            self.assertEqual(summary.event, "resend")
            self.assertEqual(summary.line_ids.move_id, mailed | euro)
            self.assertNotIn(fresh, summary.line_ids.move_id)
            self.assertEqual(summary.currency_totals, {"CZK": 1000.0, "EUR": 20.0})
            self.assertFalse(self.generate(day(14)))
            self.send(day(14))
            self.assertEqual(len(inbox.messages), 2)
            self.assertIn("So that you have it all in one place", inbox.text())
            self.assertFalse(self.generate(day(14)))
        self.assertEqual(mailed.upominky_level, 1)
        self.assertEqual(mailed.upominky_count, 1)

    def test_rule_24_paid_meanwhile_means_no_mail(self):
        self.resend.active = True
        with smtp_inbox(self.env) as inbox:
            move = self.invoice(due=7)
            self.mail_first()
            self.rule.level_ids[1].days_overdue = 60
            summary = self.generate(day(14))
            self.pay(move)
            self.send(day(14))
            self.assertEqual(len(inbox.messages), 1)
            self.assertEqual(summary.state, "cancelled")
            self.assertFalse(self.generate(day(30)))

    def test_rule_24_its_failure_holds_nothing(self):
        self.resend.active = True
        with smtp_inbox(self.env):
            self.invoice(due=7)
            self.mail_first()
            self.rule.level_ids[1].days_overdue = 22
            self.customer.email = False
            summary = self.generate(day(14))
            self.send(day(14))
            self.assertEqual(summary.state, "failed")
            self.customer.email = "znovu@odberatel.example"
            self.assertEqual(self.generate(day(15)).level_order, 2)

    def test_rule_24_holds_and_exclusions_apply(self):
        self.resend.active = True
        with smtp_inbox(self.env):
            move = self.invoice(due=7)
            self.mail_first()
            move.upominky_hold_reason = "dispute"
            self.assertFalse(self.generate(day(20)))

    def test_rule_24_by_hand_from_customer_invoice_and_book(self):
        with smtp_inbox(self.env):
            first = self.invoice(amount=100, due=7)
            second = self.invoice(amount=200, due=7)
            self.mail_first()
            reminder = self.reminders()
            for records, moves in (
                (self.customer, first | second),
                (second, second),
                (reminder, first | second),
            ):
                with self.subTest(records=records), self.on(day(1)):
                    summary = self.resent(records)
                    self.assertEqual(summary.event, "resend")
                    self.assertTrue(summary.by_hand)
                    self.assertEqual(summary.line_ids.move_id, moves)

    def test_rule_24_by_hand_the_mode_is_named_where_it_is_what_stops_it(self):
        with smtp_inbox(self.env):
            self.invoice(amount=100, due=7)
            self.mail_first()
        other = self.new_customer("Nic nedluží", "nic@x.example")
        with self.on(day(1)), self.enter_registry_test_mode():
            for mode in ("pilot", "off"):
                self.company.upominky_mode = mode
                with self.assertRaisesRegex(UserError, "switched off, or are in a pilot"):
                    self.customer.action_upominky_resend()
            self.company.upominky_mode = "pilot"
            self.company.upominky_pilot_partner_ids = self.customer | other
            self.assertTrue(self.customer.action_upominky_resend()["res_id"])
            with self.assertRaisesRegex(UserError, "nothing to list"):
                other.action_upominky_resend()

    def test_rule_24_by_hand_a_list_that_still_waits_is_named(self):
        with smtp_inbox(self.env):
            self.invoice(amount=100, due=7)
            self.mail_first()
        model = self.env["upominky.resend"]
        with self.on(day(1)), self.enter_registry_test_mode():
            window = model.browse(self.customer.action_upominky_resend()["res_id"])
            self.assertFalse(window.waiting_text)
            waiting = window.sudo()._issue()
            self.assertEqual((waiting.state, waiting.level_order), ("issued", 0))
            window = model.browse(self.customer.action_upominky_resend()["res_id"])
            self.assertIn(f"to: {self.customer.name}. This", window.waiting_text)
            waiting.action_mark_sent(date=day(1))
            window = model.browse(self.customer.action_upominky_resend()["res_id"])
            self.assertFalse(window.waiting_text)

    def test_rule_24_by_hand_two_windows_send_one_list(self):
        with smtp_inbox(self.env) as inbox:
            self.invoice(amount=100, due=7)
            self.mail_first()
            with self.on(day(1)), self.enter_registry_test_mode():
                windows = [
                    self.env["upominky.resend"].browse(
                        self.customer.action_upominky_resend()["res_id"]
                    )
                    for _ in range(2)
                ]
                windows[0].action_send()
                with self.assertRaisesRegex(UserError, "After this window was opened, a list"):
                    windows[1].action_send()
                self.assertFalse(windows[1].is_done)
                self.assertEqual(len(inbox.messages), 2)
            with self.on(day(1)):
                self.assertTrue(self.resent(self.customer), "who opens it anew means it")

    def test_rule_24_by_hand_it_is_shown_first_and_sent_from_there(self):
        with smtp_inbox(self.env) as inbox:
            self.invoice(amount=100, due=7)
            other = self.new_customer("Druhý s.r.o.", "druhy@x.example")
            self.invoice(other, amount=200, due=7)
            self.mail_first()
            before = self.reminders()
            with self.on(day(1)), self.enter_registry_test_mode():
                action = (self.customer | other).action_upominky_resend()
                wizard = self.env["upominky.resend"].browse(action["res_id"])
                self.assertEqual(len(wizard.line_ids), 2)
                self.assertEqual(self.reminders(), before, "looking writes nothing")
                shown = {}
                for line in wizard.line_ids:
                    line.action_look()
                    self.assertFalse(wizard.error)
                    shown[wizard.email_to] = (wizard.subject, wizard.body_html)
                    self.assertIn(line.totals_text, wizard.body_html)
                self.assertEqual(self.reminders(), before)
                self.assertIn("Sent: 2.", wizard.action_send()["params"]["message"])
                self.assertEqual(len(inbox.messages), 4)
                for index in (-1, -2):
                    subject, body = shown[inbox.messages[index]["To"]]
                    # Both were shown with the number that is next.
                    sent = inbox.messages[index]["Subject"]
                    self.assertEqual(sent.split(" (")[0], subject.split(" (")[0])
                    self.assertIn("This is the invoice that we have reminded you of", body)
                with self.assertRaisesRegex(UserError, "issued already"):
                    wizard.action_send()
        summaries = self.reminders() - before
        self.assertEqual(summaries.mapped("state"), ["sent", "sent"])
