"""SPEC rules 32 and 33: what rules of notices and of thanks may say, and what they ship with."""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form

from ..common import TODAY, UpominkyCommon

TEMPLATES = {"issue": "level_1", "resend": "resend", "notice": "notice", "thanks": "thanks"}


class TestEventRules(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everything = cls.env["upominky.rule"].with_context(active_test=False)

    @contextmanager
    def refused(self, sentence):
        """Expect a refusal with a sentence; what was written before it is undone."""
        with self.assertRaises(ValidationError) as caught:  # Odoo's own, with a savepoint
            yield
        self.assertIn(sentence, str(caught.exception))

    def shipped(self, event, company=None):
        domain = [("company_id", "=", (company or self.company).id), ("event", "=", event)]
        return self.everything.search(domain)

    def new_rule(self, event, **level):
        template = self.company._upominky_template(f"mail_template_{TEMPLATES[event]}")
        values = {"days_overdue": -3, "mail_template_id": template.id, **level}
        return self.env["upominky.rule"].create(
            {"name": "Own", "event": event, "level_ids": [Command.create(values)]}
        )

    def test_rules_32_33_both_ship_switched_off_with_a_text_of_the_companys_own(self):
        company = self.env["res.company"].create({"name": "Nová s.r.o."})
        for event, days in (("notice", -3), ("thanks", 0)):
            with self.subTest(event):
                rule = self.shipped(event, company)
                self.assertEqual((len(rule), rule.active), (1, False))
                level = rule.level_ids
                self.assertEqual((level.days_overdue, level.deadline_days), (days, 0))
                default = self.env.ref(f"upominky_addon.mail_template_{event}")
                self.assertEqual(level.mail_template_id.upominky_default_id, default)
                self.assertEqual(level.mail_template_id.upominky_company_id, company)
                rule.sudo().active = True

    def test_rules_32_33_companies_of_before_get_them_once(self):
        companies = self.company | self.env["res.company"].create({"name": "Nová s.r.o."})
        self.shipped("thanks").unlink()
        for _again in range(2):
            companies.sudo()._upominky_add_friendly_rules()
            for company in companies:
                events = sorted(self.shipped_events(company))
                self.assertEqual(events, ["issue", "notice", "resend", "thanks"])
        self.assertFalse(self.shipped("thanks").active)

    def shipped_events(self, company):
        return self.everything.search([("company_id", "=", company.id)]).mapped("event")

    def test_bad_days_are_refused_with_what_to_enter(self):
        for event, days, sentence in (
            ("notice", 1, "notice before the due date, and would come 1 days after"),
            ("notice", 30, "a negative number: -3 for three days before"),
            ("notice", -367, "-366 at least"),
            ("thanks", -1, "its days count from the payment, and it says -1"),
            ("thanks", 8, "from 0, the day of the payment, to 7"),
            ("issue", -3, "Enter 1 or more"),
            ("resend", 0, "Enter 1 or more"),
        ):
            with self.subTest(event=event, days=days), self.refused(sentence):
                self.new_rule(event, days_overdue=days)
        for event, days in (("notice", 0), ("notice", -366), ("thanks", 0), ("thanks", 7)):
            with self.subTest(event=event, days=days):
                self.assertTrue(self.new_rule(event, days_overdue=days))

    def test_another_event_asks_for_other_days(self):
        rule = self.new_rule("issue", days_overdue=7)
        with self.refused("notice before the due date"):
            rule.event = "notice"
        level = [Command.update(rule.level_ids.id, {"days_overdue": -5})]
        rule.write({"event": "notice", "level_ids": level})
        self.assertEqual((rule.event, rule.level_ids.days_overdue), ("notice", -5))
        with self.refused("Enter 1 or more"):
            rule.event = "issue"

    def test_rules_32_33_they_have_one_level_and_no_time_line(self):
        rule = self.new_rule("notice")
        self.assertFalse(rule.timeline)
        with self.refused("exactly one level"):
            rule.level_ids = [Command.create({"order": 2, "days_overdue": -1, "send": False})]

    def test_without_a_template_they_are_not_switched_on(self):
        for event, days in (("notice", -3), ("thanks", 0)):
            with self.subTest(event):
                with self.refused("has no message template"):
                    self.new_rule(event, days_overdue=days, mail_template_id=False)
                if event == "notice":
                    mute = {"mail_template_id": False, "send": False, "send_letter": True}
                    with self.refused("has no message template"):
                        self.new_rule(event, **mute)
                rule = self.shipped(event)
                rule.level_ids.mail_template_id = False
                with self.refused("or archive the rule"):
                    rule.active = True

    def test_what_is_not_late_bears_no_interest_and_no_costs(self):
        for event, days in (("notice", -3), ("thanks", 0)):
            for asked in ({"flat_cost": 1200}, {"interest": "statutory"}):
                with self.subTest(event=event, asked=asked), self.refused("is no reminder"):
                    self.new_rule(event, days_overdue=days, **asked)
        with self.refused("nothing to pay that a letter could"):
            self.new_rule("thanks", days_overdue=0, attach_letter=True)

    def test_a_new_rule_begins_with_the_level_that_ships_with_its_event(self):
        template = self.shipped("notice").level_ids.mail_template_id
        rules = self.env["upominky.rule"].with_context(upominky_copy_levels=True)
        with Form(rules) as form:
            form.name = "Own"
            self.assertEqual(len(form.level_ids._records), 4)
            form.event = "notice"
            self.assertEqual([row["days_overdue"] for row in form.level_ids._records], [-3])
        self.assertEqual(form.record.level_ids.mail_template_id, template)

    def test_rules_32_33_no_level_of_them_counts_for_readiness(self):
        self.rule.active = False
        self.shipped("notice").active = self.shipped("thanks").active = True
        readiness = self.env["upominky.readiness"].new({"company_id": self.company.id})
        self.assertFalse(readiness._sending_levels())


class TestEventPreviews(UpominkyCommon):
    def shown(self, event, customer=None):
        rules = self.env["upominky.rule"].with_context(active_test=False)
        domain = [("company_id", "=", self.company.id), ("event", "=", event)]
        level = rules.search(domain).level_ids
        there = self.env["upominky.level.preview"].sudo()
        with self.on(TODAY):
            chosen = there._default_customer(level) if customer is None else customer
            return chosen, there._make(level.id, chosen.id, False)

    def test_rule_32_a_notice_shows_what_will_be_due(self):
        move = self.invoice(amount=1234, due=-2)
        customer, shown = self.shown("notice")
        self.assertEqual(customer, self.customer)
        self.assertFalse(shown["note"])
        self.assertIn(move.name, shown["body_html"])
        self.assertIn("1,234.00", shown["body_html"])
        self.assertNotIn("Days overdue", shown["body_html"])

    def test_rule_32_what_is_overdue_is_not_in_it(self):
        self.invoice(amount=1234, due=5)
        customer, shown = self.shown("notice", self.customer)
        self.assertIn("nothing that this message could be about", shown["note"])
        self.assertNotIn("1,234.00", shown["body_html"])
        self.assertEqual(shown["email_to"], customer.email)

    def test_rule_33_thanks_are_made_up(self):
        customer, shown = self.shown("thanks")
        self.assertFalse(customer)
        self.assertIn("made up", shown["note"])
        text = " ".join(str(shown["body_html"]).split())
        self.assertIn("your payment has arrived: invoice INV/", text)
        self.assertIn("Thank you for your payment", shown["subject"])
        _customer, shown = self.shown("thanks", self.customer)
        self.assertEqual(shown["email_to"], self.customer.email)
