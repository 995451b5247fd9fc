"""SPEC rules 17, 22, 23, 28: what happens between two steps; more is in scripts/meanwhile."""

from unittest.mock import patch

import psycopg2
from aiosmtpd.smtp import AuthResult

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import TODAY, UpominkyCommon, smtp_inbox

FIRST, SECOND = "prvni@odberatel.example", "druha@odberatel.example"
SEND_LOG = "odoo.addons.upominky_addon.models.delivery.send"
GENERATE_LOG = "odoo.addons.upominky_addon.models.jobs.generate"


class MeanwhileCommon(UpominkyCommon):
    def two_contacts(self, answers=None):
        """Issue a reminder to two contacts and send it; the second one answers as told."""
        self.customer.email = f"{FIRST}, {SECOND}"
        self.move = self.invoice(amount=1000, due=10)
        reminder = self.generate()
        self.send()
        return reminder


class TestMeanwhile(MeanwhileCommon):
    def test_rule_18_the_address_of_a_contact_person_of_another_customer_is_the_last_one(self):
        person = self.new_customer("Jana", "old@x.example")
        self.rule.level_ids[0].contact = "order"
        self.invoice(due=10, upominky_contact_id=person.id)
        reminder = self.generate()
        changed = self.act_at(
            "_mark_sending", lambda: person.write({"email": "new@x.example"}), reminder
        )
        with smtp_inbox(self.env) as inbox:
            with changed:
                self.send()
            self.send(hour=10)
            self.assertEqual(inbox.recipients, ["new@x.example"])

    def test_rule_28_what_a_person_withdraws_before_the_mark_does_not_go_out(self):
        for name, act, state in (
            ("cancel", lambda r: r.action_cancel("A mistake"), "cancelled"),
            ("mark", lambda r: r.action_mark_sent(way="post"), "sent"),
            ("hold", lambda r: self.held(r.line_ids.move_id), "cancelled"),
            ("hold customer", lambda r: self.held(r.partner_id), "cancelled"),
            ("exclude", lambda r: r.partner_id.write({"upominky_excluded": True}), "cancelled"),
            ("off", lambda r: self.company.write({"upominky_mode": "off"}), "issued"),
            ("pilot", lambda r: self.company.write({"upominky_mode": "pilot"}), "issued"),
        ):
            with self.subTest(name), smtp_inbox(self.env) as inbox:
                self.company.upominky_mode = "live"
                address = f"{name.replace(' ', '.')}@x.example"
                self.move = self.invoice(self.new_customer(name, address), due=10)
                reminder = self.generate().filtered(lambda r: r.line_ids.move_id == self.move)
                with self.act_at("_mark_sending", lambda act=act, r=reminder: act(r), reminder):
                    self.send()
                self.assertNotIn(address, inbox.recipients)
                self.assertEqual(reminder.state, state)
                self.assertFalse(reminder.send_run_id)
                self.company.upominky_mode = "off"

    def held(self, record):
        record.upominky_hold_reason = "dispute"

    def test_rule_17_a_second_contact_gets_nothing_that_is_not_owed_any_more(self):
        for name, act, words in (
            ("draft", lambda: self.move.sudo().button_draft(), "Nothing was left"),
            ("paid", lambda: self.pay(self.move), "paid"),
            ("held", lambda: self.held(self.move), "Nothing was left"),
            ("excluded", lambda: self.customer.write({"upominky_excluded": True}), "Nothing"),
        ):
            with (
                self.subTest(name),
                self.env.cr.savepoint() as world,
                smtp_inbox(self.env, {SECOND: "451 Later"}) as inbox,
            ):
                reminder = self.two_contacts()
                self.assertEqual(inbox.recipients, [FIRST])
                inbox.answers.clear()
                act()
                self.send(hour=10)
                self.assertEqual(inbox.recipients, [FIRST])
                waiting = reminder.delivery_ids.filtered(lambda d: d.state == "cancelled")
                self.assertEqual(waiting.email_to, SECOND)
                self.assertIn(words, waiting.error)
                self.assertEqual((reminder.state, reminder.next_try), ("sent", False))
                self.assertEqual(reminder.currency_totals, {"CZK": 1000.0})
                world.rollback()

    def test_rule_17_amounts_of_a_mailed_reminder_stay_for_its_second_contact(self):
        with smtp_inbox(self.env, {SECOND: "451 Later"}) as inbox:
            reminder = self.two_contacts()
            inbox.answers.clear()
            self.pay(self.move, 400)
            self.send(hour=10)
            self.assertEqual(inbox.recipients, sorted([FIRST, SECOND]))
        self.assertEqual(reminder.currency_totals, {"CZK": 1000.0})

    def test_rule_18_a_template_that_is_archived_fails_the_second_contact_alone(self):
        with smtp_inbox(self.env, {SECOND: "451 Later"}) as inbox:
            reminder = self.two_contacts()
            reminder.level_id.mail_template_id.active = False
            inbox.answers.clear()
            self.send(hour=10)
        self.assertEqual(reminder.state, "sent")
        self.assertIn("archived", reminder.error)
        self.assertFalse(reminder.next_try)

    def test_rule_23_what_makes_no_progress_moves_on(self):
        """Books that change at every look: the job ends, and tries again a little later."""
        self.move = self.invoice(due=10)
        reminder = self.generate()
        sender = type(self.env["upominky.send"])
        original = sender._mark_sending

        def change(send, delivery, message, *args):
            self.pay(self.move, 10)
            self.env.flush_all()
            return original(send, delivery, message, *args)

        with smtp_inbox(self.env) as inbox, patch.object(sender, "_mark_sending", change):
            self.send()
            self.assertFalse(inbox.messages)
        with self.on(TODAY, 9):
            self.assertGreater(reminder.next_try, self.now())
        with smtp_inbox(self.env) as inbox:
            self.send(hour=10)
            self.assertEqual(len(inbox.messages), 1)

    # ------------------------------------------------------- errors, collisions

    def test_rule_22_a_company_that_raises_ends_its_own_turn_alone(self):
        other = self.env["res.company"].create({"name": "Porouchaná s.r.o."})
        other.upominky_mode = "live"
        self.invoice(due=10)
        reader = type(self.env["upominky.reader"])
        facts = reader._facts

        def broken_facts(self, company, *args, **kwargs):
            if company == other:
                raise ZeroDivisionError("broken rate")
            return facts(self, company, *args, **kwargs)

        with patch.object(reader, "_facts", broken_facts), mute_logger(GENERATE_LOG):
            reminder = self.generate()
        self.assertEqual(len(reminder), 1)
        run = self.env["upominky.run"].search([("company_id", "=", other.id)], limit=1)
        self.assertEqual(run.state, "dead")
        self.assertIn("broken rate", run.error)
        company = type(self.env["res.company"])
        lets_send = company._upominky_bank_lets_send

        def broken_bank(self):
            if self == other:
                raise ZeroDivisionError("broken bank")
            return lets_send(self)

        with (
            smtp_inbox(self.env) as inbox,
            patch.object(company, "_upominky_bank_lets_send", broken_bank),
            mute_logger(SEND_LOG),
        ):
            self.send()
            self.assertEqual(len(inbox.messages), 1)
        run = self.env["upominky.run"].search([("company_id", "=", other.id)], limit=1)
        self.assertIn("broken bank", run.error)

    def test_rule_22_an_error_while_sending_gives_back_what_was_in_hand(self):
        self.invoice(due=10)
        reminder = self.generate()
        sender = type(self.env["upominky.send"])
        with (
            smtp_inbox(self.env) as inbox,
            patch.object(sender, "_send_once", side_effect=ZeroDivisionError("broken")),
            mute_logger(SEND_LOG),
        ):
            self.send()
            self.assertFalse(inbox.messages)
        self.assertFalse(reminder.send_run_id)
        run = self.env["upominky.run"].search([("kind", "=", "send")], limit=1)
        self.assertEqual((run.state, bool(run.error)), ("dead", True))
        with smtp_inbox(self.env) as inbox:
            self.send(hour=10)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_23_a_collision_at_any_step_is_tried_again(self):
        reminder_class = type(self.env["upominky.reminder"])
        for name in ("_settle", "_recheck", "_touch"):
            original, met = getattr(reminder_class, name), []

            def collide(reminders, *args, original=original, met=met, **kwargs):
                if not met:
                    met.append(True)
                    raise psycopg2.errors.SerializationFailure
                return original(reminders, *args, **kwargs)

            with self.subTest(name), smtp_inbox(self.env) as inbox:
                self.invoice(self.new_customer(name, "x@x.example"), due=10)
                reminder = self.generate()
                with patch.object(reminder_class, name, collide):
                    self.send()
                self.assertEqual(len(inbox.messages), 1)
                self.assertEqual((reminder.state, met), ("sent", [True]))

    def test_rule_23_a_worker_whose_lock_is_lost_hands_nothing_over(self):
        """Others think it is dead: it finds out before each message, and leaves nothing behind."""
        for person in range(3):
            self.invoice(self.new_customer(f"{person}", f"p{person}@x.example"), due=10)
        reminders = self.generate()
        sender = self.env["upominky.send"].sudo().with_company(self.company)
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 9):
            worker = sender._open_worker(self.company)
            ids = sender._claim(self.company, worker)
            living = iter((True,))
            with patch.object(worker, "is_alive", lambda: next(living, False)):
                self.assertFalse(sender._send_slice(worker, ids))
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(sorted(reminders.mapped("state")), ["issued", "issued", "sent"])
        self.assertFalse(reminders.send_run_id)
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), 2)

    # ---------------------------------------------------------------- by hand

    def test_rule_22_by_hand_buries_the_dead_and_tells_what_was_not_tried(self):
        self.env.ref("upominky_addon.cron_send").active = False
        self.invoice(due=10)
        reminder = self.generate()
        runs = self.env["upominky.run"].sudo()
        values = {"company_id": self.company.id, "kind": "send", "date": TODAY}
        reminder.sudo().send_run_id = runs.create(values)
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 9):
            reminder.action_send_now()
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")
        self.invoice(self.new_customer("B", "b@b.example"), due=10)
        other = self.generate()
        other.sudo().send_run_id = runs.create(values)
        sender = type(self.env["upominky.send"])
        with (
            smtp_inbox(self.env),
            self.on(TODAY, 9),
            patch.object(sender, "_is_dead", return_value=False),
            self.assertRaisesRegex(UserError, "by somebody else now"),
        ):
            other.action_send_now()


