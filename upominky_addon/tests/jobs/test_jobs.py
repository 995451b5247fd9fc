"""SPEC rules 5 to 9, 14, 16 and 17: when, which level, by whom it is stopped."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.tools import mute_logger

from ..common import TODAY, UpominkyCommon, smtp_inbox


def day(number):
    return TODAY + timedelta(days=number)


class TestJobs(UpominkyCommon):
    def test_rule_06_old_invoice_starts_at_level_one(self):
        self.invoice(due=200)
        self.assertEqual(self.generate().level_order, 1)

    def test_rule_06_a_job_that_did_not_run_catches_up_one_level_at_a_time(self):
        self.invoice(due=7)
        with smtp_inbox(self.env):
            issued = []
            for number in (0, 60, 61, 73, 74, 75, 88, 89):
                issued += [(number, r.level_order) for r in self.generate(day(number))]
                self.send(day(number))
        # 14 days lie between the days of the levels, and then 15 before the fourth.
        self.assertEqual(issued, [(0, 1), (60, 2), (74, 3), (89, 4)])

    def test_rule_06_a_level_by_hand_stops_the_job_and_later_levels(self):
        self.rule.level_ids[1].auto_generate = False
        move = self.invoice(due=7)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
            self.assertFalse(self.generate(day(100)))
        with self.on(day(100)):
            move.invalidate_recordset()
            self.assertFalse(move.upominky_next_date)

    def test_rule_05_history_carries_over_to_another_rule_and_gaps_are_fine(self):
        self.invoice(due=30)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
            other = self.rule.copy({"name": "Other", "partner_ids": self.customer.ids})
            other.level_ids[1:].unlink()
            # The rule changed: at least 7 days after the previous reminder.
            other.level_ids.write({"order": 5, "days_overdue": 8})
            self.assertFalse(self.generate(day(6)))
            reminder = self.generate(day(7))
        self.assertEqual((reminder.rule_id, reminder.level_order), (other, 5))

    def test_rule_07_no_escalation_past_a_reminder_that_was_not_sent(self):
        self.customer.email = False
        self.invoice(due=10)
        with smtp_inbox(self.env):
            first = self.generate()
            self.send()
            self.assertEqual(first.state, "failed")
            self.assertIn("no e-mail address", first.error)
            self.assertFalse(self.generate(day(100)))
            with self.on(day(100)):
                first.action_mark_sent()
            self.assertEqual(first.sent_date, day(100))
            self.assertEqual(self.generate(day(114)).level_order, 2)

    def test_rule_08_without_send_it_counts_but_is_not_mailed(self):
        self.rule.level_ids[0].send = False
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            first = self.generate()
            self.send()
            self.assertEqual((first.state, first.to_send), ("issued", False))
            self.rule.level_ids[0].send = True
            self.send(day(1))
            self.assertFalse(inbox.messages)
            self.assertEqual(self.generate(day(14)).level_order, 2)
            with self.on(day(14)):
                first.action_send_now()
            self.assertEqual(first.state, "sent")
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_09_one_reminder_per_level_or_at_the_highest(self):
        for grouping, expected in (("per_level", [1, 2]), ("highest_level", [2])):
            with self.subTest(grouping=grouping), smtp_inbox(self.env):
                self.rule.grouping = grouping
                customer = self.new_customer(grouping, "g@g.example")
                self.invoice(customer, 100, due=7)
                self.generate()
                self.send()
                self.invoice(customer, 200, due=0)
                reminders = self.generate(day(14))
                self.assertEqual(sorted(reminders.mapped("level_order")), expected)
                self.assertEqual(sorted(reminders.line_ids.mapped("level_order")), [1, 2])

    def test_rule_09_recipients_and_languages_split(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        offices = [
            self.new_customer(
                name, f"{name}@o.example", is_company=False, parent_id=self.customer.id,
                type="invoice", lang=lang,
            )
            for name, lang in (("north", "en_US"), ("south", "cs_CZ"), ("south", "en_US"))
        ]  # fmt: skip
        for office in (*offices, offices[0]):
            self.invoice(office, due=10)
        reminders = self.generate()
        self.assertEqual(
            sorted((r.email_to, r.lang, len(r.line_ids)) for r in reminders),
            [
                ("north@o.example", "en_US", 2),
                ("south@o.example", "cs_CZ", 1),
                ("south@o.example", "en_US", 1),
            ],
        )

    def test_rule_14_a_second_run_issues_nothing(self):
        self.invoice(due=10)
        self.assertEqual(len(self.generate()), 1)
        self.assertFalse(self.generate())

    @mute_logger("odoo.sql_db")
    def test_rule_14_the_database_refuses_a_level_twice(self):
        self.invoice(due=10)
        line = self.generate().line_ids
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            line.sudo().copy({})
        line.sudo().copy({"counted": False})

    def test_rule_16_modes(self):
        pilot = self.new_customer("Pilot", "pilot@p.example")
        self.invoice(due=10)
        self.invoice(pilot, due=10)
        self.company.upominky_pilot_partner_ids = pilot
        self.company.upominky_mode = "off"
        self.assertFalse(self.generate())
        self.company.upominky_mode = "pilot"
        self.assertEqual(self.generate().partner_id, pilot)
        self.company.upominky_mode = "live"
        self.assertEqual(self.generate().partner_id, self.customer)

    def test_rule_16_the_mode_is_checked_again_when_sending(self):
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            for mode in ("off", "pilot"):
                self.company.upominky_mode = mode
                self.send()
                self.assertFalse(inbox.messages, mode)
                self.assertEqual(reminder.state, "issued")
            self.company.upominky_mode = "live"
            self.send()
            self.assertEqual(reminder.state, "sent")

    def test_rule_16_start_date_leaves_old_debts_to_people(self):
        self.company.upominky_start_date = TODAY - timedelta(days=30)
        self.invoice(due=31)
        young = self.invoice(due=30)
        self.assertEqual(self.generate().line_ids.move_id, young)

    def test_rule_16_a_neutralised_copy_is_off(self):
        self.invoice(due=10)
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", "true")
        self.assertFalse(self.generate())

    def test_rule_17_partly_paid_shrinks_and_keeps_what_was_issued(self):
        move = self.invoice(amount=10000, due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.pay(move, 4000)
            self.send()
            self.assertIn("6,000.00", inbox.text())
        line = reminder.line_ids
        self.assertEqual((line.amount_issued, line.amount_due), (10000, 6000))
        self.assertEqual(reminder.currency_totals, {"CZK": 6000.0})
        # Once mailed, amounts are frozen; the balance of today is a field of its own.
        self.pay(move)
        self.send(day(1))
        self.assertEqual((line.amount_due, line.amount_today), (6000, 0))
        self.assertEqual(line.state, "open")

    def test_rule_17_held_excluded_and_blocked_drop_out(self):
        def hold(move):
            move.upominky_hold_until = day(5)

        def exclude(move):
            move.partner_id.upominky_excluded = True

        def block(move):
            move.action_toggle_block_payment()

        def unfollow(move):
            move.line_ids.filtered("date_maturity").no_followup = True

        def draft(move):
            move.button_draft()

        for stop in (hold, exclude, block, unfollow, draft):
            with self.subTest(stop=stop.__name__), smtp_inbox(self.env) as inbox:
                customer = self.new_customer("Stopped", "st@op.example")
                move = self.invoice(customer, due=10)
                reminder = self.generate()
                stop(move)
                self.send()
                self.assertFalse(inbox.messages)
                self.assertEqual(reminder.state, "cancelled")
                self.assertEqual(reminder.line_ids.state, "dropped")
                self.assertFalse(reminder.line_ids.counted)

    def test_rule_17_what_dropped_out_is_issued_again(self):
        move = self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            self.generate()
            move.upominky_hold_until = day(2)
            self.send()
            again = self.generate(day(3))
            self.assertEqual(again.level_order, 1)
            self.send(day(3))
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_17_credits_are_shared_afresh(self):
        self.invoice(amount=10000, due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            note = self.credit_note(amount=1500)
            self.send()
            self.assertIn(note.name, inbox.text())
        self.assertEqual(reminder.currency_totals, {"CZK": 8500.0})
        self.assertEqual(reminder.credit_ids.amount, 1500)

    def test_rule_17_below_the_minimum_is_cancelled(self):
        self.rule.min_amount = 500
        move = self.invoice(amount=1000, due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.pay(move, 600)
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("minimum", reminder.cancel_reason)

    def test_rule_17_stale_is_cancelled_and_issued_again(self):
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send(day(7))
            self.assertEqual(reminder.state, "cancelled")
            self.assertFalse(inbox.messages)
            self.assertEqual(self.generate(day(7)).level_order, 1)

    def test_level_that_needs_approval_waits_for_a_person(self):
        self.rule.level_ids[0].requires_approval = True
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder.state, "to_approve")
            self.assertFalse(inbox.messages)
            self.assertFalse(self.generate(day(100)))
            with self.on(day(3)):
                reminder.action_approve()
            self.send(day(3))
            self.assertEqual(reminder.state, "sent")
            self.assertEqual(len(inbox.messages), 1)
