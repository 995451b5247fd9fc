"""SPEC rules 17, 22, 23, 28: what people are told, and what outlives a worker or an error."""

from datetime import timedelta
from unittest.mock import patch

from aiosmtpd.smtp import AuthResult

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...models.jobs import asked_step, generate
from ..common import TODAY, UpominkyCommon, smtp_inbox

STEP_LOG = "odoo.addons.upominky_addon.models.jobs.asked_step"


class MeanwhilePeopleCommon(UpominkyCommon):
    def uncertain(self, name="U"):
        """Issue a reminder whose message nobody knows the fate of."""
        customer = self.new_customer(name, f"{name.lower()}@x.example")
        move = self.invoice(customer, due=10)
        reminder = self.generate().filtered(lambda r: r.line_ids.move_id == move)
        sender = self.env["upominky.send"].sudo().with_company(self.company)
        with smtp_inbox(self.env), self.on(TODAY, 9):
            worker = sender._open_worker(self.company)
            ids = sender._claim(self.company, worker, only=reminder.ids)
            outgoing = sender._prepare_slice(worker, ids)
            self.assertIsNone(sender._mark_sending(reminder.delivery_ids, outgoing[0], worker))
            sender._bury_dead()
        self.env.invalidate_all()
        self.assertEqual(reminder.delivery_ids.state, "uncertain")
        return reminder

    def refusal(self, act):
        """Return what a person is told; what was committed before stays, as in a request."""
        try:
            with self.on(TODAY, 10):
                act()
        except UserError as error:
            self.env.flush_all()
            return str(error)
        return None


class TestSettledByPeople(MeanwhilePeopleCommon):
    def test_rule_23_what_may_not_be_sent_again_stays_uncertain(self):
        for name, act in (
            ("off", lambda r: self.company.write({"upominky_mode": "off"})),
            ("pilot", lambda r: self.company.write({"upominky_mode": "pilot"})),
            ("cancelled", lambda r: r.action_cancel("A mistake")),
        ):
            with self.subTest(name):
                self.company.upominky_mode = "live"
                reminder = self.uncertain(name)
                delivery, error = reminder.delivery_ids, reminder.delivery_ids.error
                act(reminder)
                self.assertTrue(self.refusal(delivery.action_send_again))
                self.assertEqual((delivery.state, delivery.error), ("uncertain", error))

    def test_rule_23_of_two_the_one_that_may_is_sent_again(self):
        one, two = self.uncertain("A"), self.uncertain("B")
        two.action_cancel("A mistake")
        with smtp_inbox(self.env) as inbox:
            self.refusal((one | two).delivery_ids.action_send_again)
        self.assertEqual(inbox.recipients, ["a@x.example"])
        self.assertEqual(one.state, "sent")
        self.assertEqual(two.delivery_ids.state, "uncertain")

    def test_rule_23_only_what_is_uncertain_is_settled_as_sent(self):
        """While the server has not answered, nobody can say that it took the message."""
        self.invoice(due=10)
        reminder = self.generate()
        told = []

        sender = type(self.env["upominky.send"])
        original = sender._record

        def record(send, delivery, *args):
            told.append(self.refusal(delivery.action_mark_sent))
            return original(send, delivery, *args)

        answers = {self.customer.email: "550 Unknown"}
        with smtp_inbox(self.env, answers), patch.object(sender, "_record", record):
            self.send()
        self.assertEqual(reminder.delivery_ids.state, "failed")
        self.assertEqual(reminder.state, "failed")
        self.assertTrue(told[0])

    def test_rule_28_what_was_left_being_sent_does_not_keep_people_for_ever(self):
        """The answer could not be written, and the sending job is off: nobody sends it any more."""
        self.env.ref("upominky_addon.cron_send").active = False
        self.invoice(due=10)
        reminder = self.generate()
        sender = self.env["upominky.send"].sudo().with_company(self.company)
        with smtp_inbox(self.env), self.on(TODAY, 9):
            worker = sender._open_worker(self.company)
            ids = sender._claim(self.company, worker)
            outgoing = sender._prepare_slice(worker, ids)
            self.assertIsNone(sender._mark_sending(reminder.delivery_ids, outgoing[0], worker))
            sender._close_worker(worker, "An error")
        self.env.invalidate_all()
        self.assertEqual(reminder.delivery_ids.state, "sending")
        self.assertIsNone(self.refusal(lambda: reminder.action_cancel("A mistake")))
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("cancelled", "uncertain"))


