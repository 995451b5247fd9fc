"""The mail account: encryption, login, receipts that are asked for (SPEC rules 21 and 22)."""

import logging
import tempfile
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...models.base.dates import moment_text
from ..common import TODAY, UpominkyCommon, free_port, smtp_inbox
from ..smtp_servers import (
    PASSWORD,
    DsnController,
    ForgetfulController,
    TlsController,
    check_password,
    self_signed,
)

ADDRESS = "fakturace@odberatel.example"
ODOO_LOG = "odoo.addons.base.models.ir_mail_server"


class TestMailAccount(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificate = self_signed(folder)

    def sent_one(self):
        self.invoice(due=10)
        reminder = self.generate()
        self.send()
        return reminder

    def starttls(self, **options):
        return smtp_inbox(self.env, tls_context=self.certificate, require_starttls=True, **options)

    def tls(self, **options):
        return smtp_inbox(
            self.env, controller_class=TlsController, ssl_context=self.certificate, **options
        )

    # ------------------------------------------------------------ encryption

    def test_encryption_only_passes_and_strict_kinds_refuse_a_self_signed_certificate(self):
        for kind, server in (("starttls", self.starttls), ("ssl", self.tls)):
            with self.subTest(kind=kind), server() as inbox:
                inbox.server.smtp_encryption = kind
                self.assertTrue(inbox.server.test_smtp_connection())
                reminder = self.sent_one()
                self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))
            strict = f"{kind}_strict"
            with self.subTest(kind=strict), server() as inbox:
                inbox.server.smtp_encryption = strict
                with self.assertRaisesRegex(UserError, "SSL exception"):
                    inbox.server.test_smtp_connection()
                reminder = self.sent_one()
                self.assertFalse(inbox.messages)
                self.assertEqual((reminder.state, reminder.delivery_state), ("issued", "queued"))
                error = reminder.delivery_ids.sorted("id")[0].error
                self.assertIn("its certificate is not valid (self-signed certificate)", error)
                self.assertIn("It is tried again", error)

    def test_a_server_that_wants_encryption_refuses_without_it(self):
        with self.starttls() as inbox:
            reminder = self.sent_one()
            self.assertFalse(inbox.messages)
        self.assertEqual((reminder.state, reminder.delivery_state), ("issued", "queued"))
        self.assertIn("530", reminder.error)

    # ----------------------------------------------------------------- login

    def test_login_with_the_right_and_with_a_wrong_password(self):
        for password, state, words in ((PASSWORD, "sent", ""), ("wrong", "issued", "535")):
            login = {"authenticator": check_password, "auth_required": True}
            with self.subTest(state=state), self.starttls(**login) as inbox:
                inbox.server.write(
                    {"smtp_encryption": "starttls", "smtp_user": "ucetni", "smtp_pass": password}
                )
                reminder = self.sent_one()
                self.assertEqual(reminder.state, state)
                self.assertIn(words, reminder.error or "")
                self.assertEqual(len(inbox.messages), int(state == "sent"))
                if state == "issued":
                    with self.assertRaisesRegex(UserError, "535"):
                        inbox.server.test_smtp_connection()
                    self.check_ready("does not accept the user name or the password", "535")

    def check_ready(self, *words):
        """The readiness page says in a sentence what is wrong, with the server's words last."""
        page = self.env["upominky.readiness"].new({"company_id": self.company.id})
        state, text = page._check_server()
        self.assertEqual(state, "missing")
        places = [text.index(word) for word in words]
        self.assertEqual(places, sorted(places))
        self.assertNotIn("b'", text)

    def test_nobody_listens(self):
        with smtp_inbox(self.env) as inbox, mute_logger(ODOO_LOG):
            inbox.server.smtp_port = free_port()
            with self.assertRaisesRegex(UserError, "Connection refused"):
                inbox.server.test_smtp_connection()
            self.check_ready("cannot be reached: check its name, port", "Connection refused")
            reminder = self.sent_one()
        self.assertEqual(reminder.delivery_state, "queued")
        self.assertIn(
            "reached: Connection refused. It is", reminder.delivery_ids.sorted("id")[0].error
        )

    def test_rule_27_readiness_tells_when_it_is_tried_again(self):
        page = self.env["upominky.readiness"].new({"company_id": self.company.id})
        job = self.env.ref("upominky_addon.cron_send")
        with self.on(TODAY):
            job.nextcall = datetime(2026, 5, 30, 2, 0)
            job._trigger(at=datetime(2026, 5, 29, 8, 15))
            _state, text = page._check_jobs()
        soon, later = (
            moment_text(self.env, d) for d in (datetime(2026, 5, 29, 8, 15), job.nextcall)
        )
        self.assertIn(f"Automatic sending {soon}", text)
        self.assertNotIn(f"Automatic sending {later}", text)

    def test_debugging_writes_the_conversation_to_the_log(self):
        for debug in (True, False):
            with self.subTest(debug=debug), smtp_inbox(self.env) as inbox:
                inbox.server.smtp_debug = debug
                with self.assertLogs(ODOO_LOG, "DEBUG") as log:
                    logging.getLogger(ODOO_LOG).debug("assertLogs wants one at least")
                    self.sent_one()
                self.assertEqual(f"rcpt TO:<{ADDRESS}>" in " ".join(log.output), debug)

    # -------------------------------------------------------------- receipts

    def test_rule_21_a_delivery_report_is_asked_for_where_the_server_offers_it(self):
        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.delivery_receipt = True
            reminder = self.sent_one()
            self.assertEqual(
                inbox.asked,
                {
                    "RET": "HDRS",
                    "ENVID": reminder.delivery_ids._envelope_id(),
                    "NOTIFY": "SUCCESS,FAILURE,DELAY",
                    "ORCPT": f"rfc822;{ADDRESS}",
                },
            )
        self.assertEqual(reminder.state, "sent")
        self.assertTrue(reminder.delivery_ids.envelope_asked)

    def test_rule_21_each_message_of_a_session_has_its_own_envid_and_recipient(self):
        self.customer.email = f"{ADDRESS}, jana+faktury@odberatel.example"
        asked = []
        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.delivery_receipt = True
            keep = inbox.handle_DATA

            async def handle(*args):
                asked.append(dict(inbox.asked))
                return await keep(*args)

            inbox.handle_DATA = handle
            reminder = self.sent_one()
        self.assertEqual(
            {(each["ENVID"], each["ORCPT"]) for each in asked},
            {
                (d._envelope_id(), f"rfc822;{d.email_to.replace('+', '+2B')}")
                for d in reminder.delivery_ids
            },
        )
        self.assertEqual(len(asked), 2)

    def test_rule_21_nothing_is_asked_for_otherwise(self):
        cases = (
            ("not set", DsnController, {}),
            ("read only", DsnController, {"read_receipt": True}),
        )
        for name, controller, values in cases:
            with self.subTest(name), smtp_inbox(self.env, controller_class=controller) as inbox:
                inbox.server.write(values)
                reminder = self.sent_one()
                self.assertEqual(reminder.state, "sent")
                self.assertFalse(reminder.delivery_ids.envelope_asked)
                self.assertFalse(inbox.asked)

    def test_rule_21_a_server_without_dsn_gets_the_message_without_options(self):
        with smtp_inbox(self.env) as inbox:
            inbox.server.delivery_receipt = True  # it would answer 555 to an option
            reminder = self.sent_one()
            self.assertEqual(reminder.state, "sent")
            self.assertFalse(reminder.delivery_ids.envelope_asked)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_21_the_envid_is_noted_before_the_conversation(self):
        """A worker that dies in it could not note it any more."""
        noted = []
        sender = type(self.env["upominky.transport.email"])
        original = sender._hand_over

        def look_first(send, message, *args):
            delivery = send.env["upominky.delivery"].browse(message.delivery_id)
            noted.append((delivery.state, delivery.envelope_asked))
            return original(send, message, *args)

        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.delivery_receipt = True
            with patch.object(sender, "_hand_over", look_first):
                self.sent_one()
        self.assertEqual(noted, [("sending", True)])

    def test_rule_17_a_slow_connection_is_opened_before_balances_are_compared(self):
        """They are compared as of a transaction that begins after it."""
        steps = []

        def noting(model, name):
            sender = type(self.env[model])
            original = getattr(sender, name)

            def call(send, *args, **kwargs):
                steps.append(name)
                return original(send, *args, **kwargs)

            return patch.object(sender, name, call)

        opened = noting("upominky.transport.email", "_connect")
        marked = noting("upominky.send", "_mark_sending")
        with smtp_inbox(self.env), opened, marked:
            self.sent_one()
        start = steps.index("_connect")
        self.assertEqual(steps[start : start + 2], ["_connect", "_mark_sending"])

    def test_rule_21_each_attempt_has_a_note_of_its_own(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Later"}, DsnController) as inbox:
            inbox.server.delivery_receipt = True
            first, second = self.sent_one().delivery_ids.sorted("id")
        self.assertEqual((first.state, second.state), ("failed", "queued"))
        self.assertEqual((first.envelope_asked, second.envelope_asked), (True, False))

    def test_rule_21_a_second_connection_is_not_asked_without_a_note(self):
        """One that offers more than the first, as behind a balancer, would prove too little.

        Of one that offers less nothing is noted: no report with an ENVID will come.
        """
        sender = type(self.env["upominky.transport.email"])
        original = sender._session
        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.delivery_receipt = True
            for first, second in ((False, True), (True, False)):
                asks = iter((first, second))

                def session(send, *args, asks=asks):
                    watch = original(send, *args)
                    watch.asks = next(asks, watch.asks)
                    return watch

                with (
                    self.subTest(first=first, second=second),
                    patch.object(sender, "_session", session),
                ):
                    reminder = self.sent_one()
                    self.assertEqual(reminder.state, "sent")
                    self.assertFalse(inbox.asked)
                    self.assertFalse(reminder.delivery_ids.envelope_asked)

    def test_rule_21_a_second_connection_that_offers_less_is_noted(self):
        """What it sends back bears no ENVID: a true bounce must not wait for a person."""
        sender = type(self.env["upominky.send"])
        mark = sender._mark_sending

        def mark_and_be_cut(this, delivery, message, worker, asked):
            for watch in worker.sessions.values():
                watch.session.close()
            return mark(this, delivery, message, worker, asked)

        with smtp_inbox(self.env, controller_class=ForgetfulController) as inbox:
            inbox.server.delivery_receipt = True
            with patch.object(sender, "_mark_sending", mark_and_be_cut):
                reminder = self.sent_one()
            self.assertFalse(inbox.asked)
        self.assertEqual(reminder.state, "sent", reminder.error)
        self.assertFalse(reminder.delivery_ids.envelope_asked)

    def test_rule_21_the_read_receipt_is_asked_to_the_reply_address(self):
        domain = self.env["mail.alias.domain"].create({"name": "dopravce.example"})
        for alias_domain, read_receipt, expected in (
            (False, True, "<ucetni@dopravce.example>"),
            (domain, True, "<catchall@dopravce.example>"),
            (domain, False, None),
        ):
            self.company.alias_domain_id = alias_domain
            with self.subTest(expected), smtp_inbox(self.env) as inbox:
                inbox.server.read_receipt = read_receipt
                self.sent_one()
                self.assertEqual(inbox.messages[0]["Disposition-Notification-To"], expected)

    def test_rule_21_several_reply_addresses_are_all_asked_for_the_read_receipt(self):
        self.rule.level_ids[0].mail_template_id.reply_to = "A <a@x.example>, b@x.example"
        with smtp_inbox(self.env) as inbox:
            inbox.server.read_receipt = True
            self.sent_one()
        asked = inbox.messages[0]["Disposition-Notification-To"]
        self.assertEqual(asked, "<a@x.example>, <b@x.example>")

    def test_rule_22_a_message_that_cannot_be_made_does_not_blame_the_server(self):
        path = "odoo.addons.upominky_addon.models.delivery.email.transport.build_email"
        with smtp_inbox(self.env) as inbox, patch(path, side_effect=ValueError("Odd header")):
            reminder = self.sent_one()
        self.assertEqual((reminder.state, inbox.messages), ("failed", []))
        self.assertIn("The message could not be made: Odd header.", reminder.error)

    def test_rule_21_reports_go_to_the_bounce_address(self):
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "dopravce.example", "bounce_alias": "bounce"}
        )
        with smtp_inbox(self.env) as inbox:
            self.sent_one()
            self.assertEqual(inbox.envelopes[0][0], "bounce@dopravce.example")

    def test_rule_21_receipts_are_those_of_the_server_that_sends(self):
        """The server of the template, else the one that its filter gives to the sender."""
        with smtp_inbox(self.env) as other, smtp_inbox(self.env) as inbox:
            other.server.write({"active": True, "read_receipt": True, "from_filter": "x.example"})
            self.sent_one()
            self.assertNotIn("Disposition-Notification-To", inbox.messages[0])
            self.rule.level_ids[0].mail_template_id.mail_server_id = other.server
            self.customer = self.new_customer("Second", "second@second.example")
            self.sent_one()
            self.assertIn("Disposition-Notification-To", other.messages[0])

    def test_ordinary_mail_asks_for_nothing(self):
        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.write({"delivery_receipt": True, "read_receipt": True})
            mail = self.env["mail.mail"].create(
                {"subject": "Hello", "body_html": "<p/>", "email_to": ADDRESS}
            )
            mail.send()
            self.assertNotIn("Disposition-Notification-To", inbox.messages[0])
            self.assertFalse(inbox.asked)

    def test_without_a_session_nothing_breaks(self):
        """Odoo opens no session in tests; its mocks have no extensions."""
        self.env["ir.mail_server"].create(
            {"name": "Receipts", "smtp_host": "mail.example", "delivery_receipt": True}
        )
        self.assertEqual(self.sent_one().state, "sent")

    def test_the_settings_are_on_the_form_of_the_mail_server(self):
        arch = self.env["ir.mail_server"].get_view(view_type="form")["arch"]
        for name in ("delivery_receipt", "read_receipt"):
            self.assertIn(f'name="{name}"', arch)
            self.assertTrue(self.env["ir.mail_server"]._fields[name].help)

    def test_the_envid_differs_between_deliveries_and_cannot_be_made_up(self):
        with smtp_inbox(self.env):
            first, second = (self.sent_one().delivery_ids for _number in range(2))
        self.assertNotEqual(first._envelope_id()[-32:], second._envelope_id()[-32:])
        self.assertEqual(first._envelope_id(), first.browse(first.id)._envelope_id())
        self.assertEqual(first.reminder_id.issue_date, TODAY)
