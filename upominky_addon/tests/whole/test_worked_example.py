"""The example of docs/how-it-decides.md, day by day: what the page says is what happens."""

from datetime import date

from ..common import UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"


class TestWorkedExample(UpominkyCommon):
    def assertIssued(self, day, order, **totals):
        """Run job 1 on the day before, when nothing is due, and on the day."""
        self.assertFalse(self.generate(date.fromordinal(day.toordinal() - 1)), day)
        reminder = self.generate(day)
        self.assertEqual((reminder.level_order, reminder.currency_totals), (order, totals), day)
        return reminder

    def reason(self, move, day):
        with self.on(day):
            self.env["upominky.preview.line"].action_open()
            rows = self.env["upominky.preview.line"].search([("move_id", "=", move.id)])
            return rows.mapped("reason"), rows.mapped("next_date")

    def test_the_story_of_the_page(self):
        self.rule.min_amount = 500
        self.first = self.invoice(amount=12100, due=date(2026, 3, 2))
        self.euro = self.invoice(amount=480, due=date(2026, 3, 9), currency=self.eur)
        self.small = self.invoice(amount=3000, due=date(2026, 3, 9))
        with smtp_inbox(self.env) as inbox:
            self.march()
            self.early_april()
            self.later(inbox)
            self.assertEqual(len(inbox.messages), 5)

    def march(self):
        first = self.first
        self.assertIssued(date(2026, 3, 9), 1, CZK=12100.0)
        self.send(date(2026, 3, 9))
        self.assertIssued(date(2026, 3, 16), 1, CZK=3000.0, EUR=480.0)
        self.send(date(2026, 3, 16))
        self.pay(first, 5000, date(2026, 3, 20))
        # The server was down on the 23rd and 24th.
        due = (["not_due_yet"], [date(2026, 3, 23)])
        self.assertEqual(self.reason(first, date(2026, 3, 22)), due)
        late = self.generate(date(2026, 3, 25))
        self.assertEqual((late.level_order, late.currency_totals), (2, {"CZK": 7100.0}))
        self.send(date(2026, 3, 25))
        self.assertIssued(date(2026, 3, 30), 2, CZK=3000.0, EUR=480.0)
        self.send(date(2026, 3, 30))

    def early_april(self):
        self.credit_note(amount=2000, day=date(2026, 4, 1))
        waits = (["waits_after_previous"], [date(2026, 4, 8)])
        for day in (6, 7):
            self.assertEqual(self.reason(self.first, date(2026, 4, day)), waits)
        third = self.assertIssued(date(2026, 4, 8), 3, CZK=5100.0)
        self.pay(self.first, 4800, date(2026, 4, 8))
        self.send(date(2026, 4, 8))
        self.assertEqual(third.state, "cancelled")
        self.assertEqual(self.reason(self.first, date(2026, 4, 9))[0], ["below_minimum"])

    def later(self, inbox):
        inbox.answers[ADDRESS] = "550 5.1.1 No such mailbox"
        together = self.assertIssued(date(2026, 4, 13), 3, CZK=3300.0, EUR=480.0)
        self.send(date(2026, 4, 13))
        self.assertEqual(together.state, "failed")
        self.assertEqual(self.reason(self.euro, date(2026, 4, 16))[0], ["previous_not_sent"])
        self.customer.email = "ucetni@odberatel.example"
        with self.on(date(2026, 4, 17), 10):
            together.action_retry()
        self.assertEqual(together.state, "sent")
        self.assertFalse(self.generate(date(2026, 4, 28)))
        last = self.assertIssued(date(2026, 5, 2), 4, CZK=3300.0, EUR=480.0)
        self.send(date(2026, 5, 2))
        self.assertEqual(last.state, "to_approve")
        self.assertEqual(last.line_ids.move_id, self.first | self.euro | self.small)
