"""SPEC rule 29: what people and mail servers say is their words: no code, and no markup."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.base.said import read, say, verbatim
from ..common import TODAY
from ..rights import RightsCommon

#: What begins as a text that is kept by its codes does.
FORGED = {
    "another's sentence": '{"said": [["cancelled_by", {"user": "Jana"}]]}',
    "no JSON": '{"said": [',
    "no values": '{"said": [["cancelled_by", {}]]}',
    "no pair": '{"said": [5]}',
    "no mapping": '{"said": [["cancelled_by", ["a"]]]}',
    "no label": '{"said": [["cancelled_by", {"user": {"label": ["res.users", "zz", "a"]}}]]}',
    "no model": '{"said": [["cancelled_by", {"user": {"label": ["zz", "zz", "a"]}}]]}',
    "no day": '{"said": [["cancelled_by", {"user": {"day": "x"}}]]}',
    "nothing": '{"said": []}',
    "deep": '{"said": [' + "[" * 450,
}
LINK = '550 a<b <a href="http://evil.example">Klik</a>'


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersSaid(RightsCommon):
    def reason_after(self, cancel):
        """Return what a colleague reads of a reminder that a user cancelled, and undo it."""
        reminder = self.world["ours"]["upominky.reminder"]
        with self.env.cr.savepoint() as savepoint, self.on(TODAY):
            cancel(self.as_role(reminder, "user"))
            self.env.flush_all()
            self.env.invalidate_all()
            reason = self.as_role(reminder, "manager").read(["cancel_reason"])[0]["cancel_reason"]
            savepoint.rollback()
        self.env.invalidate_all()
        return reason

    def confirm(self, reminder, reason):
        chosen = {"reminder_ids": [Command.set(reminder.ids)], "afterwards": "again"}
        dialog = reminder.env["upominky.cancel"].create({**chosen, "reason": reason})
        return dialog.action_confirm()

    def test_rule_29_a_reason_is_read_as_it_was_typed(self):
        for kind, text in FORGED.items():
            with self.subTest(kind):
                told = self.reason_after(lambda r, t=text: r.action_cancel(t))
                self.assertEqual(told, text)
                self.assertEqual(self.reason_after(lambda r, t=text: self.confirm(r, t)), text)

    def test_a_kept_text_that_holds_no_codes_stops_no_reader(self):
        for kind, text in FORGED.items():
            with self.subTest(kind):
                self.assertIsInstance(read(self.env, text), str)
                self.assertEqual(read(self.env, verbatim(self.env, text).kept()), text)
        self.assertEqual(verbatim(self.env, "Omyl"), "Omyl")
        self.assertFalse(verbatim(self.env, False))

    def test_rule_29_half_a_character_in_a_reason_is_no_bare_error(self):
        told = self.reason_after(lambda r: r.action_cancel("Omyl \ud83d"))
        self.assertEqual(told, "Omyl \ufffd")

    def test_nobody_is_offered_groups_by_codes(self):
        names = ["cancel_reason", "error", "note"]
        offered = self.env["upominky.reminder"].fields_get(names, ["groupable"])
        self.assertFalse(any(field["groupable"] for field in offered.values()), offered)

    def test_rule_29_a_to_do_shows_words_and_no_links_of_others(self):
        company = self.companies["ours"].sudo()
        company.write({"name": LINK, "upominky_bank_days": 3})
        told = company._upominky_mail_tell(say(self.env, "sender_refused", words=LINK))
        for activity in (told, company._upominky_bank_tell()):
            with self.subTest(activity.summary):
                self.assertNotIn("<a", activity.note)
                self.assertIn("a&lt;b", activity.note)

    def test_rule_29_a_template_takes_no_file_that_its_maker_may_not_read(self):
        secret = self.world["other"]["upominky.reminder"].sudo().message_ids.attachment_ids[:1]
        templates = self.as_role(self.env["mail.template"], "manager")
        model = self.env["ir.model"]._get_id("upominky.reminder")
        self.assertTrue(secret)
        for command in (Command.set(secret.ids), Command.link(secret.id)):
            values = {"name": "x", "model_id": model}
            for context, more in (
                ({}, {"attachment_ids": [command]}),
                ({"default_attachment_ids": [command]}, {}),
            ):
                there = templates.with_context(**context)
                with self.subTest(context=context, command=command):
                    outcome = self.outcome(lambda t=there, v={**values, **more}: t.create(v))
                    self.assertIsInstance(outcome, AccessError)
