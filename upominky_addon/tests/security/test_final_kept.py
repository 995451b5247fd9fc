"""SPEC rule 40: once it is sent, nobody changes a final notice, by whatever way he tries."""

import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged

from ..common import TODAY, smtp_inbox
from ..delivery.test_final_notice import FinalCommon
from ..rights import RightsCommon

#: Fields of a reminder, with what somebody would like them to be.
WISHES = {
    "state": "cancelled",
    "deadline": "2030-01-01",
    "letter_id": False,
    "letter_sha256": "0" * 64,
    "letter_page": False,
    "sent_date": "2020-01-01",
    "approved_date": False,
    "approved_word": False,
    "currency_totals": {},
    "partner_id": 1,
}
#: What a caller may put into a context in the hope that it opens something.
CONTEXTS = (
    {},
    {"upominky_unlocked": True},
    {"tracking_disable": True, "mail_notrack": True},
    {"default_state": "issued", "upominky_levels_together": True},
)


class SentNotice:
    """One final notice that was sent."""

    @classmethod
    def fill(cls, company):
        company.write({"street": "Dlouhá 1", "zip": "110 00", "city": "Praha"})
        company.write({"company_registry": "27082440", "country_id": cls.env.ref("base.cz").id})

    def whole_customer(self):
        return self.new_customer(
            "Dlužník s.r.o.",
            "dluznik@dluznik.example",
            company_registry="25596641",
            street="Krátká 2",
            zip="602 00",
            city="Brno",
            country_id=self.env.ref("base.cz").id,
        )

    def sent_notice(self):
        level = self.rule.level_ids[0]
        level.write({"is_final": True, "deadline_days": 14})
        self.fill(self.company)
        if not self.company.partner_id.bank_ids:
            self.env["res.partner.bank"].create(
                {
                    "acc_number": "CZ65 0800 0000 1920 0014 5399",
                    "partner_id": self.company.partner_id.id,
                    "allow_out_payment": True,
                }
            )
        customer = self.whole_customer()
        self.rule.partner_ids = customer  # whatever other rules there are
        move = self.invoice(customer, due=30, payment_reference="20260114")
        reminder = self.generate().filtered(lambda r: move in r.line_ids.move_id)
        with self.on(TODAY):
            reminder.action_approve()
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder

    def said(self, reminder):
        """Return all that a notice is made of, as it is in the database."""
        self.env.invalidate_all()
        reminder = reminder.sudo()
        letter = reminder.letter_id
        return (
            {name: reminder[name] for name in WISHES},
            hashlib.sha256(letter.raw).hexdigest(),
            letter.read(["name", "res_id", "res_model", "mimetype", "create_date"]),
            reminder.line_ids.read(["amount_due", "due_date", "counted", "state"]),
            reminder.message_ids.filtered("attachment_ids").read(["body", "subject", "date"]),
            reminder.delivery_ids.read(["state", "email_to", "sent_at", "message_id"]),
        )


class TestFinalKept(SentNotice, RightsCommon):
    def attempts(self, reminder):
        """Yield what somebody may try, as pairs of a record and of a call."""
        lines, letter = reminder.line_ids, reminder.letter_id
        message = reminder.message_ids.filtered("attachment_ids")
        for name, value in WISHES.items():
            yield reminder, lambda one, n=name, v=value: one.write({n: v})
        for record in (reminder, lines, letter, message, reminder.delivery_ids):
            yield record, lambda one: one.unlink()
        yield reminder, lambda one: one.copy()
        yield lines, lambda one: one.write({"amount_due": 1.0})
        yield letter, lambda one: one.write({"raw": b"%PDF other"})
        yield letter, lambda one: one.write({"datas": "AAAA"})
        yield letter, lambda one: one.write({"res_id": 0})
        yield message, lambda one: one.write({"body": "Nothing."})
        yield message, lambda one: one.write({"attachment_ids": [(5,)]})
        yield reminder.delivery_ids, lambda one: one.write({"email_to": "a@b.example"})

    def test_rule_40_no_role_changes_what_was_sent_whatever_its_context_says(self):
        reminder = self.sent_notice().sudo()
        before = self.said(reminder)
        admin = self.env.ref("base.user_admin")
        for user in (*self.users.values(), admin):
            for context in CONTEXTS:
                for number, (record, act) in enumerate(self.attempts(reminder)):
                    mine = record.with_user(user).with_context(**context)
                    with self.subTest(user=user.login, context=context, number=number):
                        outcome = self.outcome(lambda one=mine, a=act: a(one))
                        self.assertIsInstance(outcome, AccessError | UserError)
        self.assertEqual(self.said(reminder), before)

    def test_rule_40_no_button_changes_what_was_sent(self):
        reminder = self.sent_notice()
        before = self.said(reminder)
        mine = reminder.with_user(self.users["manager"])
        for act in (
            lambda: mine.action_change_letter("Hi", "<p>Hi</p>"),
            mine.action_restore_letter,
            mine.action_approve,
            lambda: mine.action_mark_sent(way="post"),
            mine.action_cancel,
        ):
            outcome = self.outcome(act)
            self.assertIsInstance(outcome, UserError)
        self.assertEqual(self.said(reminder), before)


@tagged("post_install", "-at_install", "upominky_addon")
class TestFinalKeptRpc(SentNotice, FinalCommon, HttpCase):
    def test_rule_40_nor_does_anybody_over_rpc(self):
        reminder = self.sent_notice()
        before = self.said(reminder)
        self.second.password = "second_eyes"
        self.authenticate("second_eyes", "second_eyes")
        letter, message = reminder.letter_id, reminder.message_ids.filtered("attachment_ids")
        for model, method, *args in (
            *(("upominky.reminder", "write", reminder.ids, {n: v}) for n, v in WISHES.items()),
            ("upominky.reminder", "unlink", reminder.ids),
            ("upominky.reminder", "copy", reminder.ids),
            ("upominky.reminder", "_final_word", reminder.ids),
            ("upominky.reminder", "_back_to_approval", reminder.ids, "x"),
            ("ir.attachment", "write", letter.ids, {"raw": "AAAA"}),
            ("ir.attachment", "unlink", letter.ids),
            ("mail.message", "write", message.ids, {"body": "x"}),
            ("mail.message", "unlink", message.ids),
        ):
            kwargs = {"context": {"upominky_unlocked": True}}
            params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
            with self.subTest(model=model, method=method), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/web/dataset/call_kw", params, timeout=60)
        self.assertEqual(self.said(reminder), before)
