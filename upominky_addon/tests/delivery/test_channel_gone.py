"""What waits or went by a channel whose add-on was uninstalled: rules 8, 17, 23 and 45."""

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.delivery.delivery import stays
from ..common import TODAY, UpominkyCommon, smtp_inbox

#: An address of the channel that is gone, which looks like one of an e-mail.
LOFT = "roof@pigeon.example"
GONE = "is not installed any more"
MORNING = f"{TODAY} 05:00:00"


@tagged("post_install", "-at_install", "upominky_addon")
class TestChannelGone(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.level = self.rule.level_ids[0]

    def issued_for_pigeons(self, beside_email=False):
        """Return a reminder as an add-on that brought pigeons left it, waiting to be sent."""
        self.level.send = beside_email
        self.invoice(amount=1000, due=10)
        reminder = self.generate()
        values = {"to_send": True, "next_try": MORNING, "other_recipients": self.others()}
        reminder.sudo().write(values if beside_email else {**values, "email_to": False})
        return reminder

    def others(self):
        return [["pigeon", LOFT, "en_US"]]

    def flown(self, reminder, state, **values):
        """Return a delivery by pigeon, as the database has it."""
        vals = {"reminder_id": reminder.id, "company_id": self.company.id, "email_to": LOFT}
        delivery = self.env["upominky.delivery"].sudo().create({**vals, "state": state, **values})
        delivery.flush_recordset()
        query = "UPDATE upominky_delivery SET channel = 'pigeon' WHERE id = %s"
        self.env.cr.execute(SQL(query, delivery.id))
        self.env.invalidate_all()
        return delivery

    def test_rule_08_what_was_not_to_be_mailed_is_not_mailed_instead(self):
        """Neither when nothing was tried yet, nor when it waits for another attempt."""
        for is_tried in (False, True):
            with self.subTest(is_tried=is_tried), smtp_inbox(self.env) as inbox:
                self.customer = self.new_customer(f"C{is_tried}", f"c{is_tried}@x.example")
                reminder = self.issued_for_pigeons()
                if is_tried:
                    self.flown(reminder, "queued", attempt=2)
                self.send()
                self.assertEqual((reminder.state, inbox.messages), ("failed", []))
                self.assertIn(GONE, reminder.error)

    def test_rule_22_a_person_sends_it_by_email(self):
        reminder = self.issued_for_pigeons()
        with smtp_inbox(self.env) as inbox:
            self.send()
            with self.on(TODAY):
                reminder.action_retry()
        self.assertEqual((reminder.state, reminder.error), ("sent", False))
        self.assertEqual(inbox.recipients, [self.customer.email])

    def test_a_person_is_told_what_an_email_lacks(self):
        reminder = self.issued_for_pigeons()
        self.customer.email = False
        with smtp_inbox(self.env):
            self.send()
            with self.on(TODAY):
                reminder.action_retry()
        self.assertEqual(reminder.state, "failed")
        self.assertIn("has no e-mail address", reminder.error)

    def test_what_goes_by_email_as_well_goes(self):
        reminder = self.issued_for_pigeons(beside_email=True)
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(inbox.recipients, [self.customer.email])

    def test_what_waits_goes_to_no_address_of_another_channel(self):
        """A pigeon that waits for its next attempt, beside an e-mail that arrived."""
        reminder = self.issued_for_pigeons(beside_email=True)
        with smtp_inbox(self.env) as inbox:
            self.send()
            waiting = self.flown(reminder, "queued", attempt=2)
            reminder.sudo().write({"other_recipients": self.others(), "next_try": MORNING})
            self.send()
        self.assertEqual(inbox.recipients, [self.customer.email])
        self.assertEqual((waiting.state, reminder.state), ("failed", "sent"))
        self.assertIn(GONE, waiting.error)

    def test_history_stays_true(self):
        """The policy of the channel's value leaves what was done by it."""
        reminder = self.issued_for_pigeons()
        delivery = self.flown(reminder, "sent")
        stays(delivery)
        self.assertEqual(delivery.channel, "pigeon")
        self.assertEqual(delivery.read(["channel", "state"])[0]["channel"], "pigeon")
        self.assertEqual(reminder.export_data(["delivery_ids/email_to"])["datas"], [[LOFT]])

    def test_what_nobody_knows_is_settled_by_a_person(self):
        reminder = self.issued_for_pigeons()
        delivery = self.flown(reminder, "uncertain")
        with self.on(TODAY):
            delivery.action_mark_sent()
        self.assertEqual((delivery.state, reminder.state), ("sent", "sent"))

    def test_what_is_not_sent_again_stays_uncertain(self):
        """A person is told that all its contacts have it; nobody was sent it again."""
        reminder = self.issued_for_pigeons(beside_email=True)
        with smtp_inbox(self.env) as inbox:
            self.send()
            delivery = self.flown(reminder, "uncertain")
            with self.on(TODAY):
                send = self.env["upominky.send"].sudo()
                refused = send._send_by_hand(reminder.sudo(), again=delivery)
        self.assertIn("all its contacts", refused[reminder.id])
        self.assertEqual((delivery.state, delivery.error), ("uncertain", False))
        self.assertEqual(len(inbox.messages), 1)

    def test_without_a_level_it_is_not_mailed_either(self):
        reminder = self.issued_for_pigeons()
        reminder.sudo().level_id = False
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual((reminder.state, inbox.messages), ("failed", []))
