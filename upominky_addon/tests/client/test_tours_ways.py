from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from ..common import smtp_inbox
from ..tours import TourCase

WRONG = "wrong@odberatel.example"


def writable_requests():
    """Let a request that only reads open a cursor that writes, as it may outside of tests.

    Here all cursors share one connection, which would be told to be read-only: a preview could not
    issue the reminder that it takes back.
    """
    start = TestCursor.__init__

    def start_writable(self, cursor, lock, readonly, **options):
        start(self, cursor, lock, False, **options)

    return patch.object(TestCursor, "__init__", start_writable)


class WaysCase(TourCase):
    """One company, on the real clock, for which the server and the browser agree on the day."""

    def setUp(self):
        super().setUp()
        self.env.user.company_ids = self.company
        self.env.user.email = "ucetni@dopravce.example"
        self.today = fields.Date.today()
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for name in ("cron_generate", "cron_send"):
            self.env.ref(f"upominky_addon.{name}").nextcall = tomorrow
        self.move = self.overdue()

    def overdue(self, partner=None, amount=12100):
        return self.invoice(partner, amount, due=self.today - timedelta(days=10))


@tagged("post_install", "-at_install", "upominky_addon")
class TestFirstStepsTour(WaysCase):
    def test_from_the_install_to_the_first_reminder(self):
        """As after an install: no mail server, pilot mode, no pilot customer."""
        self.env.user.group_ids += self.env.ref("base.group_system")
        self.company.upominky_mode = "pilot"
        other = self.overdue(self.new_customer("Druhý s.r.o.", "f@druhy.example"))
        with smtp_inbox(self.env) as inbox, writable_requests():
            port = inbox.server.smtp_port
            inbox.server.unlink()
            self.tour(
                "",
                "upominky_first_steps",
                cookies={"smtp_port": str(port)},
                timeout=120,
            )
        self.env.invalidate_all()
        self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])
        self.assertEqual(self.reminders().line_ids.move_id, self.move)
        self.assertFalse(other.upominky_count)
        self.assertEqual(self.company.upominky_mode, "live")
        self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer)


@tagged("post_install", "-at_install", "upominky_addon")
class TestWays(WaysCase):
    """What an accountant does with one reminder or one invoice, in a real browser."""

    def test_a_failed_mail_is_mended_and_retried(self):
        self.customer.email = WRONG
        answers = {WRONG: "550 5.1.1 no such mailbox"}
        with smtp_inbox(self.env, answers) as inbox:
            reminder = self.generate(self.today)
            self.send(self.today)
            self.assertEqual(reminder.state, "failed")
            self.tour("upominky-overview", "upominky_mend_and_retry")
        self.assertEqual(inbox.recipients, ["right@odberatel.example"])
        self.assertEqual(reminder.state, "sent")

    def test_the_next_to_approve_opens_from_a_page_that_was_opened_by_its_address(self):
        """There Odoo could not switch: it was approved, and “Oops!” was all that was seen."""
        self.rule.level_ids[0].requires_approval = True
        other = self.new_customer("Druhý s.r.o.", "f@druhy.example")
        self.overdue(other)
        two, one = self.generate(self.today).sorted(lambda r: r.partner_id == other)
        with writable_requests():
            self.tour(f"upominky/{two.id}", "upominky_approve_by_address")
        self.assertEqual((two.state, one.state), ("issued", "to_approve"))

    def test_rule_20_reminders_are_read_changed_and_approved_one_after_the_other(self):
        self.rule.level_ids[0].requires_approval = True
        other = self.new_customer("Druhý s.r.o.", "f@druhy.example")
        self.overdue(other)
        two, one = self.generate(self.today).sorted("id")
        with smtp_inbox(self.env) as inbox:
            with writable_requests():
                self.tour("upominky", "upominky_read_and_approve")
            self.assertEqual(set((one | two).mapped("state")), {"issued"})
            self.send(self.today, 23)  # they were approved by the clock of the wall
        subjects = {message["To"]: message["Subject"] for message in inbox.messages}
        self.assertEqual(subjects[self.customer.email], "Jen pro Vás")
        self.assertNotEqual(subjects[other.email], "Jen pro Vás")
        index = list(subjects).index(self.customer.email)
        self.assertIn("Zavoláme v pátek", inbox.html(index))
        self.assertNotIn("slipped your attention", inbox.html(index))

    def test_rule_20_a_text_is_written_with_its_letter_beside_it(self):
        level = self.rule.level_ids[0]
        with writable_requests():
            self.tour(f"upominky.level/{level.id}", "upominky_template")
        body = level.mail_template_id.body_html
        self.assertIn("Please pay", body)
        self.assertIn('<t t-out="object.invoice_table"', body)
        self.assertFalse(self.reminders())

    def test_an_invoice_is_held_and_resumed(self):
        action = self.env.ref("account.action_move_out_invoice").id
        self.tour(f"action-{action}/{self.move.id}", "upominky_hold")
        self.assertEqual(self.move.upominky_hold_reason, "dispute")
        self.assertFalse(self.generate(self.today))
        self.tour(f"action-{action}/{self.move.id}", "upominky_resume")
        self.assertFalse(self.move.upominky_hold_reason)
        self.assertEqual(self.generate(self.today).line_ids.move_id, self.move)

    def test_rule_14_a_list_of_unpaid_invoices_is_sent(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate(self.today)
            self.send(self.today)
            self.tour(f"upominky/{reminder.id}", "upominky_resend")
        self.assertEqual(len(inbox.messages), 2)
        resent = self.reminders() - reminder
        self.assertEqual((resent.event, resent.state), ("resend", "sent"))

    def test_the_preview_tells_what_is_issued_and_what_is_not(self):
        self.overdue(amount=3500).upominky_hold_reason = "dispute"
        action = self.env.ref("upominky_addon.action_server_preview").id
        self.tour(f"action-{action}", "upominky_preview")
        self.assertFalse(self.reminders())
