"""SPEC rule 34: the day by which to pay, in all that is sent, and what waits for it."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form

from ...models.rules.level_deadline import MOST_DEADLINE_DAYS
from ..common import TODAY, smtp_inbox
from .test_letter_codes import CodesCase

ONE_DAY = timedelta(days=1)
#: TODAY is 29 May 2026, and so is the day of sending.
IN_A_WEEK = date(2026, 6, 5)


class TestDeadline(CodesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.deadline_days = 7
        cls.level.text_template = "Pay by {{ deadline_text }}|{{ deadline }}|."

    # ------------------------------------------------------------ what is said

    def test_rule_34_the_message_the_letter_and_the_codes_name_the_day(self):
        self.owed("20260114")
        reminder, inbox = self.mailed()
        self.assertEqual(reminder.deadline, IN_A_WEEK)
        self.assertIn("Please pay by Jun 5, 2026.", inbox.html())
        self.assertIn("Pay by Jun 5, 2026|2026-06-05|.", inbox.text())
        with self.on(TODAY):
            (code,) = self.codes(reminder)
        self.assertIn("*DT:20260605*", code.payload)
        self.level.text_template = False
        with self.on(TODAY):
            ((_subject, body),) = reminder._render().values()
            self.assertIn("\nPlease pay by Jun 5, 2026.\n", reminder._plain_text(body))
            page = reminder._letter_page(TODAY)
        self.assertIn("<strong>Please pay by Jun 5, 2026.</strong>", page)

    def test_rule_34_without_days_no_day_is_named(self):
        self.level.write({"deadline_days": 0, "text_template": False})
        self.owed("20260114")
        reminder, inbox = self.mailed()
        self.assertFalse(reminder.deadline or reminder.deadline_text)
        for text in (inbox.html(), inbox.text(), reminder._letter_page(TODAY)):
            self.assertNotIn("Please pay by", text)
        (code,) = self.codes(reminder)
        self.assertNotIn("DT:", code.payload)

    def test_rule_34_a_code_names_no_day_that_is_over(self):
        self.owed("20260114")
        reminder, _inbox = self.mailed()
        for day, named in ((IN_A_WEEK, True), (IN_A_WEEK + ONE_DAY, False)):
            with self.subTest(day), self.on(day):
                (code,) = self.codes(reminder)
                self.assertEqual("DT:20260605" in code.payload, named)
                self.assertEqual(reminder.deadline_text, "Jun 5, 2026")

    # -------------------------------------------------------- when it is fixed

    def test_rule_34_it_is_what_it_would_be_until_it_is_sent(self):
        self.owed("20260114")
        reminder = self.generate()
        for days in (0, 3):
            with self.on(TODAY + days * ONE_DAY), self.enter_registry_test_mode():
                reminder.invalidate_recordset()
                self.assertFalse(reminder.deadline)
                self.assertEqual(reminder._pay_by(), IN_A_WEEK + days * ONE_DAY)
                shown = reminder.preview_letter()
                self.assertIn(f"Please pay by Jun {5 + days}, 2026.", shown["body_html"])
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + 3 * ONE_DAY)
        self.assertIn("Please pay by Jun 8, 2026.", inbox.html())
        self.level.deadline_days = 30
        with self.on(TODAY + 9 * ONE_DAY):
            self.assertEqual(reminder.deadline, date(2026, 6, 8))
            self.assertEqual(reminder._pay_by(), date(2026, 6, 8))

    def test_rule_34_a_retry_of_what_nobody_has_gives_the_whole_time_anew(self):
        self.owed("20260114")
        reminder = self.generate()
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "550 no"}):
            self.send()
        self.assertEqual((reminder.state, reminder.deadline), ("failed", False))
        with smtp_inbox(self.env), self.on(TODAY + 2 * ONE_DAY), self.enter_registry_test_mode():
            reminder.action_retry()
        self.assertEqual(reminder.deadline, IN_A_WEEK + 2 * ONE_DAY)

    def test_rule_34_who_gets_it_later_has_until_the_same_day(self):
        second = "druhy@odberatel.example"
        self.customer.email = f"fakturace@odberatel.example, {second}"
        self.owed("20260114")
        reminder = self.generate()
        with smtp_inbox(self.env, {second: "451 later"}) as inbox:
            self.send()
            inbox.answers.clear()
            self.send(TODAY + ONE_DAY)
        self.assertEqual(len(inbox.messages), 2)
        self.assertEqual(reminder.deadline, IN_A_WEEK)
        self.assertIn("Please pay by Jun 5, 2026.", inbox.html())

    def test_rule_34_marked_as_sent_it_counts_from_that_day(self):
        self.owed("20260114")
        reminder = self.generate(TODAY - 2 * ONE_DAY)
        with self.on(TODAY):
            reminder.action_mark_sent(date=TODAY - ONE_DAY, way="post")
        self.assertEqual(reminder.deadline, IN_A_WEEK - ONE_DAY)

    def test_rule_34_made_before_midnight_it_is_made_anew_after_it(self):
        self.owed("20260114")
        reminder = self.generate()
        evening = datetime(2026, 5, 29, 21, 59, 59)  # one second to midnight in Prague
        with (
            smtp_inbox(self.env) as inbox,
            freeze_time(evening) as clock,
            self.act_at("_mark_sending", lambda: clock.tick(timedelta(seconds=2))),
        ):
            self.run_job("cron_send")
        days = reminder.sent_date, reminder.deadline
        self.assertEqual(days, (TODAY + ONE_DAY, IN_A_WEEK + ONE_DAY))
        self.assertEqual(len(inbox.messages), 1)
        self.assertIn("Please pay by Jun 6, 2026.", inbox.html())

    # ------------------------------------------------------------- what waits

    def test_rule_34_the_next_level_comes_the_day_after_it_at_the_earliest(self):
        move = self.owed("20260114")
        second = self.rule.level_ids[1]
        reminder, _inbox = self.mailed()
        for deadline_days, days, expected in (
            (7, 8, 8),
            (7, 7, 8),
            (0, 8, 1),
            (30, 21, 31),
            (7, 21, 14),
        ):
            with self.subTest(deadline_days=deadline_days, days=days), self.on(TODAY):
                reminder.sudo().deadline = deadline_days and TODAY + deadline_days * ONE_DAY
                second.days_overdue = days
                day = TODAY + expected * ONE_DAY
                self.env.invalidate_all()
                self.assertEqual(move.upominky_next_date, day)
                self.assertTrue(
                    move.search([("id", "=", move.id), ("upominky_next_date", "=", day)])
                )

    def test_rule_34_job_1_waits_for_it(self):
        self.owed("20260114")
        self.rule.level_ids[1].days_overdue = 8
        reminder, _inbox = self.mailed()
        self.assertFalse(self.generate(IN_A_WEEK))
        issued = self.generate(IN_A_WEEK + ONE_DAY)
        self.assertEqual((reminder.level_order, issued.level_order), (1, 2))

    def test_rule_34_by_hand_nobody_waits(self):
        move = self.owed("20260114")
        self.rule.level_ids[1].days_overdue = 8
        self.mailed()
        with self.on(TODAY + ONE_DAY), self.enter_registry_test_mode():
            action = move.action_upominky_issue()
            self.env["upominky.issue"].browse(action["res_id"]).action_issue()
        self.assertEqual(move.upominky_level, 2)

    def test_rule_34_what_reached_nobody_keeps_nothing_waiting(self):
        move = self.owed("20260114")
        self.rule.level_ids[1].days_overdue = 8
        reminder = self.generate()
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "451 later"}):
            self.send()
        with self.on(TODAY):
            reminder.action_cancel(afterwards="skip")
            self.assertEqual((reminder.state, reminder.deadline), ("cancelled", False))
            self.assertEqual(move.upominky_next_date, TODAY + ONE_DAY)

    # ------------------------------------------------------------------ levels

    def test_rule_34_new_levels_give_a_week_and_days_are_sane(self):
        self.assertEqual(self.env["upominky.level"].new().deadline_days, 7)
        company = self.env["res.company"].create({"name": "Nová"})
        rules = self.env["upominky.rule"].with_context(active_test=False)
        by_event = rules.search([("company_id", "=", company.id)]).grouped("event")
        self.assertEqual(by_event["issue"].level_ids.mapped("deadline_days"), [7, 7, 7, 14])
        self.assertEqual(by_event["resend"].level_ids.mapped("deadline_days"), [0])
        for days in (-1, MOST_DEADLINE_DAYS + 1):
            with self.subTest(days), self.assertRaisesRegex(ValidationError, "days to pay"):
                self.level.deadline_days = days

    def test_rule_34_the_time_line_of_the_rule_knows_of_it(self):
        self.level.deadline_days = 30
        self.assertIn("at least 31 days later", str(self.rule.timeline))
        with Form(self.rule) as form, form.level_ids.edit(0) as level:
            level.send = False
        self.assertIn("at least 14 days later", str(self.rule.timeline))
        self.assertNotIn("at least 31 days later", str(self.rule.timeline))
