"""SPEC rule 36: the letter goes with the e-mails, and is kept with the reminder as it went out."""

import hashlib
from contextlib import nullcontext
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ...core.receipt import Reported
from ...models.delivery.letter import make
from ...models.delivery.worker import MAX_DEATHS
from ...models.letters import pdf
from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..rights import RightsCommon
from .test_letter_pages import PaperCommon

ADDRESS = "fakturace@odberatel.example"
SECOND = "druhy@odberatel.example"


class Killed(BaseException):
    """Stands for the death of the worker: nothing catches it."""


def letters_of(inbox):
    """Return the names and bytes of the PDFs of each message."""
    return [
        [
            (part.get_filename(), part.get_content())
            for part in message.iter_attachments()
            if part.get_content_type() == "application/pdf"
        ]
        for message in inbox.messages
    ]


class TestLetterKept(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.attach_letter = True
        cls.move = cls.invoice(due=10)

    def two_contacts(self):
        self.customer.email = f"{ADDRESS}, {SECOND}"

    def check_kept(self, reminder, data):
        letter = reminder.letter_id.sudo()
        self.assertEqual(letter.raw, data)
        self.assertEqual(reminder.letter_sha256, hashlib.sha256(data).hexdigest())
        self.assertEqual((letter.res_model, letter.res_id), (reminder._name, reminder.id))

    # ----------------------------------------------------------------- sent

    def test_rule_36_off_by_default_no_message_has_a_letter(self):
        self.assertFalse(self.rule.copy().level_ids[1].attach_letter)
        self.level.attach_letter = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        self.assertEqual(letters_of(inbox), [[]])
        self.assertFalse(reminder.letter_id or reminder.letter_sha256)

    def test_rule_36_the_message_carries_the_letter_and_it_is_kept_once(self):
        self.two_contacts()
        self.level.extra_email = "kopie@dopravce.example"
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.assertFalse(reminder.letter_id)
            self.send()
        ((name, data),), second, copy = letters_of(inbox)
        self.assertEqual(name, f"Reminder-{reminder.name.replace('/', '-')}.pdf")
        self.assertEqual([second, copy], [[(name, data)]] * 2)
        self.check_kept(reminder, data)
        (page,) = pages(data)
        self.assertIn(self.move.name, page)
        self.assertNotIn("Not sent yet", page)
        action = reminder.action_open_letter()
        self.assertEqual(action["url"], f"/web/content/{reminder.letter_id.id}")
        kept = reminder.delivery_ids.mail_message_id.attachment_ids
        self.assertEqual(kept, reminder.letter_id)

    def test_rule_36_no_letter_is_opened_that_did_not_go_out(self):
        reminder = self.generate()
        with self.assertRaisesRegex(UserError, "print it instead"):
            reminder.action_open_letter()

    def test_rule_36_it_is_in_the_language_of_the_reader_and_named_in_it(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        (((name, data),),) = letters_of(inbox)
        self.assertRegex(name, r"^[A-Z][a-z]+-UP[A-Z0-9-]+\.pdf$")
        self.assertIn("Zbývá uhradit", pages(data)[0])

    def test_rule_36_sent_again_it_is_the_very_same_file(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.pay(self.move, 100)
            self.level.write({"attach_letter": False})
            self.level.mail_template_id.body_html = "<p>Something else.</p>"
            with self.on(TODAY, 12), self.enter_registry_test_mode():
                reminder.action_send_again()
        first, again = letters_of(inbox)
        self.assertEqual(first, again)
        self.check_kept(reminder, first[0][1])

    def test_rule_36_one_that_went_out_without_gets_none_later(self):
        self.level.attach_letter = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.level.attach_letter = True
            with self.on(TODAY, 12), self.enter_registry_test_mode():
                reminder.action_send_again()
        self.assertEqual(letters_of(inbox), [[], []])

    def test_rule_36_a_contact_that_gets_it_later_gets_the_same(self):
        self.two_contacts()
        with smtp_inbox(self.env, {SECOND: "451 later"}) as inbox:
            self.generate()
            self.send()
            inbox.answers.clear()
            self.pay(self.move, 100)
            self.send(hour=12)
        first, later = letters_of(inbox)
        self.assertEqual(first, later)
        self.assertIn("12,100.00", inbox.text())

    def test_rule_36_one_that_came_back_stays_kept_beside_the_next(self):
        self.two_contacts()
        with smtp_inbox(self.env, {SECOND: "451 later"}) as inbox:
            reminder = self.generate()
            self.send()
            first = reminder.letter_id.sudo()
            mine = reminder.delivery_ids.filtered(lambda d: d.state == "sent")
            mine.sudo()._apply(Reported.FAILED, "550 nobody", named=True)
            self.pay(self.move, 100)
            self.send(hour=12)
            self.level.attach_letter = False
            inbox.answers.clear()
            self.send(hour=18)
        self.assertTrue(first.exists())
        self.assertIn(first, mine.mail_message_id.sudo().attachment_ids)
        with self.assertRaisesRegex(UserError, "nobody can change or delete"):
            first.unlink()

    def test_rule_36_no_caller_makes_a_letter_of_a_file(self):
        values = {"name": "a", "raw": b"b"}
        file = self.env["ir.attachment"].create({**values, "upominky_is_letter": True})
        file.write({"upominky_is_letter": True, "name": "c"})
        self.assertEqual((file.name, file.sudo().upominky_is_letter), ("c", False))
        file.unlink()

    def test_rule_36_one_that_nobody_got_follows_the_balance_as_its_message_does(self):
        with smtp_inbox(self.env, {ADDRESS: "451 later"}) as inbox:
            reminder = self.generate()
            self.send()
            before = reminder.letter_id
            self.pay(self.move, 100)
            inbox.answers.clear()
            self.send(hour=12)
        (((_name, data),),) = letters_of(inbox)
        self.assertIn("12,000.00", inbox.text())
        self.assertIn("12,000.00", pages(data)[0])
        self.check_kept(reminder, data)
        self.assertFalse(before.exists())

    def test_rule_36_a_retry_with_nothing_changed_makes_it_once(self):
        write = make.write_pdf
        with (
            smtp_inbox(self.env, {ADDRESS: "451 later"}) as inbox,
            patch.object(make, "write_pdf", side_effect=write) as made,
        ):
            reminder = self.generate()
            self.send()
            before = reminder.letter_id
            inbox.answers.clear()
            self.send(hour=12)
        self.assertEqual((made.call_count, reminder.letter_id), (1, before))
        self.assertEqual(reminder.delivery_ids.mail_message_id.attachment_ids, before)

    def test_rule_36_paid_while_the_letter_was_made_nothing_goes_out(self):
        acts = self.act_at("_mark_sending", lambda: self.pay(self.move))
        with smtp_inbox(self.env) as inbox, acts:
            reminder = self.generate()
            self.send()
        self.assertEqual(inbox.messages, [])
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(reminder.letter_id)
        files = [("res_model", "=", reminder._name), ("res_id", "=", reminder.id)]
        self.assertFalse(self.env["ir.attachment"].search(files))

    def test_rule_36_switched_off_before_it_is_sent_no_letter_is_kept(self):
        with smtp_inbox(self.env, {ADDRESS: "451 later"}) as inbox:
            reminder = self.generate()
            self.send()
            self.level.attach_letter = False
            inbox.answers.clear()
            self.send(hour=12)
        self.assertEqual(letters_of(inbox), [[]])
        self.assertFalse(reminder.letter_id)

    def test_rule_36_the_preview_names_the_letter(self):
        reminder = self.generate()
        with self.on(TODAY), self.enter_registry_test_mode():
            shown = reminder.preview_letter()
        self.assertEqual(shown["attached"], reminder._letter_file_name())
        self.assertFalse(reminder.letter_id)

    # --------------------------------------------------------------- errors

    def failed(self, trouble=None):
        """Send a reminder that has no letter, and one whose letter fails; return that."""
        other = self.new_customer("Second", "second@second.example")
        own = self.rule.copy({"partner_ids": [Command.set(other.ids)]}).level_ids[0]
        own.attach_letter = False
        self.invoice(other, due=10)
        with smtp_inbox(self.env) as inbox, trouble or nullcontext():
            reminders = self.generate()
            self.send()
        self.assertEqual(inbox.recipients, ["second@second.example"])
        return reminders.filtered(lambda r: r.partner_id == self.customer)

    @mute_logger("odoo.addons.upominky_addon.models.delivery.letter.make")
    def test_rule_36_what_cannot_be_made_fails_that_reminder_alone_with_a_sentence(self):
        missing = patch.object(pdf, "_library", side_effect=pdf.NoRendererError("no pango"))
        broken = patch.object(make, "write_pdf", side_effect=MemoryError("no memory"))
        for trouble, sentence in (
            (missing, "WeasyPrint, which cannot be used here: no pango. Have an administrator"),
            (broken, "cannot be made into a PDF: no memory"),
        ):
            with self.subTest(sentence), self.env.cr.savepoint() as savepoint:
                reminder = self.failed(trouble)
                self.assertEqual(reminder.state, "failed")
                self.assertIn(sentence, reminder.error)
                self.assertFalse(reminder.letter_id)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_36_a_level_is_not_switched_on_where_no_letter_can_be_made(self):
        level = self.rule.level_ids[1]
        no_library = patch.object(pdf, "_library", side_effect=pdf.NoRendererError("no pango"))
        with (
            no_library,
            self.assertRaisesRegex(ValidationError, f"“{level.name}” cannot have letters"),
        ):
            level.attach_letter = True
        with no_library:
            level.days_overdue = 30  # what is not about letters is as free as before

    @mute_logger("odoo.addons.upominky_addon.models.delivery.letter.make")
    def test_rule_36_a_template_that_fails_names_its_place(self):
        view = self.env.ref("upominky_addon.letter")
        arch = '<h1 position="after"><i t-out="doc.nothing_of_this"/></h1>'
        self.env["ir.ui.view"].create(
            {"type": "qweb", "name": "bad", "inherit_id": view.id, "arch": arch}
        )
        reminder = self.failed()
        self.assertEqual(reminder.state, "failed")
        self.assertIn("The letter cannot be written: ", reminder.error)
        self.assertIn("nothing_of_this", reminder.error)

    def call(self, poisoned):
        """Run job 2 once as one worker, which dies over a letter: what it committed stays.

        :return: whether it died
        """
        write = self.env.registry["upominky.reminder"]._letter_pdf

        def deadly(reminder, page):
            if reminder == poisoned:
                raise Killed
            return write(reminder, page)

        with patch.object(self.env.registry["upominky.reminder"], "_letter_pdf", deadly):
            sender = self.env["upominky.send"].sudo()
            sender._bury_dead()
            worker = sender._open_worker(self.company)
            for suspects in (False, True):
                while ids := sender._claim(self.company, worker, None, suspects):
                    try:
                        sender._send_slice(worker, ids)
                    except Killed:
                        return True
            sender._close_worker(worker)
        return False

    def test_rule_36_a_letter_that_kills_workers_fails_alone_and_with_a_sentence(self):
        for number in range(3):
            self.invoice(self.new_customer(f"Z{number}", f"z{number}@z.example"), due=10)
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 9):
            reminders = self.generate()
            poisoned = reminders.filtered(lambda r: r.partner_id == self.customer)
            deaths = [self.call(poisoned) for _time in range(MAX_DEATHS + 1)]
        self.assertEqual(deaths, [*[True] * MAX_DEATHS, False])
        self.assertEqual(set((reminders - poisoned).mapped("state")), {"sent"})
        self.assertEqual(len(inbox.messages), 3)
        self.assertEqual(poisoned.state, "failed")
        self.assertIn("stopped 3 times", poisoned.error)

    def test_rule_36_a_damaged_file_is_not_sent_again(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            reminder.sudo().letter_sha256 = "0" * 64
            with self.on(TODAY, 12), self.enter_registry_test_mode():
                reminder.action_send_again()
        self.assertEqual(len(inbox.messages), 1)
        again = reminder.delivery_ids.filtered("is_repeat")
        self.assertIn("is not what was kept when it went out", again.error)
        self.assertEqual(reminder.state, "sent")


class TestLetterRights(RightsCommon):
    def test_rule_36_nobody_changes_or_deletes_a_kept_letter(self):
        reminder = self.letter_of_ours()
        letter = reminder.letter_id.sudo()
        data = letter.raw
        for user in (*self.users.values(), self.env.ref("base.user_admin")):
            mine = letter.with_user(user)
            for act in (
                lambda mine=mine: mine.write({"raw": b"%PDF-1.7 other"}),
                lambda mine=mine: mine.write({"name": "other.pdf"}),
                lambda mine=mine: mine.write({"res_id": 1}),
                mine.unlink,
                lambda mine=mine: mine.with_context(upominky_unlocked=True).unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act()
        for act in (letter.unlink, lambda: letter.write({"datas": "AAAA"})):
            with self.assertRaisesRegex(UserError, f"the letter of {reminder.name}"):
                act()
        letter.write({"raw": data, "mimetype": letter.mimetype})  # as Odoo moves its files
        letter.generate_access_token()
        self.assertEqual(letter.raw, data)

    def test_rule_36_who_reads_the_reminder_reads_its_letter(self):
        reminder = self.letter_of_ours()
        for role, user in self.users.items():
            mine = reminder.with_user(user)
            with self.subTest(role):
                self.assertEqual(
                    reminder.letter_id.with_user(user).has_access("read"),
                    mine.has_access("read"),
                )

    def letter_of_ours(self):
        company = self.companies["ours"]
        reminders = self.env["upominky.reminder"].sudo()
        reminder = reminders.search([("company_id", "=", company.id)], limit=1)
        reminder._keep_letter("<p>A letter</p>")
        return reminder
