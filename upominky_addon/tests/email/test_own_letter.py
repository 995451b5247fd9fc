"""SPEC rules 17, 20, 22, 29: a message is read, and changed, before it goes out."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox

WORDS = "<p>Vážená paní Nováková, <strong>voláme</strong> Vám v pátek.</p>"
SUBJECT = "Jen pro Vás: zaplaťte prosím"


class OwnLetterCommon(UpominkyCommon):
    def waiting(self, count=1, **level):
        """Issue a reminder that waits for approval."""
        self.rule.level_ids[0].write({"requires_approval": True, **level})
        self.move = self.invoice(due=10)
        reminders = self.generate()
        self.assertEqual(reminders.mapped("state"), ["to_approve"] * count)
        return reminders

    def shown(self, reminder):
        """Return the message as it would be sent."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            return reminder.preview_letter()

    def change(self, reminder, subject=SUBJECT, introduction=WORDS):
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            reminder.action_change_letter(subject, introduction)
        self.env.invalidate_all()

    def approve(self, reminder):
        with self.on(TODAY):
            reminder.action_approve()
        self.send()

    def assert_changed(self, inbox, index=-1):
        self.assertEqual(inbox.messages[index]["Subject"], SUBJECT)
        self.assertIn(WORDS, inbox.html(index))
        self.assertIn("voláme", inbox.text(index))
        for text in (inbox.html(index), inbox.text(index)):
            self.assertNotIn("slipped your attention", text)
            self.assertIn("12,100.00", text)


class TestReadBefore(OwnLetterCommon):
    def test_rule_20_what_is_read_is_what_is_sent(self):
        reminder = self.waiting(extra_email="copy@dopravce.example")
        shown = self.shown(reminder)
        self.assertFalse(shown["error"] or shown["note"])
        self.assertEqual(shown["copy_to"], "copy@dopravce.example")
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        index = next(i for i, m in enumerate(inbox.messages) if m["To"] == shown["email_to"])
        self.assertEqual(inbox.messages[index]["Subject"], shown["subject"])
        self.assertEqual(inbox.html(index).split(), str(shown["body_html"]).split())
        self.assertEqual(inbox.text(index).split(), shown["body_text"].split())

    def test_rule_20_it_is_read_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        shown = self.shown(self.waiting())
        self.assertEqual(shown["lang"], "cs_CZ")
        self.assertIn('lang="cs"', shown["body_html"])

    def test_rule_17_it_is_read_as_it_would_be_after_the_recheck(self):
        reminder = self.waiting()
        self.pay(self.move, 2100)
        self.assertIn("10,000.00", self.shown(reminder)["body_html"])
        self.pay(self.move)
        self.assertIn("Nothing would be sent", self.shown(reminder)["error"])
        self.assertEqual(reminder.state, "to_approve")

    def test_rule_20_the_frame_is_of_a_fixed_width_for_outlook_alone(self):
        """Word, with which Outlook draws, knows no ``max-width``; others read a comment."""
        page = self.shown(self.waiting())["body_html"]
        begin, end = page.index("<!--[if mso]><table"), page.index("<!--[if mso]></td>")
        self.assertIn('width="640"', page[begin : begin + 140])
        self.assertLess(begin, page.index("max-width: 640px"))
        self.assertLess(page.index("ucetni@dopravce.example"), end)

    def test_rule_20_reading_leaves_nothing_behind(self):
        reminder = self.waiting()
        messages = reminder.message_ids
        self.shown(reminder)
        self.env.invalidate_all()
        self.assertFalse(reminder.delivery_ids)
        self.assertEqual(reminder.message_ids, messages)

    def test_rule_20_what_is_out_is_no_more_to_be_read_before(self):
        reminder = self.waiting()
        with smtp_inbox(self.env):
            self.approve(reminder)
        self.assertFalse(reminder.is_unsent)
        self.assertIn("still to be sent", self.shown(reminder)["error"])

    def test_rule_28_the_next_one_follows_the_approved_one(self):
        other = self.new_customer("Druhý", "druhy@x.example")
        self.invoice(other, due=10)
        self.waiting(2)
        one, two = self.reminders().sorted("id", reverse=True)
        with self.on(TODAY):
            action = one.action_approve_next()
            self.assertEqual((one.state, two.state), ("issued", "to_approve"))
            self.assertEqual(action["tag"], "upominky_next")
            self.assertEqual(action["params"]["next"]["res_id"], two.id)
            last = two.action_approve_next()
        self.assertEqual(last["tag"], "display_notification")
        self.assertIn("None is left", last["params"]["message"])


