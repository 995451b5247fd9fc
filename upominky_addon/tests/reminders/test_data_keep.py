"""Data that lives on: what is archived, merged or deleted around the reminders."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestKeep(UpominkyCommon):
    def mailed(self):
        """Issue what is due today and mail it."""
        reminders = self.generate()
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        return reminders

    # ------------------------------------------------------------------- deleting

    def test_what_reminders_need_is_not_deleted_and_the_reason_says_what_to_do(self):
        self.invoice(due=8)
        user = new_test_user(self.env, "signer", "base.group_user", company_id=self.company.id)
        self.rule.level_ids[1].sender_id = user
        reminder = self.generate()
        for record, sentence in (
            (self.rule, f"{reminder.name}.*Archive the rule"),
            (reminder.level_id, f"{reminder.name}.*not sent yet.*cancel it first"),
            (self.rule.level_ids[1].mail_template_id, "uses it. Choose another template"),
            (user, "sends in that name.*archive the user"),
        ):
            with self.subTest(record=record), self.assertRaisesRegex(UserError, sentence):
                record.unlink()

    def test_a_customer_with_reminders_is_not_deleted(self):
        self.invoice(due=8).button_draft()  # Odoo itself keeps customers of posted invoices
        self.env["upominky.reminder"].sudo().create(
            {
                "name": "UP/1",
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "issue_date": TODAY,
                "state": "cancelled",
            }
        )
        self.env["account.move"].search([("partner_id", "=", self.customer.id)]).unlink()
        with self.assertRaisesRegex(UserError, "UP/1.*Archive the customer"):
            self.customer.unlink()

    def test_a_level_whose_reminders_are_sent_can_be_deleted(self):
        self.invoice(due=8)
        reminder = self.mailed()
        reminder.level_id.unlink()
        self.assertEqual((reminder.level_order, reminder.state), (1, "sent"))
        self.assertFalse(self.generate(TODAY + timedelta(days=1)))
        self.assertEqual(self.generate(TODAY + timedelta(days=14)).level_order, 2)
        self.assertEqual(Form(reminder).name, reminder.name)

    def test_a_company_that_did_nothing_yet_can_be_deleted_as_before(self):
        company = self.env["res.company"].create({"name": "By mistake"})
        rules = self.env["upominky.rule"].with_context(active_test=False)
        sequences = self.env["ir.sequence"].search([("company_id", "=", company.id)])
        self.assertTrue(sequences)
        company.unlink()
        self.assertFalse(rules.search([("company_id", "=", company.id)]))
        self.assertFalse(sequences.exists())

    # ------------------------------------------------------------------- merging

    def merge(self, *partners):
        """Merge contacts into the first of them."""
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [partner.id for partner in partners], partners[0]
        )
        self.env.invalidate_all()

    def test_merged_customers_go_on_together(self):
        twin = self.new_customer("Odběratel", "fakturace@odberatel.example")
        mine, hers = self.invoice(due=8), self.invoice(twin, due=8)
        reminders = self.mailed()
        self.assertEqual(len(reminders), 2)
        self.rule.copy({"partner_ids": [Command.set((self.customer | twin).ids)]})
        self.company.upominky_pilot_partner_ids = self.customer | twin
        twin.upominky_hold_until = TODAY
        self.merge(self.customer, twin)
        self.assertEqual(reminders.exists().partner_id, self.customer)
        self.assertEqual(self.customer.upominky_hold_until, TODAY)
        self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer)
        again = self.generate(TODAY + timedelta(days=14))
        self.assertEqual(again.level_order, 2)
        self.assertEqual(again.line_ids.move_id, mine | hers)

    def test_rule_24_customers_who_both_got_a_summary_that_day_can_be_merged(self):
        twin = self.new_customer("Odběratel", "fakturace@odberatel.example")
        summaries = (
            self.env["upominky.reminder"]
            .sudo()
            .create(
                [
                    {
                        "name": f"UP/{number}",
                        "company_id": self.company.id,
                        "partner_id": partner.id,
                        "rule_id": self.rule.id,
                        "event": "resend",
                        "issue_date": TODAY,
                        "state": "sent",
                        "sent_date": TODAY,
                    }
                    for number, partner in enumerate(self.customer | twin)
                ]
            )
        )
        self.env.flush_all()
        self.merge(self.customer, twin)
        self.assertEqual(len(summaries.exists()), 2)
        self.assertEqual(summaries.partner_id, self.customer)

    # ------------------------------------------------------------------- archiving

    def surround(self):
        """Put all around the customer that can be archived.

        :return: its rule, the template of level 2, and what to archive by name
        """
        tag = self.env["res.partner.category"].create({"name": "Group"})
        self.customer.category_id = tag
        rule = self.rule.copy({"category_ids": [Command.set(tag.ids)], "sequence": 1})
        rule.sender_id = new_test_user(
            self.env, "leaver", "base.group_user", company_id=self.company.id, email="l@l.example"
        )
        template = rule.level_ids[1].mail_template_id
        return (
            rule,
            template,
            {
                "customer": self.customer,
                "tag": tag,
                "template": template,
                "user": rule.sender_id,
                "mail server": self.env["ir.mail_server"].create(
                    {"name": "Old", "smtp_host": "old.example"}
                ),
                "currency": self.eur,
                "journals": self.env["account.journal"].search(
                    [("company_id", "=", self.company.id)]
                ),
            },
        )

    def test_nothing_that_is_archived_breaks_a_job(self):
        """The next level goes out although all around the customer was put away."""
        rule, template, around = self.surround()
        self.invoice(due=8)
        self.invoice(due=8, currency=self.eur)
        first = self.mailed()
        self.assertEqual(first.rule_id, rule)
        for name, records in around.items():
            with self.subTest(name):
                records.flush_recordset()
                records.active = False
        second = self.generate(TODAY + timedelta(days=14))
        self.assertEqual((second.level_order, second.rule_id), (2, rule))
        self.assertEqual(set(second.currency_totals), {"CZK", "EUR"})
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=14))
            self.assertEqual(second.state, "failed")
            self.assertIn("is archived. Restore it", second.error)
            template.active = True
            with self.on(TODAY + timedelta(days=14)):
                second.action_retry()
            self.assertEqual(len(inbox.messages), 1, second.error)
            self.assertIn("ucetni@dopravce.example", inbox.messages[0]["From"])
        self.assertEqual(second.state, "sent")
        for reminder in first | second:
            self.assertIn("€", reminder.totals_text)
            self.assertEqual(Form(reminder).state, "sent")

    def test_reminders_of_an_archived_company_wait(self):
        self.invoice(due=8)
        reminder = self.generate()
        other = self.env["res.company"].search([("id", "!=", self.company.id)], limit=1)
        users = self.env["res.users"].with_context(active_test=False)
        users.search([("company_id", "=", self.company.id)]).write(
            {"company_ids": [Command.link(other.id)], "company_id": other.id}
        )
        self.company.active = False
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertFalse(inbox.messages)
            self.assertEqual(reminder.state, "issued")
            self.company.active = True
            self.send()
            self.assertEqual(len(inbox.messages), 1)
