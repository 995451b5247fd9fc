"""Faults that users of other reminder programs report, about whom and when: none is ours.

Each test is named after the fault.
"""

from datetime import timedelta

from odoo import Command
from odoo.tests import Form

from ..common import TODAY, UpominkyCommon, smtp_inbox


def day(number):
    return TODAY + timedelta(days=number)


class PeersCommon(UpominkyCommon):
    def mailed(self, inbox, day=TODAY):
        """Run both jobs on a day and return the text of what was mailed."""
        before = len(inbox.messages)
        self.generate(day)
        self.send(day)
        return "\n".join(inbox.text(i) for i in range(before, len(inbox.messages)))


class TestPeers(PeersCommon):
    def test_peer_no_followup_ignored(self):
        with smtp_inbox(self.env) as inbox:
            before, between = self.invoice(due=10), self.invoice(due=10)
            before.line_ids.filtered("date_maturity").no_followup = True
            reminder = self.generate()
            self.assertEqual(reminder.line_ids.move_id, between)
            between.line_ids.filtered("date_maturity").no_followup = True
            self.send()
            self.assertEqual(reminder.state, "cancelled")
            self.assertFalse(inbox.messages)
            self.assertFalse(self.generate(day(60)))

    def test_peer_a_failed_or_unsent_reminder_still_escalates_to_level_2(self):
        for name, answers, email in (
            ("refused", {"x@x.example": "550 Unknown"}, "x@x.example"),
            ("never answered", {"x@x.example": "451 Later"}, "x@x.example"),
            ("no address", {}, False),
        ):
            with self.subTest(name), smtp_inbox(self.env, answers) as inbox:
                self.invoice(self.new_customer(name, email), due=10)
                first = self.generate()
                self.send()
                for number in (15, 40, 100):
                    self.assertFalse(self.generate(day(number)))
                inbox.answers.clear()
                first.partner_id.email = "right@x.example"
                with self.on(day(101)):
                    first.action_send_now()
                self.assertEqual(first.state, "sent")
                self.assertFalse(self.generate(day(101)))
                self.assertEqual(self.generate(day(115)).level_order, 2)
        with self.subTest("waits for approval"), smtp_inbox(self.env):
            self.rule.level_ids[0].requires_approval = True
            self.invoice(self.new_customer("waits", "w@w.example"), due=10)
            self.assertEqual(self.generate().state, "to_approve")
            self.assertFalse(self.generate(day(60)))

    def test_peer_company_a_blocks_or_leaks_into_company_b_and_totals_change_with_it(self):
        other = self.setup_other_company(name="Druhá")["company"]
        other.write({"upominky_mode": "live", "email": "druha@druha.example"})
        mine = self.invoice(amount=1000, due=10)
        # One customer, unpaid in both companies; what the other owes back is its own affair.
        theirs = self.invoice(amount=500, due=10, company_id=other.id, currency=other.currency_id)
        more = self.invoice(amount=700, due=10, company_id=other.id, currency=other.currency_id)
        self.credit_note(amount=900, company_id=other.id, currency=other.currency_id)
        Reminder = self.env["upominky.reminder"]
        with smtp_inbox(self.env) as inbox:
            (reminder,) = self.generate()
            self.send()
            self.assertEqual(reminder.line_ids.move_id, mine)
            (foreign,) = Reminder.search([("company_id", "=", other.id)])
            self.assertEqual(sum(foreign.currency_totals.values()), 300.0)
            self.assertLessEqual(foreign.line_ids.move_id, theirs | more)
            senders = {m["From"].addresses[0].addr_spec for m in inbox.messages}
            self.assertEqual(senders, {"ucetni@dopravce.example", "druha@druha.example"})
            for active in (self.company, other):
                seen = reminder.with_company(active).with_context(
                    allowed_company_ids=(active | self.company).ids
                )
                seen.invalidate_recordset()
                self.assertEqual(seen.currency_totals, {"CZK": 1000.0})
                self.assertEqual(seen.line_ids.amount_due, 1000.0)
                self.assertIn("1,000.00", seen.totals_text)

    def test_peer_the_same_reminder_many_times_a_day_from_a_repeating_cron(self):
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10)
            for hour in range(5, 23):
                with self.on(TODAY, hour):
                    self.run_job("cron_generate")
                    self.run_job("cron_send")
                    self.run_job("cron_send")
            self.assertEqual(len(inbox.messages), 1)
            self.assertEqual(len(self.reminders()), 1)

    def test_peer_reminding_one_invoice_hides_the_customers_others(self):
        one, two, three = (self.invoice(amount=n * 100, due=10) for n in (1, 2, 3))
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY):
                action = one.action_upominky_issue()
                self.env["upominky.issue"].browse(action["res_id"]).action_issue()
            self.assertEqual(self.reminders().line_ids.move_id, one)
            text = self.mailed(inbox)
            for move in (one, two, three):
                self.assertIn(move.name, text)
            self.assertEqual(self.reminders().line_ids.move_id, one | two | three)

    def test_peer_a_new_level_ignores_invoices_already_late(self):
        self.rule.level_ids[1:].unlink()
        move = self.invoice(due=100)
        with smtp_inbox(self.env) as inbox:
            self.mailed(inbox)
            self.assertFalse(self.generate(day(50)))  # the only level was reached
            self.rule.level_ids = [
                Command.create(
                    {
                        "order": 2,
                        "name": "New",
                        "days_overdue": 21,
                        "mail_template_id": self.rule.level_ids.mail_template_id.id,
                    }
                )
            ]
            never = self.invoice(due=90)
            issued = self.generate(day(51))
        levels = {line.move_id: line.level_order for line in issued.line_ids}
        self.assertEqual(levels, {move: 2, never: 1})

    def test_peer_cancelling_a_document_the_reminder_points_to_breaks_it(self):
        with smtp_inbox(self.env) as inbox:
            sent, unsent = self.invoice(due=10), self.invoice(due=10)
            self.mailed(inbox)
            (reminder,) = self.reminders()
            for move in sent, unsent:
                move.button_draft()
                move.button_cancel()
            with self.on(day(1)):
                self.assertEqual(reminder.currency_totals, {"CZK": 24200.0})
                self.assertIn(sent.name, str(reminder.invoice_table))
                with Form(reminder) as form:
                    self.assertEqual(form.state, "sent")
                self.assertFalse(sent.upominky_next_date)
            self.assertFalse(self.generate(day(60)))
            other = self.invoice(self.new_customer("Draft", "d@d.example"), due=10)
            waiting = self.generate()
            other.button_draft()
            other.button_cancel()
            self.send()
            self.assertEqual((waiting.state, len(inbox.messages)), ("cancelled", 1))

    def test_peer_preview_or_form_offers_a_reminder_when_none_is_due(self):
        """What the preview shows as due, and nothing else, is what job 1 issues."""
        due, paid, early, held, excluded = (
            self.invoice(self.new_customer(name, f"{name}@x.example"), due=days)
            for name, days in (("due", 10), ("paid", 10), ("early", 3), ("held", 10), ("ex", 10))
        )
        self.pay(paid)
        held.upominky_hold_until = day(30)
        excluded.partner_id.upominky_excluded = True
        Preview, mine = self.env["upominky.preview.line"], [("user_id", "=", self.env.uid)]
        with self.on(TODAY):
            Preview.action_open()
            rows = {row.move_id: row.reason for row in Preview.search(mine)}
            self.assertEqual(
                rows, {due: "due", early: "not_due_yet", held: "on_hold", excluded: "excluded"}
            )
            for move in (paid, held, excluded):
                action = move.action_upominky_issue()
                wizard = self.env["upominky.issue"].browse(action["res_id"])
                self.assertEqual(wizard.reminder_count, 0, move.partner_id.name)
            self.assertFalse(paid.upominky_next_date)
        self.assertEqual(self.generate().line_ids.move_id, due)
        with self.on(TODAY):
            Preview.action_open()
            rows = {row.move_id: row.reason for row in Preview.search(mine)}
            self.assertNotIn("due", rows.values())
