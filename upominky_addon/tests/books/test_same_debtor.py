"""Whose history it is: a contact that comes to belong to a company stays the same debtor."""

from datetime import timedelta

from odoo import Command

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestSameDebtor(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.new_customer("Jan Novák", "jan@novak.example", is_company=False)
        cls.firm = cls.new_customer("Novák s.r.o.", "firma@novak.example")
        cls.resend = cls.env["upominky.rule"].create(
            {
                "name": "Summary",
                "company_id": cls.company.id,
                "event": "resend",
                "level_ids": [
                    Command.create(
                        {
                            "order": 1,
                            "name": "Summary",
                            "days_overdue": 10,
                            "mail_template_id": cls.rule.level_ids[0].mail_template_id.id,
                        }
                    )
                ],
            }
        )

    def mail(self, day):
        with smtp_inbox(self.env) as inbox:
            self.send(day)
        return inbox

    def reminded(self):
        """Mail the contact a reminder, then let it become a contact of the firm."""
        move = self.invoice(self.contact, due=10)
        reminder = self.generate()
        self.mail(TODAY)
        self.assertEqual(reminder.state, "sent")
        self.contact.parent_id = self.firm
        self.assertEqual(self.contact.commercial_partner_id, self.firm)
        return move

    def post_again(self, move, **values):
        with self.on(TODAY + timedelta(days=1)):
            move.button_draft()
            move.write(values)
            move.action_post()

    def test_rule_05_the_history_goes_on_when_its_invoice_is_posted_again(self):
        for name, values in (("unchanged", {}), ("for the firm", {"partner_id": self.firm.id})):
            with self.subTest(name):
                self.contact.parent_id = False
                self.resend.active = False
                move = self.reminded()
                self.post_again(move, **values)
                self.assertEqual(move.upominky_level, 1)
                self.assertFalse(self.generate(TODAY + timedelta(days=2)))
                second = self.generate(TODAY + timedelta(days=14))
                self.assertEqual((second.partner_id, second.level_order), (self.firm, 2))
                move.button_draft()

    def test_rule_05_receivables_made_anew_keep_the_history_of_the_same_debtor(self):
        move = self.reminded()
        before = move.line_ids.filtered("date_maturity")
        move.button_draft()
        before.with_context(dynamic_unlink=True, check_move_validity=False).unlink()
        move.invoice_line_ids.price_unit = 13000
        move.action_post()
        self.assertEqual(move.upominky_level, 1)
        self.assertTrue(move.upominky_line_ids.move_line_id)

    def test_rule_24_the_summary_lists_what_the_contact_was_reminded_of(self):
        for again in (False, True):
            with self.subTest(posted_again=again):
                self.contact.parent_id = False
                move = self.reminded()
                if again:
                    self.post_again(move)
                found = self.generate(TODAY + timedelta(days=9))
                self.assertFalse(found)
                summary = self.generate(TODAY + timedelta(days=10))
                self.assertEqual((summary.event, summary.line_ids.move_id), ("resend", move))
                self.assertEqual(summary.partner_id, self.firm)
                # It was the customer's last mail: the next one waits for it.
                self.assertFalse(self.generate(TODAY + timedelta(days=11)))
                summary.action_cancel("Done")
                move.button_draft()

    def test_rule_24_a_summary_by_hand(self):
        move = self.reminded()
        with self.on(TODAY + timedelta(days=1)):
            found = self.resent(self.firm)
        self.assertEqual(found.line_ids.move_id, move)

    def test_rule_17_what_waits_to_be_sent_is_issued_anew_to_the_firm(self):
        """It names the contact as the debtor: nobody got it yet, so the firm gets it instead."""
        self.invoice(self.contact, due=10)
        reminder = self.generate()
        self.contact.parent_id = self.firm
        inbox = self.mail(TODAY)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("another customer", reminder.cancel_reason)
        again = self.generate()
        self.assertEqual((again.partner_id, again.level_order), (self.firm, 1))
        inbox = self.mail(TODAY)
        self.assertEqual(inbox.recipients, ["jan@novak.example"])

    def test_rule_26_the_firm_shows_the_reminders_of_its_contact(self):
        self.reminded()
        self.assertEqual(self.firm.upominky_reminder_count, 1)
        found = self.env["upominky.reminder"].search(
            self.firm.action_open_upominky_reminders()["domain"]
        )
        self.assertEqual(len(found), 1)
