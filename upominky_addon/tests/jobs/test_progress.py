"""SPEC rules 14, 23 and 28: long work that people ask for is left to the jobs."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ...models.delivery import by_hand
from ...models.jobs import asked_step, generate
from ...wizard import issue
from ..common import TODAY, UpominkyCommon, smtp_inbox

MANY = 6


class TestProgress(UpominkyCommon):
    def setUp(self):
        super().setUp()
        for module, name in (
            (by_hand, "AT_ONCE"),
            (issue, "CUSTOMERS_AT_ONCE"),
        ):
            self.startPatcher(patch.object(module, name, MANY - 1))
        self.customers = self.env["res.partner"].union(
            *(self.new_customer(f"C{n}", f"c{n}@c.example") for n in range(MANY))
        )
        self.moves = self.env["account.move"].union(
            *(self.invoice(customer, due=10) for customer in self.customers)
        )

    def run_of(self, action):
        self.assertEqual(action["res_model"], "upominky.run")
        return self.env["upominky.run"].browse(action["res_id"])

    def figures(self, run):
        run.invalidate_recordset()
        return run.is_working, run.done_count, run.total_count

    def jobs_wait(self, name):
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.env.ref(f"upominky_addon.{name}").id)]
        )

    # ---------------------------------------------------------------- sending

    def test_rule_28_a_few_are_sent_at_once(self):
        reminders = self.generate()[: MANY - 1]
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            action = reminders.action_send_now()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(inbox.messages), MANY - 1)

    def test_rule_28_many_are_left_to_the_job_and_shown(self):
        reminders = self.generate()
        with smtp_inbox(self.env, {"c1@c.example": "550 Unknown user"}) as inbox:
            with self.on(TODAY):
                before = self.jobs_wait("cron_send")
                run = self.run_of(reminders.action_send_now())
                self.assertFalse(inbox.messages)
                self.assertGreater(self.jobs_wait("cron_send"), before)
                self.assertEqual(self.figures(run), (True, 0, MANY))
            self.send()
            self.assertEqual(len(inbox.messages), MANY - 1)
            self.send()
            self.assertEqual(len(inbox.messages), MANY - 1)
        self.assertEqual(self.figures(run), (False, MANY, MANY))
        self.assertEqual(
            (run.state, run.sent_count, run.failed_count, run.waiting_count),
            ("done", MANY - 1, 1, 0),
        )
        for state, number in (("sent", MANY - 1), ("failed", 1)):
            action = run.with_context(upominky_states=[state]).action_open_reminders()
            self.assertEqual(reminders.search_count(action["domain"]), number)

    def test_rule_23_asked_twice_or_taken_by_the_job_first_it_is_mailed_once(self):
        reminders = self.generate()
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY):
                first = self.run_of(reminders.action_send_now())
                second = self.run_of(reminders.action_send_now())
                self.assertNotEqual(first, second)
            self.send()
        self.assertEqual(inbox.recipients, sorted(self.customers.mapped("email")))
        for run in (first, second):
            self.assertEqual(self.figures(run), (False, MANY, MANY))

    def test_rule_28_those_that_cannot_be_sent_are_named_on_the_page(self):
        reminders = self.generate() | self.cancelled()
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY):
                run = self.run_of(reminders.action_send_now())
            self.send()
        self.assertEqual(run.error, f"{reminders[-1].name} is cancelled.")
        self.assertEqual(len(inbox.messages), MANY)

    def cancelled(self):
        self.invoice(due=9)
        reminder = self.generate() - self.moves.upominky_line_ids.reminder_id
        reminder.sudo()._cancel("No")
        return reminder

    def test_what_people_ask_for_goes_first(self):
        reminders = self.generate()
        self.invoice(due=9)
        other = self.generate()
        other.sudo().next_try = other.next_try - timedelta(hours=1)
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY):
                reminders.action_send_now()
            self.send()
        self.assertEqual(inbox.envelopes[-1][1], (self.customer.email,))

    def test_rule_17_after_7_days_nothing_asked_for_is_waited_for(self):
        """One bound for all: a reminder, a step and a sending are given up on the same day."""
        reminders = self.generate()
        values = {"kind": "asked", "company_id": self.company.id, "date": TODAY}
        run = self.env["upominky.run"].sudo().create(
            {**values, "asked_reminder_ids": [(6, 0, reminders.ids)]}
        )  # fmt: skip
        for days, state in ((6, "running"), (7, "dead")):
            with self.subTest(days=days), self.on(TODAY + timedelta(days=days)):
                self.env["upominky.run"].sudo()._close_asked()
                self.assertEqual(run.state, state)

    def test_rule_17_what_a_person_asked_for_is_not_stale(self):
        reminders = self.generate()
        late = TODAY.replace(month=6, day=20)
        with smtp_inbox(self.env) as inbox:
            with self.on(late):
                reminders.action_send_now()
            self.send(late)
        self.assertEqual(len(inbox.messages), MANY)

    def test_while_the_job_is_off_a_request_sends_no_more_than_it_may(self):
        self.env.ref("upominky_addon.cron_send").active = False
        at_once = by_hand.AT_ONCE
        reminders = self.generate()
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            told = reminders.action_send_now()["params"]["message"]
        self.assertEqual(len(inbox.messages), at_once)
        self.assertIn(f"Left out: {MANY - at_once}", told)
        self.assertIn("the sending job is switched off", told)

    def test_retrying_many_is_left_to_the_job_too(self):
        reminders = self.generate()
        refusals = dict.fromkeys(self.customers.mapped("email"), "550 Full")
        with smtp_inbox(self.env, refusals) as inbox:
            self.send()
            self.assertEqual(set(reminders.mapped("state")), {"failed"})
            inbox.answers.clear()
            with self.on(TODAY, 10):
                run = self.run_of(reminders.action_retry())
            self.send(hour=11)
        self.assertEqual(run.sent_count, MANY)

    def test_a_temporary_failure_does_not_keep_the_page_waiting(self):
        reminders = self.generate()
        with smtp_inbox(self.env, {"c1@c.example": "450 Later"}):
            with self.on(TODAY):
                run = self.run_of(reminders.action_send_now())
            self.send()
            with self.on(TODAY, 9):
                self.assertEqual(self.figures(run), (False, MANY, MANY))
        self.assertEqual((run.sent_count, run.waiting_count), (MANY - 1, 1))

    # ---------------------------------------------------------------- issuing

    def issue_many(self):
        action = self.moves.action_upominky_issue()
        wizard = self.env["upominky.issue"].browse(action["res_id"])
        return self.run_of(wizard.action_issue())

    def test_rule_28_issuing_to_many_is_left_to_the_job_and_shown(self):
        with self.on(TODAY):
            before = self.jobs_wait("cron_generate")
            run = self.issue_many()
            self.assertGreater(self.jobs_wait("cron_generate"), before)
            self.assertEqual(self.figures(run), (True, 0, MANY))
        self.assertFalse(self.reminders())
        issued = self.generate()
        self.assertEqual(self.figures(run), (False, MANY, MANY))
        self.assertEqual((run.state, run.reminder_ids), ("done", issued))
        self.assertEqual(set(issued.mapped("by_hand")), {True})
        self.assertEqual(issued.line_ids.move_id, self.moves)

    def test_rule_23_issuing_goes_on_where_it_was_stopped(self):
        with self.on(TODAY):
            run = self.issue_many()
        self.startPatcher(patch.object(generate, "CHUNK", 2))
        job = self.env["upominky.generate"].sudo().with_company(self.company)
        answers = iter([False])
        with patch.object(type(job), "_commit", lambda *_a: next(answers)), self.on(TODAY):
            self.assertFalse(job._go_on_by_hand(run))
        self.assertEqual(self.figures(run), (True, 2, MANY))
        self.assertEqual(len(self.reminders()), 2)
        self.generate()
        self.assertEqual(len(self.reminders()), MANY)
        self.assertEqual(run.state, "done")

    def test_rule_14_issued_by_somebody_else_meanwhile_it_is_not_doubled(self):
        with self.on(TODAY):
            run = self.issue_many()
            one = self.moves[:1].action_upominky_issue()
            self.env["upominky.issue"].browse(one["res_id"]).action_issue()
        self.generate()
        self.assertEqual(len(self.reminders()), MANY)
        self.assertEqual(len(run.reminder_ids), MANY - 1)

    def test_rule_16_switched_off_before_it_begins_nothing_is_issued_and_it_is_told(self):
        with self.on(TODAY):
            run = self.issue_many()
        self.company.upominky_mode = "off"
        self.generate()
        self.assertEqual((run.state, self.reminders().ids), ("dead", []))
        self.assertIn("were switched off", run.error)

    def test_rule_16_switched_off_between_two_chunks_no_more_is_issued_and_it_is_told(self):
        with self.on(TODAY):
            run = self.issue_many()
        with self.after_a_chunk(lambda: self.company.write({"upominky_mode": "off"})):
            issued = self.generate()
        self.assertEqual(len(issued), 2)
        self.assertEqual(run.state, "dead")
        self.assertIn("were switched off", run.error)

    def test_a_run_of_yesterday_is_closed_with_a_reason(self):
        with self.on(TODAY):
            run = self.issue_many()
        tomorrow = TODAY.replace(day=30)
        self.generate(tomorrow)
        self.assertEqual(run.state, "dead")
        self.assertIn("the day was over", run.error)
        self.assertFalse(run.reminder_ids)

    def test_the_sending_job_wakes_a_run_that_was_left(self):
        with self.on(TODAY):
            self.issue_many()
            self.env["ir.cron.trigger"].search([]).unlink()
            self.env["upominky.run"]._wake_unfinished()
            self.assertEqual(self.jobs_wait("cron_generate"), 1)

    def test_while_the_job_is_off_a_request_issues_no_more_than_it_may(self):
        self.env.ref("upominky_addon.cron_generate").active = False
        with self.on(TODAY), self.assertRaisesRegex(UserError, "at most"):
            action = self.moves.action_upominky_issue()
            self.env["upominky.issue"].browse(action["res_id"]).action_issue()
        self.assertFalse(self.reminders())

    # ------------------------------------------------------------------ steps

    def test_rule_28_steps_with_many_are_taken_by_the_job_as_who_asked(self):
        reminders = self.generate()
        user = new_test_user(self.env, "krok", groups="upominky_addon.group_user", lang="cs_CZ")
        user.write({"company_ids": self.company.ids, "company_id": self.company.id})
        mine = reminders.with_user(user)
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(mine[:3].action_mark_sent(way="post"))
            self.assertEqual((run.total_count, run.done_count, run.is_working), (3, 0, True))
            other = self.run_of(mine[3:].action_cancel("Omyl", "hold", TODAY + timedelta(days=5)))
        self.assertEqual(set(reminders.mapped("state")), {"issued"})
        with smtp_inbox(self.env) as inbox, patch.object(asked_step, "CHUNK", 2):
            self.send()
            self.assertFalse(inbox.messages)
        for done in (run, other):
            self.assertEqual((done.done_count, done.is_working, done.error), (3, False, False))
        self.assertEqual(set(reminders[:3].mapped("state")), {"sent"})
        self.assertEqual(set(reminders[3:].mapped("cancel_reason")), {"Omyl"})
        self.assertTrue(all(reminders[3:].line_ids.move_id.mapped("upominky_hold_until")))

    def test_rule_28_marked_without_a_day_it_was_sent_on_the_day_it_was_asked(self):
        """Also where the job comes to it after midnight."""
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            reminders.action_mark_sent(way="post")
        with smtp_inbox(self.env):
            self.send(TODAY + timedelta(days=1))
        self.assertEqual(set(reminders.mapped("sent_date")), {TODAY})

    def test_rule_28_what_cannot_take_the_step_is_told_and_stops_no_other(self):
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders.action_cancel("No", "again"))
            reminders[0].with_context(job=True).action_mark_sent(way="post")
            reminders[0].action_cancel("Gone")
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(set(reminders.mapped("state")), {"cancelled"})
        self.assertIn(reminders[0].name, run.error)

    def test_rule_28_the_first_reasons_are_named_and_how_many_more_there_are(self):
        """Also where they come up in more than one chunk."""
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders.action_cancel("No", "again"))
            for reminder in reminders[:5]:
                reminder.action_cancel("Gone")
        with (
            smtp_inbox(self.env),
            patch.object(asked_step, "CHUNK", 2),
            patch.object(asked_step, "MOST_REASONS", 2),
        ):
            self.send()
        lines = run.error.splitlines()
        self.assertEqual(len(lines), 3, lines)
        for reminder, line in zip(reminders[:2], lines, strict=False):
            self.assertIn(reminder.name, line)
        self.assertEqual(lines[2], "Left as they are for reasons like these: 3 more.")
        self.assertEqual((run.state, run.done_count), ("done", MANY - 5))

    def test_rule_28_a_step_of_somebody_who_was_deleted_is_not_taken_and_it_is_told(self):
        reminders = self.generate()
        user = new_test_user(self.env, "gone", groups="upominky_addon.group_user")
        user.write({"company_ids": self.company.ids, "company_id": self.company.id})
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders[:3].with_user(user).action_cancel("No", "again"))
        self.env.flush_all()
        user.sudo().unlink()
        self.env.invalidate_all()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), MANY)
        self.assertEqual(run.state, "dead")
        self.assertIn("Cancel was not done with 3 of these", run.error)

    def test_rule_28_a_hold_whose_day_passed_meanwhile_is_refused_in_words(self):
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders[:3].action_cancel("No", "hold", TODAY))
        with smtp_inbox(self.env):
            self.send(TODAY + timedelta(days=1))
        self.assertEqual(run.done_count, 0)
        self.assertEqual(run.error, "Enter until when the invoices are on hold: today or later.")
        self.assertEqual(set(reminders[:3].mapped("cancel_reason")), {False})

    def test_rule_28_many_are_approved_by_the_job(self):
        self.rule.level_ids.requires_approval = True
        reminders = self.generate()
        self.assertEqual(set(reminders.mapped("state")), {"to_approve"})
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders.action_approve())
        self.env.flush_all()
        self.env.invalidate_all()  # the job reads what is stored, in a process of its own
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), MANY)
        self.assertEqual((run.state, run.done_count, run.error), ("done", MANY, False))

    def test_rule_22_a_step_that_breaks_ends_its_run_and_stops_nobody(self):
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders[:3].action_mark_sent(way="post"))
        broken = patch.object(type(reminders), "_together", side_effect=ValueError("odd value"))
        logger = asked_step.__name__
        with smtp_inbox(self.env) as inbox, broken, self.assertLogs(logger, "ERROR"):
            self.send()
            self.assertEqual(len(inbox.messages), MANY)
        self.assertEqual((run.state, run.is_working), ("dead", False))
        self.assertIn("odd value", run.error)

    def test_rule_23_a_step_that_meets_others_is_left_to_the_next_call_and_stops_nobody(self):
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(reminders[:3].action_mark_sent(way="post"))
            other = self.run_of(reminders[3:].action_cancel("No", "again"))
        self.invoice(due=9)
        self.generate()
        original, tried = type(reminders)._together, []

        def collide(these, step, check):
            if these <= reminders[:3]:
                tried.append(these)
                raise SerializationFailure
            return original(these, step, check)

        with smtp_inbox(self.env) as inbox:
            with patch.object(type(reminders), "_together", collide):
                self.send()
            self.assertIn(self.customer.email, inbox.recipients)
        self.assertLessEqual(len(tried), 3 * 10)  # Odoo calls a job at most ten times in a row
        self.assertEqual((run.state, other.state), ("running", "done"))
        self.assertTrue(self.jobs_wait("cron_send"))

    def test_rule_17_a_step_that_nobody_took_for_a_week_is_not_done_and_it_is_told(self):
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            runs = [
                self.run_of(reminders[:3].action_mark_sent(way="post")),
                self.run_of(reminders[3:].action_send_now()),
            ]
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=7))
            self.assertFalse(inbox.messages)
        self.assertFalse(set(reminders.mapped("sent_way")) - {False})
        for run, step in zip(runs, ("Mark as Sent", "Send Now"), strict=True):
            self.assertEqual(run.state, "dead")
            self.assertIn(f"{step} was not done with 3 of these", run.error)

    def test_rule_17_a_run_that_nobody_sent_for_a_week_is_closed_and_says_how_many(self):
        reminders = self.generate()
        with self.on(TODAY):
            run = self.run_of(reminders.action_send_now())
        reminders[0].action_cancel("Gone")
        self.company.upominky_mode = "off"
        for days, state in ((6, "running"), (7, "dead")):
            self.send(TODAY + timedelta(days=days))
            self.assertEqual(run.state, state)
        self.assertIn(f"{MANY - 1} of these reminders were not sent", run.error)

    def test_rule_28_a_run_is_named_for_what_was_asked_not_for_sending(self):
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            run = self.run_of(self.generate().action_cancel("No", "again"))
        names = run.fields_get(["kind", "asked_reminder_ids"])
        told = str(
            [dict(names["kind"]["selection"])["asked"], names["asked_reminder_ids"]["string"]]
        )
        self.assertNotRegex(told.lower(), "send")

    def test_rule_28_what_is_to_be_withdrawn_goes_out_no_more(self):
        """Before the job comes to the step, and while a worker has them in hand."""
        for step, state in (("action_mark_sent", "sent"), ("action_cancel", "cancelled")):
            with self.subTest(step), smtp_inbox(self.env) as inbox, self.on(TODAY):
                self.env["upominky.run"].sudo().search([]).write({"state": "done"})
                for customer in self.customers:
                    self.invoice(customer, amount=1000, due=10)
                reminders = self.generate().filtered(lambda r: r.state == "issued")
                asked = self.act_at("_mark_sending", getattr(reminders, step))
                with patch.object(asked_step, "AT_ONCE", 2), asked:
                    self.env["upominky.send"].sudo()._send(self.company)
                self.env["upominky.send"].sudo()._send(self.company)
                self.assertEqual(len(inbox.messages), 0)
                self.assertFalse(reminders.filtered("send_run_id"))
                self.send()
                self.assertEqual(len(inbox.messages), 0)
                self.assertEqual(set(reminders.mapped("state")), {state})

    def test_rule_28_very_many_are_queued_and_sent_by_the_job(self):
        """The request writes none of them; who may not be sent is named and leaves the run."""
        reminders = self.generate()
        reminders[0].action_cancel("Gone")
        with smtp_inbox(self.env) as inbox:
            with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
                run = self.run_of(reminders.action_send_now())
            self.assertEqual(self.figures(run), (True, 0, MANY))
            with patch.object(asked_step, "CHUNK", 2):
                self.send()
            self.assertEqual(len(inbox.messages), MANY - 1)
        self.assertEqual(self.figures(run), (False, MANY - 1, MANY - 1))
        self.assertEqual((run.state, run.sent_count), ("done", MANY - 1))
        self.assertIn(reminders[0].name, run.error)

    def test_rule_28_very_many_are_retried_by_the_job_if_they_failed(self):
        reminders = self.generate()
        addresses = [f"c{n}@c.example" for n in range(1, MANY)]
        with smtp_inbox(self.env, dict.fromkeys(addresses, "550 Unknown user")):
            self.send()
        with smtp_inbox(self.env) as inbox:
            with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
                run = self.run_of(reminders.action_retry())
            self.assertEqual(reminders.mapped("state").count("failed"), MANY - 1)
            self.send()
            self.assertEqual(len(inbox.messages), MANY - 1)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(len(run.asked_reminder_ids), MANY - 1)
        self.assertIn(next(r.name for r in reminders if r not in run.asked_reminder_ids), run.error)

    def test_rule_28_while_the_job_is_off_a_request_takes_no_more_steps_than_it_may(self):
        self.env.ref("upominky_addon.cron_send").active = False
        reminders = self.generate()
        with patch.object(asked_step, "AT_ONCE", 2), self.on(TODAY):
            told = reminders.action_cancel("No", "again")["params"]["message"]
        self.assertIn(f"Left out: {MANY - 2}", told)
        self.assertEqual(reminders.mapped("state").count("cancelled"), 2)

    # ----------------------------------------------------------------- rights

    def test_rule_29_users_may_ask_and_look_employees_may_not(self):
        reminders = self.generate()
        user = new_test_user(self.env, "group_u", groups="upominky_addon.group_user")
        user.write({"company_ids": self.company.ids, "company_id": self.company.id})
        with smtp_inbox(self.env), self.on(TODAY):
            run = self.run_of(reminders.with_user(user).action_send_now()).with_user(user)
            self.assertEqual(run.read(["done_count", "total_count"])[0]["total_count"], MANY)
            with self.assertRaises(AccessError):
                run.asked_reminder_ids = False
            employee = new_test_user(self.env, "group_e", groups="base.group_user")
            with self.assertRaises(AccessError):
                reminders.with_user(employee).action_send_now()
