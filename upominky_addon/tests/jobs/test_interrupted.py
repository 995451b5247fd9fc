"""What a stopped process leaves to the next call of the jobs; real kills are in scripts/crash."""

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestInterrupted(UpominkyCommon):
    def stopped_run(self, day=TODAY, **values):
        return (
            self.env["upominky.run"]
            .sudo()
            .create({"company_id": self.company.id, "kind": "generate", "date": day, **values})
        )

    def triggers(self):
        cron = self.env.ref("upominky_addon.cron_generate")
        return self.env["ir.cron.trigger"].sudo().search_count([("cron_id", "=", cron.id)])

    def test_rule_23_job_2_calls_job_1_again_if_its_run_of_today_was_stopped(self):
        run = self.stopped_run(customer_ids=self.customer.ids)
        for mode, state, expected in (
            ("live", "running", 1),
            ("live", "done", 0),
            ("off", "running", 0),
        ):
            with self.subTest(mode=mode, state=state), self.on(TODAY, 3):
                self.company.upominky_mode = mode
                run.state = state
                before = self.triggers()
                self.env["upominky.send"].sudo()._cron_send()
                self.assertEqual(self.triggers() - before, expected)

    def test_rule_23_a_run_that_was_stopped_before_it_had_its_list_makes_it_now(self):
        self.invoice(due=10)
        run = self.stopped_run()
        reminder = self.generate()
        self.assertEqual(reminder.run_id, run)
        self.assertEqual(run.state, "done")

    def test_rule_23_a_stopped_run_goes_on_where_it_was(self):
        other = self.new_customer("Other", "other@other.example")
        self.invoice(due=10)
        self.invoice(other, due=10)
        self.stopped_run(customer_ids=(self.customer + other).ids, place=1)
        self.assertEqual(self.generate().partner_id, other)

    def test_rule_23_when_time_is_up_nothing_is_prepared_for_the_next_call(self):
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            with self.on(TODAY):
                late = self.env["upominky.send"].sudo().with_context(cron_end_time=-1)
                self.assertFalse(late._send(self.company))
            self.assertFalse(reminder.delivery_ids)
            self.send()
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_23_a_run_of_yesterday_is_closed_and_today_is_a_run_of_its_own(self):
        self.invoice(due=10)
        run = self.stopped_run(TODAY.replace(day=TODAY.day - 1), customer_ids=[])
        reminder = self.generate()
        self.assertEqual(run.state, "dead")
        self.assertNotEqual(reminder.run_id, run)
