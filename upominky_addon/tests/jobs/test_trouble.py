"""What the jobs could not do is seen: on the overview, in readiness, as a to-do, and in the log."""

import logging
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ...models.base import transactions
from ..common import TODAY, UpominkyCommon, smtp_inbox

OURS = "odoo.addons.upominky_addon"
TOMORROW = TODAY + timedelta(days=1)


class TroubleCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})

    @contextmanager
    def one_customer_fails(self, customer):
        """Let job 1 meet an error with one customer."""
        job = type(self.env["upominky.generate"])
        original = job._issue_all

        def issue(this, run, customer_ids, facts=None):
            if customer.id in customer_ids:
                raise ValueError("no such rate")
            return original(this, run, customer_ids, facts)

        with patch.object(job, "_issue_all", issue), mute_logger(OURS):
            yield

    def overview(self, day=TODAY):
        with self.on(day):
            (job,) = self.env["upominky.overview"].retrieve_dashboard()["jobs"]
        return job

    def readiness(self, code, day=TODAY):
        with self.on(day), smtp_inbox(self.env):
            action = self.env["upominky.readiness"].action_open()
        readiness = self.env[action["res_model"]].browse(action["res_id"])
        return readiness.line_ids.filtered(lambda line: line.code == code)

    def runs(self, kind):
        domain = [("company_id", "=", self.company.id), ("kind", "=", kind)]
        return self.env["upominky.run"].search(domain)

    def crash(self, model, method, cron, day=TODAY):
        """Run a job of which a step that serves all companies raises."""

        def raise_it(*_args):
            raise ValueError("the table of rates is gone")

        with (
            self.on(day),
            patch.object(type(self.env[model]), method, raise_it),
            mute_logger(OURS, "odoo.addons.base.models.ir_cron"),
            self.enter_registry_test_mode(),
        ):
            result = self.env.ref(f"upominky_addon.{cron}").method_direct_trigger()
        self.env.invalidate_all()
        self.assertIsNot(result, True, "the job crashed")


