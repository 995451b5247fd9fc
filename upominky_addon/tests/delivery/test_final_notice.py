"""SPEC rule 40: a final notice is complete, approved by somebody else, and sent as approved."""

import re
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user

from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..paper.test_letter_pages import PaperCommon

ONE_DAY = timedelta(days=1)


class FinalCommon(PaperCommon):
    """A company and a customer of which all is known; the first level is a final notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"company_registry": "27082440", "country_id": cls.cz().id})
        cls.customer.company_registry = "25596641"
        cls.level.write({"is_final": True, "deadline_days": 14})
        cls.first, cls.second = (
            new_test_user(
                cls.env,
                login,
                "upominky_addon.group_user",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for login in ("first_eyes", "second_eyes")
        )

    def owed(self, amount=12100, partner=None, **values):
        return self.invoice(partner, amount, due=30, payment_reference="20260114", **values)

    def issued_by(self, user, moves):
        with self.on(TODAY), self.enter_registry_test_mode():
            action = moves.with_user(user).action_upominky_issue()
            self.env["upominky.issue"].with_user(user).browse(action["res_id"]).action_issue()
        return self.reminders().filtered(lambda r: r.line_ids.move_id <= moves)

    def approve(self, reminders, user=None):
        with self.on(TODAY):
            return reminders.with_user(user or self.second).action_approve()


class TestFinalNotice(FinalCommon):
    # ------------------------------------------------------------------ levels

    def test_rule_40_a_final_level_always_needs_approval_and_carries_its_letter(self):
        self.assertTrue(self.level.requires_approval and self.level.attach_letter)
        for values in ({"requires_approval": False}, {"attach_letter": False}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "final notice"):
                self.level.write(values)
        values = {"rule_id": self.rule.id, "order": 9, "name": "Last", "is_final": True}
        level = self.env["upominky.level"].create({**values, "send": False})
        self.assertEqual((level.deadline_days, level.requires_approval), (14, True))
        self.assertFalse(self.env["upominky.level"].new().is_final)

    def test_rule_34_a_final_level_gives_seven_days_at_least(self):
        for days in (0, 3, 6):
            with self.subTest(days), self.assertRaisesRegex(ValidationError, "at least 7"):
                self.level.deadline_days = days
        self.level.deadline_days = 7
        other = self.rule.level_ids[1]
        other.deadline_days = 3
        with self.assertRaisesRegex(ValidationError, "gives 3 days to pay"):
            other.is_final = True

    def test_rule_40_the_form_of_a_level_sets_what_it_implies(self):
        with Form(self.rule.level_ids[1], "upominky_addon.view_upominky_level_form") as form:
            form.is_final = True
            self.assertEqual(form.deadline_days, 14)
            self.assertTrue(form.requires_approval and form.attach_letter)

    # ---------------------------------------------------------------- complete

    def test_rule_40_each_thing_that_is_missing_is_named_with_a_link(self):
        self.owed()
        reminder = self.generate()
        self.assertFalse(reminder.final_gaps)
        for record, values, words in (
            (self.customer, {"street": False}, "Odběratel s.r.o. has no street"),
            (self.customer, {"city": " "}, "Odběratel s.r.o. has no city"),
            (self.customer, {"zip": False}, "Odběratel s.r.o. has no postal code"),
            (self.customer, {"country_id": False}, "Odběratel s.r.o. has no country"),
            (self.customer, {"company_registry": False}, "Odběratel s.r.o. has neither a number"),
            (self.company.partner_id, {"street": False}, "Dopravce s.r.o. has no street"),
            (self.company.partner_id, {"company_registry": False, "vat": False}, "has neither"),
        ):
            with self.subTest(words), self.env.cr.savepoint() as savepoint:
                record.write(values)
                self.env.invalidate_all()
                self.assertIn(words, reminder.final_gaps)
                self.assertIn(f'href="/odoo/res.partner/{record.id}"', reminder.final_gaps)
                with self.assertRaisesRegex(UserError, words):
                    self.approve(reminder)
                savepoint.rollback()
            self.env.invalidate_all()
        self.approve(reminder)
        self.assertEqual(reminder.state, "issued")

    def test_rule_40_without_an_account_it_is_not_approved(self):
        self.company.partner_id.bank_ids.unlink()
        self.company_data["default_journal_bank"].bank_account_id = False
        self.owed(partner_bank_id=False)
        reminder = self.generate()
        with self.assertRaisesRegex(UserError, "no bank account to pay to in CZK"):
            self.approve(reminder)
        self.assertEqual(reminder.state, "to_approve")

    def test_rule_40_what_went_missing_after_the_approval_is_told_and_nothing_is_sent(self):
        self.owed()
        reminder = self.generate()
        self.approve(reminder)
        self.customer.zip = False
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual((reminder.state, reminder.approved_date), ("to_approve", False))
        self.assertIn("has no postal code", reminder.error)
        self.customer.zip = "602 00"
        self.approve(reminder)
        self.assertFalse(reminder.error)

    def test_rule_40_of_many_the_incomplete_ones_alone_are_left_out(self):
        other = self.new_customer("Bez sídla", "bez@sidla.example")
        self.owed()
        self.owed(partner=other)
        reminders = self.generate()
        told = self.approve(reminders)
        self.assertEqual(sorted(reminders.mapped("state")), ["issued", "to_approve"])
        self.assertIn("Bez sídla has no street", told["params"]["message"])

    # --------------------------------------------------------------- four eyes

    def test_rule_40_who_issued_it_may_not_approve_it_where_four_eyes_are_wanted(self):
        reminder = self.issued_by(self.first, self.owed())
        self.company.upominky_four_eyes = True
        with self.assertRaisesRegex(UserError, "issued by .*first_eyes.*, who may not approve"):
            self.approve(reminder, self.first)
        self.assertEqual(reminder.state, "to_approve")
        self.approve(reminder, self.second)
        self.assertEqual(reminder.state, "issued")

    def test_rule_40_off_by_default_and_what_the_job_issued_anybody_approves(self):
        self.assertFalse(self.company.upominky_four_eyes)
        reminder = self.issued_by(self.first, self.owed())
        self.approve(reminder, self.first)
        self.assertEqual(reminder.state, "issued")
        self.company.upominky_four_eyes = True
        self.owed(partner=self.whole("Jiná s.r.o."))
        by_job = self.generate()
        self.approve(by_job, self.first)
        self.assertEqual(by_job.state, "issued")

    def whole(self, name):
        """Return another customer of which all is known."""
        return self.customer.copy({"name": name, "email": "jina@jina.example"})

    def test_rule_40_of_many_one_approves_those_of_others(self):
        mine = self.issued_by(self.first, self.owed())
        theirs = self.issued_by(self.second, self.owed(partner=self.whole("Jiná s.r.o.")))
        self.company.upominky_four_eyes = True
        told = self.approve(mine | theirs, self.first)
        self.assertEqual((mine.state, theirs.state), ("to_approve", "issued"))
        self.assertIn("may not approve it too", told["params"]["message"])

    # ---------------------------------------------------------------- approved

    def test_rule_40_what_was_approved_is_sent_also_on_another_day(self):
        self.owed()
        reminder = self.generate()
        self.approve(reminder)
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + 3 * ONE_DAY)
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1), reminder.error)
        self.assertEqual(reminder.deadline, TODAY + 17 * ONE_DAY)
        text = " ".join(pages(reminder.letter_id.sudo().raw))
        for words in ("27082440", "25596641", "Krátká 2", "602 00", "20260114", "12,100.00"):
            self.assertIn(words, text)

    def test_rule_40_what_changed_since_is_approved_anew(self):
        move = self.owed()
        reminder = self.generate()
        for what, act in (
            ("paid in part", lambda: self.pay(move, 100)),
            ("another text", lambda: self.level.mail_template_id.write({"subject": "Pay!"})),
            ("another seat", lambda: self.customer.write({"street": "Nová 3"})),
            (
                "a letter of its own",
                lambda: reminder.with_user(self.first).action_change_letter("Hi", "<p>Pay</p>"),
            ),
        ):
            with self.subTest(what):
                self.approve(reminder)
                self.assertEqual(reminder.state, "issued")
                with self.enter_registry_test_mode():
                    act()
                self.check_goes_back(reminder)

    def check_goes_back(self, reminder):
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn("has changed since it was approved", reminder.error)
        self.assertFalse(reminder.next_try or reminder.send_run_id or reminder.approved_word)

    def test_rule_40_issued_before_its_level_was_final_it_needs_approval_too(self):
        self.level.write({"is_final": False, "requires_approval": False})
        self.owed()
        reminder = self.generate()
        self.level.is_final = True
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "to_approve")
        self.assertIn("nobody has approved", reminder.error)

    def test_rule_40_who_gets_it_later_gets_what_was_approved(self):
        """What one contact has stays as it is: nothing goes back."""
        second = "druhy@odberatel.example"
        self.customer.email = f"fakturace@odberatel.example, {second}"
        move = self.owed()
        reminder = self.generate()
        self.approve(reminder)
        with smtp_inbox(self.env, {second: "451 later"}) as inbox:
            self.send()
            self.pay(move, 100)
            inbox.answers.clear()
            self.send(TODAY + ONE_DAY)
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 2))

    def test_rule_40_it_is_marked_as_sent_only_once_it_is_approved(self):
        self.owed()
        reminder = self.generate()
        with self.on(TODAY):
            with self.assertRaisesRegex(UserError, "approve it first"):
                reminder.with_user(self.first).action_mark_sent(way="post")
            self.approve(reminder)
            reminder.with_user(self.first).action_mark_sent(way="post")
        self.assertEqual((reminder.state, reminder.deadline), ("sent", TODAY + 14 * ONE_DAY))

    def test_rule_40_both_parties_stand_on_the_letter_once(self):
        self.owed()
        reminder = self.generate()
        body = "<p>Pay.</p><t t-out='object.invoice_table'/>"
        named = "<p><t t-out='object.creditor_text'/></p><p><t t-out='object.debtor_text'/></p>"
        for template, times in ((body, 1), (named + body, 0)):
            with self.subTest(times=times), self.on(TODAY):
                self.level.mail_template_id.body_html = template
                self.env.invalidate_all()
                page = re.sub("</?span[^>]*>", "", reminder._letter_page(TODAY))
                self.assertEqual(page.count('class="parties"'), times)
                debtor = "Odběratel s.r.o., Krátká 2, 602 00 Brno, Czech Republic, ID\u00a025596641"
                self.assertEqual(page.count(debtor), 1)

    def test_rule_40_other_levels_are_as_they_were(self):
        self.level.write({"is_final": False, "attach_letter": False})
        self.customer.street = False
        self.owed()
        reminder = self.generate()
        self.assertFalse(reminder.final_gaps)
        self.approve(reminder)
        self.assertFalse(reminder.approved_word)
        self.assertNotIn("Czech Republic", reminder.creditor_text)
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(reminder.state, "sent")


class TestFinalNoticeSettings(FinalCommon):
    def test_rule_40_a_manager_switches_four_eyes_on(self):
        action = self.env["upominky.settings"].action_open()
        settings = self.env["upominky.settings"].browse(action["res_id"])
        self.assertFalse(settings.four_eyes)
        settings.four_eyes = True
        self.assertTrue(self.company.upominky_four_eyes)
