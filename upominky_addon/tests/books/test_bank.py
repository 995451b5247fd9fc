"""Bank data too old: job 2 sends nothing, says so on the readiness page and once to a person."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, Form, new_test_user, tagged

from ...core.bank import is_too_old
from ..common import TODAY, UpominkyCommon, smtp_inbox


@tagged("post_install", "-at_install", "upominky_addon")
class TestCoreBank(BaseCase):
    def test_older_than_so_many_days_is_too_old(self):
        for age, most_days, too_old in (
            (0, 1, False),
            (1, 1, False),
            (2, 1, True),
            (400, 0, False),
            (400, -1, False),
            (None, 0, False),
            (None, 1, True),
        ):
            with self.subTest(age=age, most_days=most_days):
                last = None if age is None else TODAY - timedelta(days=age)
                self.assertEqual(is_too_old(last, most_days, TODAY), too_old)


class TestBank(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.chief = new_test_user(
            cls.env, "bank_chief", "upominky_addon.group_manager", company_id=cls.company.id
        )
        cls.rule.sender_id = cls.chief
        cls.chief.email = "chief@dopravce.example"

    def statement(self, day, journal=None):
        """Book a line of a bank statement."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or self.bank).id,
                "date": day,
                "amount": 1,
                "payment_ref": "Interest",
            }
        )

    def todos(self):
        domain = [("user_id", "=", self.chief.id), ("res_model", "=", "account.journal")]
        return self.env["mail.activity"].search(domain)

    def readiness(self):
        with self.on(TODAY, 10):
            page = self.env["upominky.readiness"].with_user(self.chief)
            page = page.browse(page.action_open()["res_id"])
            return page.line_ids.filtered(lambda line: line.code == "bank")

    def test_off_by_default(self):
        self.invoice(due=10)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), 1)
        self.assertFalse(self.readiness())

    def test_old_bank_data_hold_sending_and_fresh_ones_let_it_go_on(self):
        self.company.upominky_bank_days = 3
        self.statement(TODAY - timedelta(days=4))
        self.invoice(due=10)
        reminder = self.generate()  # issuing goes on
        with smtp_inbox(self.env) as inbox:
            for hour in (9, 10, 11):
                self.send(hour=hour)
            self.assertFalse(inbox.messages)
            self.assertEqual((reminder.state, reminder.error), ("issued", False))
            self.assertTrue(reminder.next_try)
            self.assertEqual(len(self.todos()), 1)  # once, not each time
            self.assertEqual(self.todos().res_id, self.bank.id)
            self.assertIn("more than 3 days old", self.todos().note)
            line = self.readiness()
            self.assertEqual(line.state, "missing")
            action = line.action_fix()
            self.assertEqual(action["res_model"], "account.journal")
            self.assertIn(self.bank, self.env["account.journal"].search(action["domain"]))

            self.statement(TODAY - timedelta(days=3))
            self.send(hour=12)
            self.assertEqual(len(inbox.messages), 1)
            self.assertEqual(reminder.state, "sent")
        self.assertFalse(self.todos())
        self.assertEqual(self.readiness().state, "done")

    def test_who_closed_the_to_do_is_told_anew_only_when_data_grow_old_again(self):
        self.company.upominky_bank_days = 3
        self.statement(TODAY - timedelta(days=4))
        self.send()
        self.todos().action_feedback()
        self.send(hour=10)
        self.assertFalse(self.todos())
        self.statement(TODAY)
        self.send(hour=11)
        self.send(TODAY + timedelta(days=4))
        self.assertEqual(len(self.todos()), 1)
        self.company.upominky_bank_days = 0
        self.send(TODAY + timedelta(days=4), hour=10)
        self.assertFalse(self.todos())

    def test_other_companies_go_on(self):
        other = self.env["res.company"].create({"name": "Other", "email": "o@other.example"})
        other.upominky_bank_days = 1
        self.assertFalse(other._upominky_last_bank_date())
        other.upominky_mode = "live"
        self.invoice(due=10)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), 1)
        self.assertTrue(other.upominky_bank_told)
        self.assertFalse(self.company.upominky_bank_told)

    def test_by_hand_is_refused_with_the_reason(self):
        self.company.upominky_bank_days = 3
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 10):
            with self.assertRaisesRegex(UserError, "No bank statement of .* is there"):
                reminder.action_send_now()
            reminder.action_mark_sent(way="post")  # nothing keeps a person from posting a letter
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "sent")

    def test_rule_17_what_waited_too_long_is_issued_anew_not_sent(self):
        self.company.upominky_bank_days = 3
        self.invoice(due=10)
        stale = self.generate()
        with smtp_inbox(self.env) as inbox:
            for days in range(9):
                self.send(TODAY + timedelta(days=days))
            self.assertEqual(stale.state, "issued")
            self.statement(TODAY + timedelta(days=9))
            self.send(TODAY + timedelta(days=9))
            self.assertFalse(inbox.messages)
            self.assertEqual(stale.state, "cancelled")
            fresh = self.generate(TODAY + timedelta(days=10))
            self.assertEqual(fresh.level_order, 1)
            self.send(TODAY + timedelta(days=10))
            self.assertEqual(len(inbox.messages), 1)

    def test_which_line_is_the_last(self):
        second = self.bank.copy({"name": "Second bank", "code": "BNK9"})
        cash = self.company_data["default_journal_cash"]
        with self.on(TODAY):
            last = self.company._upominky_last_bank_date
            self.assertIsNone(last())
            self.statement(TODAY - timedelta(days=9))
            self.assertEqual(last(), TODAY - timedelta(days=9))
            self.statement(TODAY - timedelta(days=5), second)
            self.assertEqual(last(), TODAY - timedelta(days=5))
            self.statement(TODAY + timedelta(days=3000))  # a typing error
            self.statement(TODAY, cash)
            self.assertEqual(last(), TODAY - timedelta(days=5))
            self.statement(TODAY - timedelta(days=1)).move_id.button_draft()
            self.assertEqual(last(), TODAY - timedelta(days=5))

    def test_a_branch_without_a_bank_journal_works_with_its_parents(self):
        self.statement(TODAY - timedelta(days=2))
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        with self.on(TODAY):
            self.assertEqual(branch._upominky_last_bank_date(), TODAY - timedelta(days=2))
            own = self.env["account.journal"].create(
                {"name": "Own", "code": "OWN", "type": "bank", "company_id": branch.id}
            )
            self.assertEqual(branch._upominky_bank_journals(), own)
            self.assertIsNone(branch._upominky_last_bank_date())

    def test_rule_03_days_are_the_companys_own(self):
        self.company.upominky_bank_days = 1
        self.statement(TODAY - timedelta(days=1))
        for hour, problem in ((21, False), (22, True)):  # midnight in Prague
            with self.subTest(hour=hour), freeze_time(datetime(2026, 5, 29, hour, 30)):
                self.assertEqual(bool(self.company._upominky_bank_problem()), problem)

    def test_who_is_responsible(self):
        self.assertEqual(self.company._upominky_responsible(), self.chief)
        self.chief.active = False
        other = self.company._upominky_responsible()
        self.assertTrue(other.has_group("upominky_addon.group_manager"))
        self.assertIn(self.company, other.company_ids)

    def test_managers_set_it(self):
        settings = self.env["upominky.settings"].with_user(self.chief)
        settings = settings.browse(settings.action_open()["res_id"])
        with Form(settings) as form:
            form.bank_days = 5
        self.assertEqual(self.company.upominky_bank_days, 5)
        self.assertIn("No bank statement", settings.warning)
        with self.assertRaisesRegex(ValidationError, "or 0"):
            settings.bank_days = -1
        general = Form(self.env["res.config.settings"].with_user(self.env.ref("base.user_admin")))
        self.assertIn("upominky_bank_days", general._values)