class TestOwnLetter(OwnLetterCommon):
    def test_rule_20_what_was_written_is_what_goes_out(self):
        reminder = self.waiting(text_template="{{ number }}")
        self.change(reminder)
        shown = self.shown(reminder)
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        self.assert_changed(inbox)
        self.assertEqual(inbox.html().split(), str(shown["body_html"]).split())
        self.assertIn("is on its way", inbox.html())
        self.assertIn(WORDS, reminder.mail_body)

    def test_rule_17_also_after_the_recheck(self):
        reminder = self.waiting()
        self.change(reminder)
        self.credit_note(amount=100)
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        self.assertIn(WORDS, inbox.html())
        self.assertIn("12,000.00", inbox.html())

    def test_rule_22_also_after_a_retry(self):
        reminder = self.waiting()
        self.change(reminder)
        answers = {self.customer.email: "550 5.1.1 no such mailbox"}
        with smtp_inbox(self.env, answers) as inbox:
            self.approve(reminder)
            self.assertEqual(reminder.state, "failed")
            self.customer.email = "nova@odberatel.example"
            with self.on(TODAY, 10):
                reminder.action_retry()
        self.assertEqual(inbox.recipients, ["nova@odberatel.example"])
        self.assert_changed(inbox)

    def test_rule_18_each_contact_gets_it_as_it_was_written(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        person = self.env["res.partner"].create(
            {
                "name": "Jan",
                "email": "jan@odberatel.example",
                "lang": "cs_CZ",
                "parent_id": self.customer.id,
            }
        )
        self.rule.level_ids[0].write({"requires_approval": True, "contact": "both"})
        self.invoice(due=10, upominky_contact_id=person.id)
        reminder = self.generate()
        self.assertIn("Contacts of another language", self.shown(reminder)["note"])
        self.change(reminder)
        self.assertIn("changed by hand", self.shown(reminder)["note"])
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        self.assertEqual(len(inbox.messages), 2)
        for index in range(2):
            self.assert_changed(inbox, index)

    def test_rule_23_a_worker_that_has_the_old_one_in_hand_does_not_send_it(self):
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            act = self.act_at(
                "_mark_sending", lambda: reminder.action_change_letter(SUBJECT, WORDS)
            )
            with act:
                self.send()
            self.send(hour=10)
        self.assertEqual(len(inbox.messages), 1)
        self.assert_changed(inbox)

    def test_rule_20_the_templates_words_come_back(self):
        reminder = self.waiting()
        self.change(reminder)
        reminder.action_restore_letter()
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        self.assertIn("slipped your attention", inbox.html())
        self.assertNotIn(SUBJECT, inbox.messages[0]["Subject"])

    def test_rule_20_the_dialog_begins_with_what_would_be_sent(self):
        reminder = self.waiting()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            action = reminder.action_edit_letter()
            letter = self.env["upominky.letter"].browse(action["res_id"])
            self.assertIn("slipped your attention", letter.introduction)
            self.assertNotIn("12,100.00", letter.introduction)
            with Form(letter) as form:
                form.subject = SUBJECT
                form.introduction = WORDS
            letter.action_confirm()
        with smtp_inbox(self.env) as inbox:
            self.approve(reminder)
        self.assert_changed(inbox)

    def test_rule_20_it_is_noted_in_the_history(self):
        reminder = self.waiting()
        self.change(reminder)
        note = reminder.message_ids[0]
        self.assertIn(SUBJECT, note.body)
        self.assertIn("voláme", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)

    def test_rule_20_a_table_alone_gets_an_introduction(self):
        for body in (
            '<t t-out="object.invoice_table"/>',
            '<div><table><tr><td><t t-out="object.invoice_table"/></td></tr></table></div>',
            "<p>Zaplaťte.</p>",
        ):
            with self.subTest(body):
                reminder = self.waiting()
                reminder.level_id.mail_template_id.body_html = body
                self.change(reminder)
                shown = self.shown(reminder)
                self.assertEqual(shown["body_html"].count("voláme"), 1)
                self.assertEqual("12,100.00" in shown["body_html"], "invoice_table" in body)
                self.assertNotIn("Zaplaťte", shown["body_html"])
                reminder.action_cancel("Omyl")


class TestOwnLetterRefused(OwnLetterCommon):
    def test_rule_29_nothing_that_runs_goes_out(self):
        reminder = self.waiting()
        bad = (
            '<p onclick="x()">Dobrý den<script>alert(1)</script>'
            '<t t-out="object.company_id"/><a href="javascript:x()">a</a></p>'
        )
        self.change(reminder, "A\r\nBcc: x@x.example\u202e", bad)
        shown = self.shown(reminder)
        self.assertEqual(shown["subject"], "A Bcc: x@x.example")
        for part in ("onclick", "script", "t-out"):
            with self.subTest(part):
                self.assertNotIn(part, shown["body_html"])
        self.assertIn("Dobrý den", shown["body_html"])

    def test_rule_20_a_letter_says_something(self):
        reminder = self.waiting()
        for subject, text in (("", WORDS), (SUBJECT, ""), (SUBJECT, "<p><br></p>"), (" \n", WORDS)):
            with self.subTest(subject=subject, text=text), self.assertRaises(UserError):
                self.change(reminder, subject, text)
        with self.assertRaisesRegex(UserError, "too long"):
            self.change(reminder, SUBJECT, "<p>a</p>" * 6000)

    def test_rule_29_a_letter_that_is_far_too_long_is_refused_before_it_is_read(self):
        reminder = self.waiting()
        for words, subject, text in (
            ("introduction is too long: 300000", SUBJECT, " " * 300_000),
            ("subject is too long: 100000", "x" * 100_000, WORDS),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.change(reminder, subject, text)

    def test_rule_20_what_is_out_is_not_changed(self):
        reminder = self.waiting()
        with smtp_inbox(self.env):
            self.approve(reminder)
        for act in (reminder.action_edit_letter, reminder.action_restore_letter):
            with self.assertRaisesRegex(UserError, reminder.name):
                act()
        with self.assertRaisesRegex(UserError, reminder.name):
            self.change(reminder)

    def test_rule_29_only_who_may_send_changes_and_reads(self):
        reminder = self.waiting()
        clerk = new_test_user(
            self.env,
            "clerk@dopravce.example",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        mine = reminder.with_user(clerk)
        for act in (
            mine.preview_letter,
            mine.action_edit_letter,
            mine.action_restore_letter,
            mine.action_approve_next,
            lambda: mine.action_change_letter(SUBJECT, WORDS),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_rule_20_an_empty_template_is_refused(self):
        manager = new_test_user(
            self.env,
            "manager@dopravce.example",
            "upominky_addon.group_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        template = self.rule.level_ids[0].mail_template_id.with_user(manager)
        for body in (False, "", "<p><br/></p>", "<div>\n<p>&nbsp;</p><ul><li></li></ul></div>"):
            with self.subTest(body), self.assertRaisesRegex(ValidationError, template.name):
                template.body_html = body
        for body in ('<t t-out="object.invoice_table"/>', '<img src="https://x.example/a.png"/>'):
            with self.subTest(body):
                template.body_html = body

    def test_rule_20_an_empty_message_is_not_mailed(self):
        """Of a template that was saved before, or whose placeholders write nothing."""
        self.invoice(due=10)
        template = self.rule.level_ids[0].mail_template_id
        template.body_html = '<p><t t-out="object.company_phone"/></p>'
        self.company.phone = False
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "failed")
        self.assertIn(template.name, reminder.error)
