"""The query that leaves out whoever waits says what core.candidates says."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import Command

from ...core.schedule import Level, Rule
from ...models.books import chosen as chosen_module
from ...models.books.facts import Covering
from ...models.rules.cover import Cover
from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestCandidates(UpominkyCommon):
    def candidates(self, day=TODAY):
        reader = self.env["upominky.reader"].sudo()
        with self.on(day):
            return reader._candidates(self.company, reader._facts(self.company, day))

    def test_rule_06_only_whoever_may_be_due_is_read(self):
        first, second = self.rule.level_ids[:2]
        self.assertEqual((first.days_overdue, second.days_overdue), (7, 21))
        self.invoice(due=6)
        self.assertEqual(self.candidates(), [])
        self.assertEqual(self.candidates(TODAY + timedelta(1)), self.customer.ids)

    def test_rules_05_to_07_after_a_reminder(self):
        self.invoice(due=30)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.assertEqual(self.candidates(TODAY + timedelta(14)), [], "not sent yet")
            self.send()
        self.assertEqual(reminder.state, "sent")
        for days, expected in (
            (0, []),
            (13, []),
            (14, self.customer.ids),
            (400, self.customer.ids),
        ):
            with self.subTest(days=days):
                self.assertEqual(self.candidates(TODAY + timedelta(days)), expected)
        self.rule.level_ids[1].auto_generate = False
        self.assertEqual(self.candidates(TODAY + timedelta(14)), [])

    def test_rule_28_a_skipped_level_counts_and_a_cancelled_one_does_not(self):
        self.invoice(due=30)
        reminder = self.generate()
        reminder.action_cancel("Not now")
        self.assertEqual(self.candidates(), self.customer.ids)

    def test_rule_08_what_is_not_mailed_counts_from_its_issue(self):
        self.rule.level_ids[0].send = False
        self.invoice(due=30)
        self.generate()
        self.assertEqual(self.candidates(TODAY + timedelta(13)), [])
        self.assertEqual(self.candidates(TODAY + timedelta(14)), self.customer.ids)

    def test_rule_04_a_rule_of_a_customer_counts_beside_one_of_a_tag_with_the_same_id(self):
        plain = {
            id: Covering(1, id, Rule(id, (Level(id, 1, days),))) for id, days in ((1, 1), (2, 90))
        }
        covers = {"issue": Cover({5: plain[1]}, {5: plain[2]}, None)}
        reader = self.env["upominky.reader"].sudo()
        facts = replace(reader._facts(self.company, TODAY), covers=covers)
        self.assertEqual({rule.id for rule in facts.rules("issue")}, {1, 2})

    def test_without_a_rule_nobody_is_read(self):
        self.invoice(due=30)
        self.env["upominky.rule"].search([]).sudo().active = False
        self.assertEqual(self.candidates(), [])

    def test_rule_24_whoever_had_the_last_mail_long_ago_may_get_a_summary(self):
        self.invoice(due=30)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
        self.rule.level_ids[1:].sudo().unlink()
        rules = self.env["upominky.rule"].with_context(active_test=False).sudo()
        resend = rules.search([("event", "=", "resend"), ("company_id", "=", self.company.id)])
        resend.active = True
        days = resend.level_ids.days_overdue
        self.assertEqual(self.candidates(TODAY + timedelta(days - 1)), [])
        self.assertEqual(self.candidates(TODAY + timedelta(days)), self.customer.ids)

    def test_customers_that_owe_are_told_where_they_are_few(self):
        owing = self.customer | self.new_customer("Druhý")
        contacts = owing.create([{"name": n, "parent_id": self.customer.id} for n in "ABC"])
        for debtor in owing | contacts:
            self.invoice(due=10, partner=debtor)
        self.invoice(due=-10, partner=self.new_customer("Nic po splatnosti"))
        reader = self.env["upominky.reader"].sudo()
        for at_most, found in ((5, owing.ids), (2, owing.ids), (1, None), (0, None)):
            with self.subTest(at_most=at_most):
                self.assertEqual(reader._owing_customers(self.company, TODAY, at_most), found)

    def test_some_customers_are_those_of_the_rule_and_of_short_messages_first(self):
        owing = self.customer | self.new_customer("Druhý") | self.new_customer("Třetí")
        for customer, count in zip(owing, (3, 1, 1), strict=True):
            for _turn in range(count):
                self.invoice(due=10, partner=customer)
        listing = self.rule.copy({"partner_ids": [Command.set(owing[2].ids)]})
        reader = self.env["upominky.reader"].sudo()
        for rule_id, found in (
            (None, owing[1] | owing[2] | owing[0]),
            (self.rule.id, owing[1] | owing[0]),
            (listing.id, owing[2]),
            (0x7FFFFFFF, owing.browse()),
        ):
            with self.subTest(rule=rule_id), patch.object(chosen_module, "GLANCE", 2):
                some = reader._some_due_customers(self.company, TODAY, rule_id)
                self.assertEqual(some, found.ids)
