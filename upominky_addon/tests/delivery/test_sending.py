"""SPEC rules 18 to 20, 22 and 23: who gets it, what it says, and what when it goes wrong."""

import smtplib
from datetime import timedelta
from unittest.mock import patch

from aiosmtpd.smtp import AuthResult

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import TODAY, UpominkyCommon, free_port, smtp_inbox

ADDRESS = "fakturace@odberatel.example"


class TestSending(UpominkyCommon):
    def sent_one(self, inbox, day=TODAY):
        """Issue and send one reminder of the customer."""
        self.invoice(due=10)
        reminder = self.generate(day)
        self.send(day)
        return reminder

    # -------------------------------------------------------------- contacts

    def test_rule_18_invoice_address_then_the_customers_own(self):
        self.new_customer(
            "Invoices", "faktury@odberatel.example",
            is_company=False, parent_id=self.customer.id, type="invoice",
        )  # fmt: skip
        with smtp_inbox(self.env) as inbox:
            self.sent_one(inbox)
            self.assertEqual(inbox.recipients, ["faktury@odberatel.example"])

    def test_rule_18_both_contacts_get_a_message_each_and_copies_too(self):
        level = self.rule.level_ids[0]
        level.write({"contact": "both", "extra_email": "archiv@dopravce.example"})
        person = self.new_customer(
            "Jana", "jana@odberatel.example", is_company=False, parent_id=self.customer.id
        )
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10, upominky_contact_id=person.id)
            reminder = self.generate()
            self.send()
            self.assertEqual(
                inbox.recipients, ["archiv@dopravce.example", ADDRESS, "jana@odberatel.example"]
            )
            self.assertEqual(len({m["Message-ID"] for m in inbox.messages}), 3)
        copies = reminder.delivery_ids.filtered("is_copy")
        self.assertEqual(copies.email_to, "archiv@dopravce.example")

    def test_rule_18_one_contact_accepted_is_sent_and_the_other_is_named(self):
        self.customer.email = f"{ADDRESS}, nikdo@odberatel.example"
        with smtp_inbox(self.env, {"nikdo@odberatel.example": "550 No such user"}) as inbox:
            reminder = self.sent_one(inbox)
            self.assertEqual(inbox.recipients, [ADDRESS])
        self.assertEqual(reminder.state, "sent")
        self.assertIn("nikdo@odberatel.example", reminder.error)
        self.assertIn("No such user", reminder.error)

    def test_rule_18_bad_addresses_give_a_sentence_and_stop_nobody(self):
        self.customer.email = "fakturace odberatel"
        nobody = self.new_customer("Nobody")
        good = self.new_customer("Good", "good@good.example")
        for customer in (self.customer, nobody, good):
            self.invoice(customer, due=10)
        with smtp_inbox(self.env) as inbox:
            reminders = {r.partner_id: r for r in self.generate()}
            self.send()
            self.assertEqual(inbox.recipients, ["good@good.example"])
        self.assertEqual(reminders[good].state, "sent")
        self.assertEqual(reminders[self.customer].state, "failed")
        self.assertIn("is not an e-mail address", reminders[self.customer].error)
        self.assertEqual(reminders[nobody].state, "failed")
        self.assertIn("Nobody has no e-mail address", reminders[nobody].error)

    def test_retry_reads_the_address_anew(self):
        self.customer.email = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent_one(inbox)
            self.assertEqual(reminder.state, "failed")
            self.customer.email = "novy@odberatel.example"
            with self.on(TODAY, 10):
                reminder.action_retry()
            self.assertEqual(reminder.state, "sent")
            self.assertFalse(reminder.error)
            self.assertEqual(inbox.recipients, ["novy@odberatel.example"])

    def test_retry_forgets_the_address_that_was_wrong(self):
        with smtp_inbox(self.env, {ADDRESS: "550 Unknown user"}) as inbox:
            reminder = self.sent_one(inbox)
            self.assertEqual(reminder.state, "failed")
            self.customer.email = "spravne@odberatel.example"
            with self.on(TODAY, 10):
                reminder.action_retry()
            self.assertEqual(reminder.state, "sent")
            self.assertFalse(reminder.error)
            self.assertEqual(reminder.delivery_state, "sent")

    # ---------------------------------------------------------------- sender

    def test_rule_19_sender_of_level_then_rule_then_company(self):
        users = self.env["res.users"].create(
            [
                {"name": "Level", "login": "level", "email": "level@dopravce.example"},
                {"name": "Rule", "login": "rule", "email": "rule@dopravce.example"},
            ]
        )
        self.rule.level_ids[0].sender_id, self.rule.sender_id = users
        for change, expected in (
            (lambda: None, "level@dopravce.example"),
            (lambda: users[0].write({"active": False}), "ucetni@dopravce.example"),
            (lambda: self.rule.level_ids[0].write({"sender_id": False}), "rule@dopravce.example"),
        ):
            change()
            with self.subTest(expected=expected), smtp_inbox(self.env) as inbox:
                customer = self.new_customer("S", "s@s.example")
                self.invoice(customer, due=10)
                self.generate()
                self.send()
                self.assertIn(expected, inbox.messages[0]["From"])

    # --------------------------------------------------------------- message

    def test_rule_20_written_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.env.ref("base.module_upominky_addon")._update_translations(["cs_CZ"])
        self.customer.lang = "cs_CZ"
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent_one(inbox)
            self.assertEqual(reminder.lang, "cs_CZ")
            html = inbox.html()
        self.assertIn('lang="cs"', html)
        self.assertIn("12\xa0100,00\xa0Kč", html)

    def test_rule_20_names_are_escaped(self):
        self.company.name = "Doprava <b>& syn</b>"
        with smtp_inbox(self.env) as inbox:
            self.sent_one(inbox)
            self.assertNotIn("<b>& syn", inbox.html())
            self.assertIn("&lt;b&gt;&amp; syn", inbox.html())

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_rule_20_a_broken_template_fails_its_reminder_alone(self):
        level_one, level_two = self.rule.level_ids[:2]
        broken = level_two.mail_template_id.copy({"name": "Broken"})
        broken.body_html = '<p t-out="object.name / 0"/>'
        level_two.mail_template_id = broken
        with smtp_inbox(self.env) as inbox:
            self.sent_one(inbox)
            later = TODAY + timedelta(days=14)
            other = self.new_customer("Fresh", "fresh@fresh.example")
            self.invoice(other, due=10)
            reminders = {r.level_order: r for r in self.generate(later)}
            self.send(later)
        self.assertEqual(reminders[1].state, "sent")
        self.assertEqual(reminders[2].state, "failed")
        self.assertIn("“Broken” cannot be rendered, line 1", reminders[2].error)
        self.assertIn("TypeError", reminders[2].error)
        self.assertEqual(level_one.mail_template_id.name, "Payment reminder: first")

    def test_rule_20_an_archived_template_fails_with_a_sentence(self):
        template = self.rule.level_ids[0].mail_template_id
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            template.active = False
            self.send()
            self.assertFalse(inbox.messages)
            self.assertEqual(reminder.state, "failed")
            self.assertIn("is archived", reminder.error)
            template.active = True
            with self.on(TODAY, 10):
                reminder.action_retry()
            self.assertEqual(reminder.state, "sent")

    def test_the_message_is_kept_in_the_chatter_and_out_of_the_mail_queue(self):
        before = self.env["mail.mail"].sudo().search_count([])
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent_one(inbox)
            message_id = inbox.messages[0]["Message-ID"]
        message = reminder.delivery_ids.mail_message_id
        self.assertEqual(message.message_id, message_id)
        self.assertIn(message, reminder.message_ids)
        self.assertIn("past its due date", message.body)
        self.assertIn('<div class="o_upominky_table">', message.body)
        self.assertNotIn("&lt;", message.body, "the table is shown, not its source")
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), before)

    # -------------------------------------------------------------- failures

    def try_again(self, reminder, hours):
        """Run the sending job some hours after the first attempt."""
        moment = TODAY + timedelta(days=(9 + hours) // 24)
        self.send(moment, hour=(9 + hours) % 24)

    def test_rule_22_temporary_faults_are_retried_with_growing_pauses(self):
        answers = {ADDRESS: "451 Greylisted, come back later"}
        with smtp_inbox(self.env, answers) as inbox:
            reminder = self.sent_one(inbox)
            self.assertEqual(reminder.state, "issued")
            self.assertIn("Greylisted", reminder.delivery_ids.sorted("id")[0].error)
            self.send()  # the pause is not over
            self.assertEqual(len(reminder.delivery_ids), 2)
            inbox.answers.clear()
            self.try_again(reminder, 1)
            self.assertEqual(reminder.state, "sent")
            self.assertEqual(reminder.delivery_ids.mapped("attempt"), [2, 1])
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_22_six_attempts_and_no_more(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Later"}) as inbox:
            reminder = self.sent_one(inbox)
            for hours in (1, 3, 6, 13, 40, 80):
                self.try_again(reminder, hours)
            self.assertEqual(reminder.state, "failed")
            self.assertEqual(len(reminder.delivery_ids), 6)

    def test_rule_22_permanent_refusal_fails_at_once(self):
        with smtp_inbox(self.env, {ADDRESS: "550 Unknown user"}) as inbox:
            reminder = self.sent_one(inbox)
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(len(reminder.delivery_ids), 1)
        self.assertIn("550 Unknown user", reminder.error)

    def test_rule_22_nobody_listens(self):
        with smtp_inbox(self.env) as inbox:
            inbox.server.smtp_port = free_port()
            reminder = self.sent_one(inbox)
            self.assertEqual(reminder.state, "issued")
            self.assertEqual(reminder.delivery_state, "queued")
            self.assertIn("cannot be reached: ", reminder.delivery_ids[-1].error)

    def test_rule_22_wrong_password(self):
        def refuse(server, session, envelope, mechanism, data):
            return AuthResult(success=False, handled=False)

        with smtp_inbox(
            self.env, authenticator=refuse, auth_required=True, auth_require_tls=False
        ) as inbox:
            inbox.server.write({"smtp_user": "user", "smtp_pass": "wrong"})
            reminder = self.sent_one(inbox)
            self.assertFalse(inbox.messages)
        self.assertEqual((reminder.state, reminder.delivery_state), ("issued", "queued"))
        self.assertIn("535", reminder.error)

    # ------------------------------------------------------------ crash-safe

    def test_rule_23_lost_after_the_final_dot_is_uncertain(self):
        original = smtplib.SMTP.getreply

        def lose(session):
            if getattr(session, "lose", False):
                session.close()
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            return original(session)

        send = smtplib.SMTP.send

        def watch(session, data):
            send(session, data)
            session.lose = isinstance(data, bytes) and data.endswith(b"\r\n.\r\n")

        with (
            smtp_inbox(self.env) as inbox,
            patch.object(smtplib.SMTP, "getreply", lose),
            patch.object(smtplib.SMTP, "send", watch),
        ):
            reminder = self.sent_one(inbox)
        self.assertEqual(reminder.delivery_state, "uncertain")
        self.assertEqual(reminder.state, "issued")
        self.assertIn("nobody knows", reminder.error)
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=3))
            self.assertFalse(inbox.messages)
            self.assertFalse(self.generate(TODAY + timedelta(days=60)))
            with self.on(TODAY + timedelta(days=60)):
                reminder.delivery_ids.action_send_again()
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")

    def test_rule_23_what_a_dead_worker_was_sending_is_uncertain(self):
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            run = (
                self.env["upominky.run"]
                .sudo()
                .create({"company_id": self.company.id, "kind": "send", "date": TODAY})
            )
            self.env["upominky.delivery"].sudo().create(
                {
                    "reminder_id": reminder.id,
                    "company_id": self.company.id,
                    "email_to": ADDRESS,
                    "state": "sending",
                    "run_id": run.id,
                }
            )
            reminder.sudo().send_run_id = run
            self.send()
            self.assertFalse(inbox.messages)
            self.assertEqual(reminder.delivery_ids.state, "uncertain")
            self.assertEqual(run.state, "dead")
            reminder.delivery_ids.action_mark_sent()
            self.assertEqual(reminder.state, "sent")

    def test_rule_23_queued_by_a_dead_worker_is_sent_by_the_next(self):
        with smtp_inbox(self.env) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            run = (
                self.env["upominky.run"]
                .sudo()
                .create({"company_id": self.company.id, "kind": "send", "date": TODAY})
            )
            reminder.sudo().send_run_id = run
            self.send()
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")

    def test_rule_17_a_balance_that_changes_before_the_mark_is_prepared_again(self):
        self.invoice(amount=5000, due=10)
        move = self.invoice(amount=7000, due=10)
        sender = type(self.env["upominky.send"])
        mark = sender._mark_sending
        paid = []

        def pay_first(send, *args):
            if not paid:
                paid.append(self.pay(move))
                self.env.flush_all()
            return mark(send, *args)

        with smtp_inbox(self.env) as inbox, patch.object(sender, "_mark_sending", pay_first):
            reminder = self.generate()
            self.send()
            self.assertEqual(len(inbox.messages), 1)
            self.assertNotIn(move.name, inbox.text())
        self.assertEqual(reminder.currency_totals, {"CZK": 5000.0})

    def test_send_now_refuses_with_a_sentence(self):
        self.invoice(due=10)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.company.upominky_mode = "pilot"
            with self.assertRaisesRegex(UserError, "not a pilot customer"):
                reminder.action_send_now()
            self.company.upominky_mode = "off"
            with self.assertRaisesRegex(UserError, "switched off"):
                reminder.action_send_now()
            reminder.action_cancel("A mistake")
            with self.assertRaisesRegex(UserError, "cancelled"):
                reminder.action_send_now()

    def test_rule_22_a_bounced_reminder_is_read_anew_when_it_is_retried(self):
        with smtp_inbox(self.env) as inbox:
            paid = self.invoice(amount=5000, due=10)
            reminder = self.sent_one(inbox)
            reminder.delivery_ids.sudo()._set_state("bounced", error="550 No such user")
            reminder.sudo()._settle()
            self.assertEqual(reminder.state, "failed")
            self.pay(paid)
            with self.on(TODAY, 10):
                reminder.action_retry()
            self.assertEqual(reminder.state, "sent")
            self.assertNotIn(paid.name, inbox.text())