class TestRefusedSender(MeanwhileCommon):
    def test_rule_22_a_wrong_password_leaves_the_queue_and_is_told_once(self):
        right = []

        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=bool(right), handled=bool(right))

        for number in range(3):
            self.invoice(self.new_customer(f"{number}", f"c{number}@x.example"), due=10)
        reminders = self.generate()
        options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
        with smtp_inbox(self.env, **options) as inbox:
            inbox.server.write({"smtp_user": "user", "smtp_pass": "wrong"})
            self.send()
            self.send(hour=10)
            self.assertEqual(set(reminders.mapped("state")), {"issued"})
            self.assertEqual(set(reminders.delivery_ids.mapped("attempt")), {1})
            self.assertIn("535", self.company.upominky_mail_faults and self.problem())
            todo = self.company.upominky_mail_activity_id
            self.assertTrue(todo)
            self.assertIn("refuses", todo.summary)
            self.assertEqual(self.todos(), todo)
            missing = self.env["upominky.overview"].retrieve_dashboard()["jobs"][0]["missing"]
            self.assertIn(self.problem(), missing)
            right.append(True)
            self.send(hour=11)
            self.assertEqual(len(inbox.messages), 3)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertFalse(self.company.upominky_mail_faults)
        self.assertFalse(self.todos())

    def problem(self):
        return self.company._upominky_mail_problem()

    def todos(self):
        partner = self.company.partner_id
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        return self.env["mail.activity"].search(domain)

    def test_rule_22_a_refusal_of_one_message_is_none_of_the_sender(self):
        with smtp_inbox(self.env, {"fakturace@odberatel.example": "550 No"}):
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
        self.assertEqual(reminder.state, "failed")
        self.assertFalse(self.company.upominky_mail_faults)


