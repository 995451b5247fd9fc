"""SPEC rules 23 and 29: what was sent is kept as it was sent, whoever signed it."""

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import TODAY, smtp_inbox
from ..rights import RightsCommon
from . import test_rights_http

EVIL = "Nothing is owed"
#: The sender, those who work with reminders, and who may do most.
CALLERS = ("employee", "user", "manager", "system")


class MessagesCommon(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reminder = cls.world["ours"]["upominky.reminder"]
        cls.sender = cls.users["employee"]
        cls.sender.email = "odesilatel@dopravce.example"
        reminder.rule_id.sudo().sender_id = cls.sender
        reminder.level_id.sudo().sender_id = False
        reminder.delivery_ids.sudo().unlink()

    def send_one(self):
        """Send the reminder of our company in the sender's name, and return its message."""
        with smtp_inbox(self.env), self.on(TODAY):
            reminder = self.world["ours"]["upominky.reminder"]
            reminder.action_send_now()
        self.assertEqual(reminder.state, "sent", reminder.error)
        message = reminder.delivery_ids.mail_message_id
        self.assertEqual(message.author_id, self.sender.partner_id)
        return message


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersMessages(MessagesCommon):
    def changes(self):
        """Return what would change a message, by the field."""
        return {
            "body": f"<p>{EVIL}</p>",
            "subject": EVIL,
            "author_id": self.customer.id,
            "email_from": "evil@evil.example",
            "date": "2020-01-01 00:00:00",
            "message_id": "<evil@evil.example>",
            "message_type": "comment",
            "is_internal": True,
            "subtype_id": self.env.ref("mail.mt_note").id,
            "reply_to": "evil@evil.example",
            "attachment_ids": [[0, 0, {"name": "evil.txt", "raw": b"x"}]],
        }

    def test_rule_29_nobody_changes_what_was_sent(self):
        message = self.send_one()
        for role in CALLERS:
            mine = self.as_role(message, role)
            for name, value in self.changes().items():
                with self.subTest(role=role, field=name):
                    self.assertTrue(self.refused(lambda m=mine, v={name: value}: m.write(v)))
            with self.subTest(role=role, how="update"):
                update = self.world["ours"]["upominky.reminder"].with_user(self.users[role])
                error = self.outcome(
                    lambda u=update: u._message_update_content(message.sudo(), body=EVIL)
                )
                self.assertIsInstance(error, UserError)
            with self.subTest(role=role, how="unlink"):
                self.assertTrue(self.refused(mine.unlink))

    def test_rule_29_nobody_changes_what_was_done_or_answered(self):
        reminder = self.world["ours"]["upominky.reminder"]
        note = self.as_role(reminder, "user")._message_log(body="Cancelled by Jana")
        reply = reminder.sudo().message_post(
            body="Zaplatím",
            message_type="email",
            author_id=self.users["employee"].partner_id.id,
            subtype_xmlid="mail.mt_comment",
        )
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        changed = rule._message_log(body="Minimum: 0 → 100")
        for message, role in ((note, "user"), (reply, "employee"), (changed, "manager")):
            mine = self.as_role(message, role)
            with self.subTest(role=role):
                self.assertTrue(self.refused(lambda m=mine: m.write({"body": EVIL})))
                self.assertTrue(self.refused(mine.unlink))

    def test_what_a_person_wrote_is_his_to_correct(self):
        reminder = self.as_role(self.world["ours"]["upominky.reminder"], "user")
        message = reminder.message_post(body="Zavolno", message_type="comment")
        message.write({"body": "Zavoláno"})
        reminder._message_update_content(message, body="Zavoláno dnes")
        self.assertIn("Zavoláno dnes", message.body)

    def test_whoever_reads_it_may_mark_it(self):
        message = self.send_one()
        mine = self.as_role(message, "user")
        mine.toggle_message_starred()
        self.assertTrue(mine.starred)

    def test_other_messages_are_odoos(self):
        author = self.users["user"].partner_id
        message = self.customer.sudo().message_post(
            body="x", author_id=author.id, message_type="email_outgoing"
        )
        self.as_role(message, "user").write({"body": "y"})
        self.assertIn("y", message.body)

    def test_a_deleted_rule_takes_its_history_with_it(self):
        rule = self.world["ours"]["upominky.rule"].copy({"name": "Short-lived"})
        rule._message_log(body="x")
        messages = rule.message_ids
        self.as_role(rule, "manager").unlink()
        self.assertFalse(messages.exists())


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersMessagesHttp(MessagesCommon, HttpCase):
    login = test_rights_http.TestRightsHttp.login
    rpc = test_rights_http.TestRightsHttp.rpc

    @mute_logger("odoo.http")
    def test_rule_29_the_sender_does_not_change_his_reminder_over_rpc(self):
        message = self.send_one()
        body = message.body
        self.login("employee")
        attempts = (
            (
                "/mail/message/update_content",
                {"message_id": message.id, "update_data": {"body": EVIL, "attachment_ids": []}},
            ),
            (
                "/web/dataset/call_kw/mail.message/write",
                {
                    "model": "mail.message",
                    "method": "write",
                    "args": [[message.id], {"body": EVIL}],
                    "kwargs": {},
                },
            ),
            (
                "/web/dataset/call_kw/mail.message/web_save",
                {
                    "model": "mail.message",
                    "method": "web_save",
                    "args": [[message.id], {"message_type": "comment"}],
                    "kwargs": {"specification": {}},
                },
            ),
        )
        for route, params in attempts:
            with self.subTest(route=route):
                error, _answer = self.rpc(route, **params)
                self.assertTrue(error)
                message.invalidate_recordset()
                self.assertEqual(message.body, body)
                self.assertEqual(message.message_type, "email_outgoing")
