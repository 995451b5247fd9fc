"""SPEC rule 1: an invoice that is due in parts is told apart by its parts, wherever it stands."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, sql_db

from ...models.reminders import decided_dates
from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestInstalments(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 10)
                ],
            }
        )

    def in_halves(self, partner=None, amount=1000, overdue=18):
        """Return an invoice whose halves were due ``overdue`` days ago, and ten days later."""
        return self.invoice(
            partner,
            amount=amount,
            invoice_date=TODAY - timedelta(days=overdue),
            invoice_date_due=False,
            invoice_payment_term_id=self.halves.id,
        )

    def arrived(self):
        """Issue and mail what is due; return HTML and text of the first message."""
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder, " ".join(inbox.html().split()), inbox.text()

    def test_rule_01_each_part_is_named_with_the_total_of_its_invoice(self):
        self.in_halves()
        reminder, html, text = self.arrived()
        self.assertEqual(len(reminder.line_ids), 2)
        for part in ("1 of 2", "2 of 2"):
            with self.subTest(part):
                self.assertIn(f"Instalment: {part}", html)
                self.assertIn(f"instalment {part}, invoice total ", text)
        self.assertEqual(html.count("Invoice total: "), 2)
        self.assertIn("1,000.00", html)

    def test_rule_01_one_that_is_due_at_once_looks_as_before(self):
        self.invoice(due=10)
        reminder, html, text = self.arrived()
        for shown in (html, text):
            self.assertNotIn("nstalment", shown)
            self.assertNotIn("nvoice total", shown)
        self.assertFalse(reminder.has_instalments)
        self.assertFalse(reminder.line_ids.move_id.upominky_in_parts)
        self.assertEqual(reminder.line_ids.mapped("instalment"), [False])

    def test_rule_01_the_reminder_and_the_invoice_tell_which_part_it_is(self):
        move = self.in_halves()
        reminder, _html, _text = self.arrived()
        self.assertTrue(reminder.has_instalments)
        self.assertTrue(move.upominky_in_parts)
        lines = reminder.line_ids.sorted("due_date")
        self.assertEqual(lines.mapped("instalment"), ["1 of 2", "2 of 2"])
        self.assertEqual(lines.mapped("invoice_total"), [1000, 1000])

    def test_rule_15_the_invoice_says_of_which_part_it_tells_what_comes(self):
        move = self.in_halves(overdue=12)
        self.arrived()
        with self.on(TODAY):
            told = move.upominky_explanation.splitlines()
        self.assertEqual(len(told), 2)
        for sentence, day in zip(sorted(told), ("May 17, 2026", "May 27, 2026"), strict=True):
            self.assertIn(f"(due {day})", sentence)
            self.assertIn("Next: ", sentence)

    def test_rule_26_a_reminder_of_one_part_tells_when_that_part_is_reminded_again(self):
        move = self.in_halves(overdue=18)
        first, second = move.line_ids.filtered("date_maturity").sorted("date_maturity")
        with self.on(TODAY - timedelta(days=4)):  # the second is not due for a reminder yet
            early = self.generate(TODAY - timedelta(days=4))
            early.action_mark_sent(date=TODAY - timedelta(days=4))
        late = self.generate()
        with self.on(TODAY):
            late.action_mark_sent(date=TODAY)
            self.assertEqual(
                (early.line_ids.move_line_id, late.line_ids.move_line_id), (first, second)
            )
            dates = [item.upominky_next_date for item in (first, second)]
            self.assertLess(*dates)
            self.assertEqual([early.next_date, late.next_date], dates)
            self.assertEqual(move.upominky_next_date, dates[0])
            book = early | late
            with patch.object(decided_dates, "FEW", 0):
                found = book.search([("id", "in", book.ids)], order="next_date desc")
                self.assertEqual(found.ids, [late.id, early.id])
                mine = [("id", "in", book.ids), ("next_date", "=", dates[1])]
                self.assertEqual(book.search(mine), late)

    def test_rule_01_the_parts_that_were_paid_count_as_parts(self):
        move = self.in_halves()
        self.pay(move, 500)
        reminder, html, _text = self.arrived()
        self.assertEqual(reminder.line_ids.mapped("instalment"), ["2 of 2"])
        self.assertNotIn("1 of 2", html)

    def test_rule_20_templates_of_the_text_know_both(self):
        self.level.text_template = (
            "{% for line in currencies[0].lines %}"
            "{{ line.instalment or '-' }}/{{ line.invoice_total_text }};{% endfor %}"
        )
        self.in_halves()
        self.invoice(amount=70, due=9)
        _reminder, _html, text = self.arrived()
        self.assertIn("1 of 2/1,000.00 Kč;", text.replace("\xa0", " "))
        self.assertIn("2 of 2/1,000.00 Kč;", text.replace("\xa0", " "))
        self.assertIn("-/0.00 Kč;", text.replace("\xa0", " "))

    def test_one_query_serves_all_lines_of_a_batch(self):
        for number in range(3):
            self.in_halves(self.new_customer(f"Odběratel {number}", f"o{number}@x.example"))
        self.generate()
        self.env.flush_all()
        self.env.invalidate_all()
        reminders = self.reminders()
        self.assertEqual(len(reminders), 3)
        lines = reminders.line_ids
        lines.mapped("move_line_id.move_id.name")
        before = sql_db.sql_counter
        found = [line.instalment for reminder in reminders for line in reminder.line_ids]
        self.assertEqual(len(found), 6)
        self.assertLessEqual(sql_db.sql_counter - before, 2, "of the parts, and of the currency")