class TestTurns(MeanwhileCommon):
    def setUp(self):
        super().setUp()
        self.sender = self.env["upominky.send"].sudo()
        self.companies = self.env["res.company"].create([{"name": "A"}, {"name": "B"}])

    def test_rule_22_companies_take_turns_until_nothing_waits(self):
        left = {self.companies[0]: 3, self.companies[1]: 1}
        served = []

        def take_turn(sender, company, *args):
            served.append(company.name)
            left[company] -= 1
            return left[company] > 0

        with patch.object(type(self.sender), "_take_turn", take_turn):
            self.assertTrue(self.sender._go_round(self.companies, {}, None, False))
        self.assertEqual(served, ["A", "B", "A", "A"])

    def test_rule_22_who_had_the_last_turn_is_last_in_the_next_call(self):
        self.env["res.company"].search([]).upominky_mode = "off"
        self.companies.upominky_mode = "live"
        with self.on(TODAY):
            for company, order in ((self.companies[0], "BA"), (self.companies[1], "AB")):
                self.sender._close_worker(self.sender._open_worker(company))
                names = "".join(self.sender._companies_in_turn().mapped("name"))
                self.assertEqual(names, order)

    def test_rule_22_a_worker_takes_up_what_it_can_send_in_its_time(self):
        for number in range(5):
            self.invoice(self.new_customer(f"{number}", f"c{number}@x.example"), due=10)
        self.generate()
        with self.on(TODAY, 9):
            worker = self.sender._open_worker(self.company)
            worker.pace.learn(10, 10.0)  # a second each: two in the time of a slice
            self.assertEqual(len(self.sender._claim(self.company, worker)), 2)

    def test_rule_22_what_is_prepared_when_time_is_up_is_still_sent(self):
        for number in range(3):
            self.invoice(self.new_customer(f"{number}", f"c{number}@x.example"), due=10)
        reminders = self.generate()
        sender = type(self.sender)
        time_is_up = sender._is_time_up

        def up_after_preparing(send, grace=0):
            return (not grace and bool(reminders.delivery_ids)) or time_is_up(send, grace)

        with (
            smtp_inbox(self.env) as inbox,
            patch.object(sender, "_is_time_up", up_after_preparing),
        ):
            self.send()
            self.assertEqual(len(inbox.messages), 3)