class TestFailuresAreSeen(TroubleCommon):
    def fail_one(self, day=TODAY):
        self.invoice(due=10)
        with self.one_customer_fails(self.customer):
            self.generate(day)

    def test_a_customer_who_failed_is_told_with_the_reason(self):
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        self.fail_one()
        (trouble,) = self.overview()["troubles"]
        line = self.readiness("runs")
        todo = self.company.upominky_job_activity_id
        for place, text in (
            ("overview", trouble["text"]),
            ("readiness", line.text),
            ("to-do", todo.note),
        ):
            with self.subTest(place=place):
                self.assertIn("Odběratel s.r.o.", text)
                self.assertIn("no such rate", text)
                self.assertIn("show it to an administrator", text)
        self.assertEqual(line.state, "note")
        self.assertTrue(self.overview()["issued"]["error"])
        with self.on(TODAY):
            action = self.env["upominky.overview"].action_open_figure("troubles", self.company.id)
        self.assertEqual(action["res_id"], trouble["id"])

    def test_a_job_that_crashed_whole_is_told_with_the_reason(self):
        self.invoice(due=10)
        for kind, cron, model, method in (
            ("generate", "cron_generate", "upominky.run", "_asked_to_issue"),
            ("send", "cron_send", "upominky.send", "_bury_dead"),
        ):
            with self.subTest(job=kind):
                self.crash(model, method, cron)
                self.assertEqual(self.runs(kind)[:1].state, "dead")
                texts = [trouble["text"] for trouble in self.overview()["troubles"]]
                self.assertIn("the table of rates is gone", texts[-1])
                self.assertIn("the table of rates", self.company.upominky_job_activity_id.note)
                line = self.readiness("runs")
                self.assertEqual(line.state, "missing")
                self.assertIn("the table of rates is gone", line.text)

    def test_a_job_that_crashes_again_and_again_is_told_once_a_day(self):
        for _call in range(3):
            self.crash("upominky.send", "_bury_dead", "cron_send")
        self.assertEqual(len(self.runs("send")), 1)
        todos = self.company.partner_id.activity_ids
        self.assertEqual(len(todos), 1)
        self.crash("upominky.send", "_bury_dead", "cron_send", TOMORROW)
        self.assertEqual(len(self.runs("send")), 2)
        self.assertEqual(self.company.partner_id.activity_ids, todos)

    def test_the_schedulers_count_of_failures_is_told_in_readiness_and_overview(self):
        self.assertEqual(self.readiness("jobs").state, "done")
        job = self.env.ref("upominky_addon.cron_send")
        job.write({"failure_count": 3, "first_failure_date": TODAY, "lastcall": TODAY})
        line = self.readiness("jobs")
        self.assertEqual(line.state, "missing")
        self.assertIn("3", line.text)
        self.assertIn(line.text, self.overview()["missing"])

    def test_a_run_that_was_stopped_before_its_end_says_how_many_were_left(self):
        values = {"company_id": self.company.id, "kind": "generate", "date": TODAY}
        ids = [self.customer.id] * 3
        run = self.env["upominky.run"].sudo().create({**values, "customer_ids": ids, "place": 1})
        self.generate(TOMORROW)
        self.assertEqual(run.state, "dead")
        self.assertIn("2", run.error)
        self.assertFalse(self.overview(TOMORROW)["troubles"], "the next run did what was left")

    def test_the_next_good_run_closes_the_to_do(self):
        self.fail_one()
        todo = self.company.upominky_job_activity_id
        self.assertTrue(todo.active)
        self.assertTrue(self.generate(TOMORROW))
        self.assertFalse(todo.active)
        self.assertFalse(self.company.upominky_job_activity_id)
        self.assertFalse(self.overview(TOMORROW)["troubles"])

    def test_what_was_read_is_told_no_more(self):
        self.fail_one()
        todo = self.company.upominky_job_activity_id
        run = self.runs("generate")
        self.assertIn(run, self.env["upominky.run"].search([("is_unread", "=", True)]))
        run.action_mark_read()
        self.assertEqual(run.read_by_id, self.env.user)
        self.assertFalse(self.overview()["troubles"])
        self.assertFalse(todo.active)
        self.assertNotIn(run, self.env["upominky.run"].search([("is_unread", "=", True)]))

    def test_a_to_do_that_somebody_closed_comes_back_with_the_next_failure_alone(self):
        self.fail_one()
        self.company.upominky_job_activity_id.action_feedback()
        self.company._upominky_tell_trouble()
        self.assertFalse(self.company.upominky_job_activity_id.active)
        with self.one_customer_fails(self.customer):
            self.generate(TOMORROW)
        self.assertTrue(self.company.upominky_job_activity_id.active)

    def test_a_run_with_an_error_is_never_cleaned_away_unread(self):
        long_ago = TODAY - timedelta(days=100)
        values = {"company_id": self.company.id, "kind": "send", "date": long_ago}
        Run = self.env["upominky.run"].sudo()
        good, unread, read = Run.create(
            [
                {**values, "state": "done"},
                {**values, "state": "dead", "error": "broken off"},
                {**values, "state": "dead", "error": "broken off", "read_by_id": self.env.uid},
            ]
        )
        with self.on(TODAY):
            Run._gc_old()
        self.assertEqual((good + unread + read).exists(), unread)

    def test_to_run_a_job_by_hand_says_what_went_wrong(self):
        self.invoice(due=10)
        with self.on(TODAY):
            settings = self.env["upominky.settings"].browse(
                self.env["upominky.settings"].action_open()["res_id"]
            )
            job = settings.job_ids.filtered(lambda job: job.job == "cron_generate")
            with self.one_customer_fails(self.customer), self.enter_registry_test_mode():
                told = job.action_run_now()["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn("no such rate", told["message"])


class TestNight(TroubleCommon):
    def send_run(self, day, **states):
        """Make a run of job 2 with deliveries."""
        values = {"company_id": self.company.id, "kind": "send", "date": day, "state": "done"}
        with self.on(day, 3):
            run = self.env["upominky.run"].sudo().create(values)
        self.env["upominky.delivery"].sudo().create(
            [
                {
                    "reminder_id": self.reminder.id,
                    "company_id": self.company.id,
                    "run_id": run.id,
                    "email_to": "a@b.cz",
                    "state": state,
                }
                for state, count in states.items()
                for _n in range(count)
            ]
        )
        return run

    def setUp(self):
        super().setUp()
        self.invoice(due=10)
        self.reminder = self.generate()

    def test_a_night_is_one_figure_with_its_failures_whatever_the_number_of_calls(self):
        for _call in range(3):
            self.send_run(TODAY, sent=2, failed=1)
        self.send_run(TOMORROW, sent=1)  # past midnight
        sent = self.overview()["sent"]
        self.assertEqual((sent["count"], sent["failed"]), (7, 3))
        with self.on(TODAY):
            for figure, count in (("sent", 7), ("not_sent", 3)):
                action = self.env["upominky.overview"].action_open_figure(figure, self.company.id)
                found = self.env["upominky.delivery"].search_count(action["domain"])
                self.assertEqual(found, count)

    def test_the_night_before_is_another_figure(self):
        self.send_run(TODAY, sent=5)
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        self.generate(TOMORROW)
        self.send_run(TOMORROW, sent=1)
        self.assertEqual(self.overview(TOMORROW)["sent"]["count"], 1)

    def test_before_the_nights_sending_the_last_one_is_shown(self):
        self.send_run(TODAY, sent=5)
        self.generate(TOMORROW)
        self.assertEqual(self.overview(TOMORROW)["sent"]["count"], 5)


class TestLog(TroubleCommon):
    def lines(self, work):
        with self.assertLogs(OURS, logging.INFO) as log:
            work()
        return [(record.levelname, record.getMessage()) for record in log.records]

    def test_one_line_a_run_and_company_and_a_warning_for_what_a_person_must_do(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Odmítnutý", "ne@x.example"), due=10)
        found = self.lines(self.generate)
        self.assertEqual([level for level, _text in found], ["INFO"])
        self.assertIn("issued 2, sent 0, failed 0, waiting 2", found[0][1])
        with smtp_inbox(self.env, {"ne@x.example": "550 No such user"}):
            found = self.lines(self.send)
        infos = [text for level, text in found if level == "INFO"]
        self.assertEqual(len(infos), 1, found)
        self.assertIn(f"Company {self.company.id}, ", infos[0])
        self.assertIn("issued 0, sent 1, failed 1, waiting 0", infos[0])
        self.assertTrue([text for level, text in found if level == "WARNING"])

    def test_what_is_tried_again_later_waits(self):
        self.invoice(due=10)
        self.generate()
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "451 Greylisted"}):
            found = self.lines(self.send)
        self.assertIn("issued 0, sent 0, failed 1, waiting 1", found[0][1])

    def test_no_personal_data_above_debug(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Odmítnutý", "ne@x.example"), due=10)
        self.invoice(self.new_customer("Bez adresy"), due=10)
        job = type(self.env["upominky.generate"])
        original = job._issue_all

        def issue(this, run, customer_ids, facts=None):
            if self.customer.id in customer_ids:
                raise ValueError(self.customer.name)
            return original(this, run, customer_ids, facts)

        with patch.object(job, "_issue_all", issue):
            found = self.lines(self.generate)
        with smtp_inbox(self.env, {"ne@x.example": "550 No such user ne@x.example"}):
            found += self.lines(self.send)
        said = "\n".join(text for _level, text in found)
        self.assertIn("ValueError", said)
        for word in ("@", "Odběratel", "Odmítnutý", "Bez adresy", "12100", "12,100"):
            self.assertNotIn(word, said)


class TestProgress(TroubleCommon):
    def progress(self, end, loops):
        """Go through loops of one call of a job, as Odoo does, and return each one's progress."""
        cron = self.env.ref("upominky_addon.cron_send").sudo()
        found = []
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            cron = cron.with_env(cron.env(cr=cr))
            for work in loops:
                here, progress = cron.with_context(
                    cron_id=cron.id, cron_end_time=end
                )._add_progress()
                work(here.env)
                found.append((progress.done, progress.remaining))
        return found

    def test_the_crons_progress_tells_of_all_loops_of_a_call(self):
        commit, idle = transactions.commit, transactions.commit_idle
        loops = [
            lambda env: (commit(env, 20, 300), commit(env, 17, 263)),
            idle,
            lambda env: commit(env, 3, 260),
            idle,
        ]
        with patch.object(transactions, "HOW", transactions.Transactions()):
            self.assertEqual(
                self.progress(1e12, loops), [(37, 263), (37, 263), (40, 260), (40, 260)]
            )
            self.assertEqual(self.progress(1e12 + 1, [lambda env: commit(env, 1, 0)]), [(1, 0)])

    def test_the_sending_job_without_time_reports_what_it_did_before(self):
        def out_of_time(env):
            env["upominky.send"].with_context(**env.context)._cron_send()

        loops = [lambda env: transactions.commit(env, 37, 263), out_of_time]
        with patch.object(transactions, "HOW", transactions.Transactions()):
            self.assertEqual(self.progress(-5.0, loops)[1], (37, 263))

    def test_a_company_that_is_broken_off_does_not_keep_the_job_going(self):
        self.invoice(due=10)
        self.generate()
        sender = type(self.env["upominky.send"])

        def raise_it(*_args, **_kwargs):
            raise ValueError("broken")

        Progress = self.env["ir.cron.progress"].sudo()
        with patch.object(sender, "_claim", raise_it), mute_logger(OURS):
            self.send()
        self.assertEqual(Progress.search([], order="id desc", limit=1).remaining, 0)
        self.assertEqual(len(self.runs("send")), 1)
        self.assertEqual(self.runs("send")[:1].state, "dead")
