from datetime import timedelta

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestMainJob(UpominkyCommon):
    """The main job, end to end: real documents, both crons, a real SMTP conversation."""

    def test_both_currencies_in_one_message_and_nothing_twice(self):
        self.invoice(amount=12100, due=10, payment_reference="20260114")
        self.invoice(amount=480, due=8, currency=self.eur)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(len(inbox.messages), 1)
            self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])
            self.assertEqual(reminder.currency_totals, {"CZK": 12100.0, "EUR": 480.0})
            text = inbox.text()
            self.assertIn("12,100.00", text)
            self.assertIn("480.00", text)
            self.assertEqual(text.count("Total to pay in"), 2)
            self.assertIn("variable symbol", text)
            self.assertNotIn("*", text)
            self.assertEqual(reminder.state, "sent")
            self.assertEqual(reminder.delivery_state, "sent")
            self.assertEqual(reminder.sent_date, TODAY)

            self.assertFalse(self.generate())
            self.send()
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_17_paid_between_the_jobs_is_not_in_the_message(self):
        paid = self.invoice(amount=5000, due=10)
        kept = self.invoice(amount=7000, due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.assertEqual(reminder.currency_totals, {"CZK": 12000.0})
            self.pay(paid)
            self.send()
            self.assertNotIn(paid.name, inbox.text())
            self.assertIn(kept.name, inbox.text())
        self.assertEqual(reminder.currency_totals, {"CZK": 7000.0})
        by_move = {line.move_id: line for line in reminder.line_ids}
        self.assertEqual(by_move[paid].state, "paid")
        self.assertFalse(by_move[paid].counted)
        self.assertEqual(by_move[paid].amount_issued, 5000)

    def test_rule_17_all_paid_sends_nothing_and_says_why(self):
        move = self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.pay(move)
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "cancelled", reminder.error)
        self.assertIn("paid", reminder.cancel_reason)

    def test_rule_06_levels_follow_by_their_days(self):
        self.invoice(due=7)
        with smtp_inbox(self.env) as inbox:
            issued = []
            for day in range(60):
                reminder = self.generate(TODAY + timedelta(days=day))
                self.send(TODAY + timedelta(days=day))
                issued += [(day, reminder.level_order)] if reminder else []
                with self.on(TODAY + timedelta(days=day)):
                    reminder.filtered(lambda r: r.state == "to_approve").action_approve()
                self.send(TODAY + timedelta(days=day), hour=10)
            self.assertEqual(issued, [(0, 1), (14, 2), (28, 3), (43, 4)])
            self.assertEqual(len(inbox.messages), 4)
            self.assertTrue(inbox.messages[-1]["Subject"].startswith("Call before legal action"))
