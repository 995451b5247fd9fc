"""Mail from anybody: broken, huge or forged reports settle what they can and raise nothing."""

from unittest.mock import patch

import psycopg2

from odoo.tools import mute_logger

from ..core.test_core_receipt import ADDRESS, parse, raw
from .test_inbound import InboundCommon


class TestInboundHostile(InboundCommon):
    def setUp(self):
        super().setUp()
        self.reminder = self.sent_one()
        self.delivery = self.reminder.delivery_ids

    def bounce(self, *changes):
        """Return a bounce with changes made to it."""
        source = raw("dsn_postfix_failed", self.delivery.message_id, self.delivery._envelope_id())
        for old, new in changes:
            self.assertIn(old, source)
            source = source.replace(old, new)
        return source

    def test_broken_reports_are_settled_all_the_same(self):
        diagnostic = b"User unknown in virtual mailbox table"
        many = b"".join(
            b"\nFinal-Recipient: rfc822; x%d@x.example\nAction: failed\n" % n for n in range(20000)
        )
        cases = (
            ("an encoding nobody knows", (b"charset=us-ascii", b"charset=unknown-8bit")),
            ("an encoding that is none", (b"charset=us-ascii", b"charset=\xff\xfe")),
            ("zero bytes and escapes", (diagnostic, b"a\x00b\x1b[2Jc\xff\xed\xa0\x80d")),
            ("a megabyte of reason", (diagnostic, b"very " * 200_000)),
            ("markup", (diagnostic, b"<script>alert(1)</script>")),
            ("no end", (b"--4D1A91A0C3D.1780045209/mail.dopravce.example--\n", b"")),
            ("no headers part", (b"Content-Type: text/rfc822-headers", b"Content-Type: x/y")),
            ("many recipients", (b"\nFinal-Recipient:", many + b"\nFinal-Recipient:")),
            ("a bad date", (b"Date: Fri, 29 May 2026", b"Date: Blursday, 99 Zzz 99999")),
            ("no sender", (b"From: MAILER-DAEMON@mail.dopravce.example", b"X-From:")),
            ("a broken sender", (b"From: MAILER-DAEMON@mail.dopravce.example", b"From: <<@,;\xff")),
            ("a foreign report type", (b"report-type=delivery-status;", b"report-type=;")),
            ("a zero byte in its own name", (b"Message-Id: <2026", b"Message-Id: <2026\x00")),
            ("a name twice", (b"Action: failed", b"Action: failed\nAction: delivered")),
        )  # fmt: skip
        for _name, change in self.each(cases):
            self.process(self.bounce(change))
            self.assertEqual((self.delivery.state, self.reminder.state), ("bounced", "failed"))
            self.assertLess(len(self.reminder.error), 700)
            self.assertNotIn("\x00", self.reminder.error)

    def test_the_reason_is_stored_as_plain_text(self):
        change = (b"User unknown in virtual mailbox table", b"<script>alert(1)</script><b>x</b>")
        self.process(self.bounce(change))
        self.assertIn("<script>alert(1)</script>", self.reminder.error)
        history = " ".join(self.reminder.message_ids.mapped("body"))
        self.assertNotIn("<script>", history)
        self.assertIn("&lt;script&gt;", history)

    def test_a_report_that_odoo_cannot_parse_is_settled(self):
        cases = (
            (b"charset=us-ascii", b"charset=unknown-8bit"),
            (
                b"Content-Type: text/rfc822-headers",
                b'Content-Type: text/rfc822-headers; charset="x"',
            ),
        )
        for change in self.each(cases):
            message = parse(self.bounce(change))
            with self.assertRaises(LookupError):  # what Odoo alone does with it
                self.env["mail.thread"]._message_parse_extract_payload(message, {})
            self.process(self.bounce(change))
            self.assertEqual(self.delivery.state, "bounced")

    def test_other_mail_that_odoo_cannot_parse_still_raises(self):
        source = raw("reply", self.delivery.message_id).replace(b"charset=utf-8", b"charset=x-no")
        with self.assertRaises(LookupError):
            self.process(source)

    def test_an_error_of_ours_ends_in_the_log_and_is_no_bounce(self):
        source = raw("dsn_postfix_delivered", self.delivery.message_id, "")
        for name in ("_settle", "_lock_rows"):
            with (
                patch.object(type(self.reminder), name, side_effect=RuntimeError("broken")),
                self.assertLogs(
                    "odoo.addons.upominky_addon.models.delivery.email.inbound", "ERROR"
                ),
            ):
                self.process(source)
            self.assertEqual(self.delivery.state, "sent")
        self.assertEqual(self.customer.message_bounce, 0)

    def test_a_reader_that_stumbles_leaves_the_message_to_odoo(self):
        path = "odoo.addons.upominky_addon.models.delivery.email.inbound.read_report"
        with patch(path, side_effect=RecursionError):
            self.process(self.bounce())
        self.assertEqual(self.delivery.state, "sent")
        self.assertEqual(self.customer.message_bounce, 1)

    @mute_logger("odoo.sql_db")
    def test_a_clash_with_a_worker_is_repeated_by_the_fetching_job_only(self):
        clash = psycopg2.errors.SerializationFailure("could not serialize access")
        thread = self.env["mail.thread"]
        settle = type(thread)._upominky_settle_report
        calls = []

        def once(thread, message, message_dict):
            calls.append(1)
            if len(calls) == 1:
                raise clash
            return settle(thread, message, message_dict)

        source = self.bounce()
        with patch.object(type(thread), "_upominky_settle_report", once):
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.process(source)
            calls.clear()
            with patch.object(self.env.cr, "rollback") as rollback:
                fetching = thread.with_context(default_fetchmail_server_id=1)
                fetching.message_process(None, source)
        self.assertEqual((len(calls), rollback.call_count), (2, 1))
        self.assertEqual(self.delivery.state, "bounced")

    def test_a_report_repeated_or_without_an_own_message_id(self):
        source = self.bounce((b"Message-Id: <20260529090009", b"X-Message-Id: <20260529090009"))
        for _time in range(3):
            self.process(source)
        self.assertEqual(self.delivery.state, "bounced")
        self.assertEqual(self.reminder.error.count(ADDRESS), 2)  # the line's and the server's

    def test_a_deleted_reminder_leaves_the_report_to_odoo(self):
        source = self.bounce()
        self.delivery.sudo().unlink()
        self.process(source)
        self.assertEqual(self.customer.message_bounce, 1)