class TestDays(MeanwhilePeopleCommon):
    def test_rule_6_it_was_sent_on_the_day_that_the_server_took_it(self):
        """Midnight passes before the slice is settled, or the worker dies and is found later."""
        self.invoice(due=10)
        reminder = self.generate()
        sender = self.env["upominky.send"].sudo().with_company(self.company)
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY, 21):  # 23:00 in Prague
                worker = sender._open_worker(self.company)
                sender._send_once(worker, sender._claim(self.company, worker))
                self.assertEqual(len(inbox.messages), 1)
            with self.on(TODAY + timedelta(days=3), 6):
                sender._bury_dead()
        self.env.invalidate_all()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.sent_date, TODAY)

    def test_rule_22_a_sender_that_is_refused_for_long_leaves_the_queue(self):
        """It was tried every quarter of an hour: that nobody tried is not true."""
        right = []

        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=bool(right), handled=bool(right))

        self.invoice(due=10)
        reminder = self.generate()
        options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
        with smtp_inbox(self.env, **options) as inbox:
            inbox.server.write({"smtp_user": "user", "smtp_pass": "wrong"})
            for days in range(9):
                self.send(TODAY + timedelta(days=days))
                self.assertEqual((reminder.state, reminder.cancel_reason), ("issued", False))
            right.append(True)
            self.send(TODAY + timedelta(days=9))
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")


class TestAskedSteps(MeanwhilePeopleCommon):
    """What goes wrong in a step that a person asked for keeps nobody's reminders from going out."""

    def ask(self):
        """Ask the job to mark two reminders, while a third one is to be sent."""
        self.startPatcher(patch.object(asked_step, "AT_ONCE", 1))
        for name in "ABC":
            self.invoice(self.new_customer(name, f"{name.lower()}@x.example"), due=10)
        reminders = self.generate()
        with self.on(TODAY, 8):
            reminders[:2].action_mark_sent(way="post")
        return reminders, self.env["upominky.run"].search([("step", "!=", False)])

    def test_rule_22_a_reminder_that_raises_is_left_out_alone(self):
        reminders, run = self.ask()
        reminder_class = type(self.env["upominky.reminder"])
        original = reminder_class._mark_sent

        def mark(some, *args, **kwargs):
            if reminders[0] in some:
                raise ZeroDivisionError("broken")
            return original(some, *args, **kwargs)

        with smtp_inbox(self.env) as inbox, mute_logger(STEP_LOG):
            with patch.object(reminder_class, "_mark_sent", mark):
                self.send()
            self.assertIn("c@x.example", inbox.recipients)
        self.assertEqual((run.state, reminders[1].sent_way), ("done", "post"))
        self.assertIn("broken", run.error)
        self.assertFalse(reminders[0].sent_way)

    def test_rule_22_a_step_that_raises_ends_with_a_sentence(self):
        reminders, run = self.ask()
        reminder_class = type(self.env["upominky.reminder"])
        broken = patch.object(reminder_class, "_together", side_effect=ZeroDivisionError("broken"))
        with smtp_inbox(self.env) as inbox, broken, mute_logger(STEP_LOG):
            self.send()
            self.assertIn("c@x.example", inbox.recipients)
        self.assertEqual((run.state, reminders[0].sent_way), ("dead", False))
        self.assertIn("broken", run.error)


class TestWrittenFrom(MeanwhilePeopleCommon):
    """What a letter was written from, and somebody changes before it is handed over."""

    def send_while(self, act):
        """Send a reminder, and let somebody act once between its letter and the mail server."""
        sender = type(self.env["upominky.send"])
        original, done = sender._mark_sending, []

        def mark(send, *args):
            if not done:
                done.append(True)
                with self.on(TODAY, 10):
                    act()
                    self.env.flush_all()
            return original(send, *args)

        with smtp_inbox(self.env) as inbox, patch.object(sender, "_mark_sending", mark):
            self.send()
        return inbox

    def test_rule_18_a_contact_that_is_deleted_gets_nothing(self):
        values = {"parent_id": self.customer.id, "name": "Left"}
        gone = self.customer.create({**values, "type": "invoice", "email": "gone@x.example"})
        self.customer.create({**values, "type": "other"})
        self.invoice(due=10)
        self.generate()
        inbox = self.send_while(gone.unlink)
        self.assertEqual(inbox.recipients, [self.customer.email])

    def test_rule_10_an_account_number_that_is_corrected_is_the_one_to_pay_to(self):
        number = "CZ6508000000192000145399"
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.company.partner_id.id, "acc_number": "CZ9455000000001011038930"}
        )
        # It was not written in this very transaction.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner_bank SET write_date = '2026-01-01'")
        self.invoice(due=10, partner_bank_id=bank.id)
        self.generate()
        inbox = self.send_while(lambda: bank.write({"acc_number": number}))
        self.assertIn(number, inbox.text().replace(" ", "").replace("\xa0", ""))


class TestIssuing(MeanwhilePeopleCommon):
    def test_rule_16_switched_off_while_job_1_works_it_issues_no_further_chunk(self):
        for name in "ABC":
            self.invoice(self.new_customer(name, f"{name.lower()}@x.example"), due=10)
        job = type(self.env["upominky.generate"])
        original = job._issue

        def issue(this, run, *args, **kwargs):
            run.company_id.upominky_mode = "off"
            return original(this, run, *args, **kwargs)

        with patch.object(generate, "CHUNK", 1), patch.object(job, "_issue", issue):
            self.assertEqual(len(self.generate()), 1)
        self.company.upominky_mode = "live"
        self.assertEqual(len(self.generate()), 2)
