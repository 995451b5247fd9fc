"""SPEC rules 18, 19, 21 and 23: what comes back through Odoo's gateway lands on its delivery."""

from unittest.mock import patch

import psycopg2

from ...core.receipt import Reported
from ..common import TODAY, UpominkyCommon, smtp_inbox
from ..core.test_core_receipt import ADDRESS, parse, raw

SECOND = "jana@odberatel.example"


class InboundCommon(UpominkyCommon):
    """A company with an alias domain, and a reminder that was sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "dopravce.example", "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )

    def sent_one(self, addresses=ADDRESS, answers=None):
        self.customer.email = addresses
        self.invoice(due=10)
        with smtp_inbox(self.env, answers):
            reminder = self.generate()
            self.send()
        return reminder

    def comes_back(self, name, delivery, hour=11, **values):
        """Feed a fixture about a delivery to the gateway."""
        values = {"message_id": delivery.message_id, "envelope_id": "", **values}
        return self.process(raw(name, **values), hour)

    def process(self, source, hour=11):
        with self.on(TODAY, hour):
            result = self.env["mail.thread"].message_process(None, source)
        self.env.invalidate_all()
        return result

    def each(self, cases):
        """Yield cases, each in a world of its own."""
        for case in cases:
            with self.subTest(case=case), self.env.cr.savepoint() as savepoint:
                yield case
                savepoint.rollback()
            self.env.invalidate_all()

    def bring_to(self, delivery, state):
        """Have a delivery be in a state, as if it had come there."""
        self.env.cr.execute(
            "UPDATE upominky_delivery SET state = %s WHERE id = %s", [state, delivery.id]
        )
        self.env.invalidate_all()


class TestInbound(InboundCommon):
    def test_rule_21_reports_of_every_system_land_on_the_delivery(self):
        reminder = self.sent_one()
        delivery = reminder.delivery_ids
        self.assertEqual(delivery.state, "sent")
        cases = (
            ("dsn_postfix_delivered", "delivered", "delivered_at"),
            ("dsn_exchange_delivered", "delivered", "delivered_at"),
            ("dsn_postfix_relayed", "sent", None),
            ("dsn_sendmail_expanded", "sent", None),
            ("dsn_postfix_delayed", "sent", None),
            ("plain_exim_delayed", "sent", None),
            ("dsn_postfix_failed", "bounced", None),
            ("dsn_exim_failed", "bounced", None),
            ("dsn_microsoft365_failed", "bounced", None),
            ("dsn_gmail_failed", "bounced", None),
            ("plain_exim_failed", "bounced", None),
            ("plain_qmail_failed", "bounced", None),
            ("plain_czech_failed", "bounced", None),
            ("mdn_outlook_displayed", "read", "read_at"),
            ("mdn_thunderbird_displayed", "read", "read_at"),
            ("mdn_outlook_deleted", "delivered", None),
        )
        for name, state, moment in self.each(cases):
            self.assertFalse(self.comes_back(name, delivery))
            self.assertEqual(delivery.state, state)
            bounced = state == "bounced"
            self.assertEqual(reminder.state, "failed" if bounced else "sent")
            self.assertEqual(reminder.delivery_state, state)
            self.assertEqual(bool(delivery.error), bounced)
            for field in ("delivered_at", "read_at"):
                self.assertEqual(bool(delivery[field]), field == moment, field)
            if not bounced:
                self.assertEqual(self.customer.message_bounce, 0)
            self.assertFalse(self.env["mail.mail"].search([("email_to", "ilike", "odberatel")]))

    def test_rule_21_odoo_counts_a_bounce_on_the_contact_once(self):
        delivery = self.sent_one().delivery_ids
        for _time in range(2):
            self.comes_back("dsn_postfix_failed", delivery)
        self.assertEqual(self.customer.message_bounce, 1)

    def test_rule_21_a_late_message_never_moves_a_state_backwards(self):
        delivery = self.sent_one().delivery_ids
        reports = {
            "delivered": "dsn_postfix_delivered",
            "relayed": "dsn_postfix_relayed",
            "delayed": "dsn_postfix_delayed",
            "failed": "dsn_postfix_failed",
            "displayed": "mdn_outlook_displayed",
            "deleted": "mdn_outlook_deleted",
        }
        self.assertEqual(set(reports), {event.value for event in Reported})
        settled = {
            "delivered": "delivered",
            "relayed": "sent",
            "delayed": "sent",
            "failed": "bounced",
            "displayed": "read",
            "deleted": "delivered",
        }
        table = {
            "uncertain": settled,
            "sending": settled,
            "sent": settled,
            "delivered": {"displayed": "read"},
            "read": {},
            "bounced": {},
            "failed": {},
            "cancelled": {},
            "queued": {},
        }
        cases = [(state, event) for state in table for event in reports]
        for state, event in self.each(cases):
            self.bring_to(delivery, state)
            self.comes_back(reports[event], delivery)
            self.assertEqual(delivery.state, table[state].get(event, state))

    def test_rule_21_a_report_is_known_by_its_envid_then_by_its_message_id(self):
        first, second = (self.sent_one().delivery_ids for _number in range(2))
        forged = f"{first.id}-{'0' * 32}"
        unknown = "<nobody-knows-it@elsewhere.example>"
        cases = (
            ("ENVID alone", unknown, first._envelope_id(), first),
            ("upper case, as some relays write it", unknown, first._envelope_id().upper(), first),
            ("ENVID before Message-ID", second.message_id, first._envelope_id(), first),
            ("Message-ID alone", first.message_id, "", first),
            ("a made-up ENVID", second.message_id, forged, second),
            ("somebody else's ENVID", second.message_id, "QQ314159", second),
            ("an ENVID beyond all numbers", second.message_id, f"{'9' * 18}-{'a' * 32}", second),
        )
        for _name, message_id, envelope_id, expected in self.each(cases):
            self.comes_back(
                "dsn_postfix_delivered", first, message_id=message_id, envelope_id=envelope_id
            )
            self.assertEqual((first | second).filtered(lambda d: d.state == "delivered"), expected)

    def test_rule_21_never_by_the_address_alone(self):
        delivery = self.sent_one().delivery_ids
        for name in ("dsn_postfix_failed", "dsn_gmail_failed", "plain_qmail_failed"):
            self.comes_back(name, delivery, message_id="<other@elsewhere.example>")
        self.assertEqual(delivery.state, "sent")

    def test_rule_21_a_copy_decides_nothing_and_is_named_in_the_history(self):
        self.rule.level_ids[0].extra_email = "archiv@dopravce.example"
        reminder = self.sent_one()
        copy = reminder.delivery_ids.filtered("is_copy")
        self.comes_back("dsn_postfix_failed", copy)
        self.assertEqual(copy.state, "bounced")
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Copy to archiv@dopravce.example", reminder.error)
        self.assertIn("archiv@dopravce.example: The message came back", self.history(reminder))

    # --------------------------------------------------------------- bounces

    def history(self, reminder):
        return " ".join(reminder.message_ids.mapped("body"))

    def test_rule_18_a_bounce_of_the_only_contact_fails_the_reminder(self):
        reminder = self.sent_one()
        move = reminder.line_ids.move_id
        self.comes_back("dsn_postfix_failed", reminder.delivery_ids)
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(
            reminder.error,
            f"{ADDRESS}: The message came back: 550 5.1.1 <{ADDRESS}>: Recipient address rejected: "
            "User unknown in virtual mailbox table. Correct the address, then retry.",
        )
        self.assertIn("User unknown in virtual mailbox table", self.history(reminder))
        self.assertFalse(reminder.sent_date)
        self.assertFalse(reminder.next_try)  # nobody sends it again by itself
        self.assertTrue(reminder.line_ids.counted)
        # Rule 7: it holds its invoice at that level.
        self.assertFalse(self.generate(TODAY.replace(month=9)))
        # Rule 22: with a new address it is sent, and the next level counts from that day.
        self.customer.email = "nova@odberatel.example"
        day = TODAY.replace(month=8)
        with smtp_inbox(self.env) as inbox, self.on(day):
            reminder.action_retry()
        self.assertEqual(inbox.recipients, ["nova@odberatel.example"])
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", day))
        self.assertEqual(move.upominky_level, 1)

    def test_rule_18_one_of_two_contacts_bounces(self):
        reminder = self.sent_one(f"{ADDRESS}, {SECOND}")
        first, second = reminder.delivery_ids.sorted("id")
        self.comes_back("dsn_postfix_failed", first)
        self.assertEqual((reminder.state, reminder.delivery_state), ("sent", "sent"))
        self.assertIn(f"{ADDRESS}: The message came back", reminder.error)
        self.assertNotIn(SECOND, reminder.error)
        self.assertIn("The message came back", self.history(reminder))
        self.assertEqual(reminder.sent_date, TODAY)
        self.comes_back("mdn_outlook_displayed", second)
        self.assertEqual((reminder.state, reminder.delivery_state), ("sent", "read"))
        self.assertIn(ADDRESS, reminder.error)

    def test_rule_18_both_contacts_bounce(self):
        reminder = self.sent_one(f"{ADDRESS}, {SECOND}")
        for delivery in reminder.delivery_ids:
            self.comes_back("plain_qmail_failed", delivery)
        self.assertEqual((reminder.state, reminder.delivery_state), ("failed", "bounced"))
        self.assertIn(ADDRESS, reminder.error)
        self.assertIn(SECOND, reminder.error)

    def test_rule_18_the_other_contact_was_refused_at_once(self):
        reminder = self.sent_one(f"{ADDRESS}, {SECOND}", {SECOND: "550 No such user"})
        self.assertEqual(reminder.state, "sent")
        self.comes_back("dsn_gmail_failed", reminder.delivery_ids.filtered(lambda d: d.sent_at))
        self.assertEqual(reminder.state, "failed")

    def test_a_bounce_says_nothing_against_what_reached_the_customer_by_hand(self):
        reminder = self.sent_one()
        self.bring_to(reminder.delivery_ids, "uncertain")
        reminder.sudo().state = "issued"
        with self.on(TODAY):
            reminder.action_mark_sent()
        self.comes_back("dsn_postfix_failed", reminder.delivery_ids)
        self.assertEqual(reminder.delivery_ids.state, "bounced")
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", TODAY))
        self.assertIn("The message came back", self.history(reminder))

    def test_a_cancelled_reminder_stays_cancelled(self):
        reminder = self.sent_one()
        reminder.action_cancel("Agreed by phone")
        for name in ("dsn_postfix_delivered", "mdn_outlook_displayed"):
            self.comes_back(name, reminder.delivery_ids)
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(reminder.delivery_ids.state, "read")

    # ----------------------------------------------------------------- notes

    def test_a_delay_and_an_unread_deletion_are_noted_in_the_history(self):
        reminder = self.sent_one()
        self.comes_back("dsn_postfix_delayed", reminder.delivery_ids)
        self.assertIn("Connection timed out", self.history(reminder))
        self.assertFalse(reminder.error)
        self.comes_back("mdn_outlook_deleted", reminder.delivery_ids)
        self.assertIn("was not displayed (deleted)", self.history(reminder))
        self.comes_back("mdn_outlook_displayed", reminder.delivery_ids)
        self.assertEqual(reminder.delivery_state, "read")

    # ------------------------------------------------------------- uncertain

    def test_rule_23_a_report_settles_what_was_uncertain(self):
        cases = (
            ("dsn_postfix_delivered", "delivered", "sent"),
            ("dsn_postfix_relayed", "sent", "sent"),
            ("dsn_postfix_delayed", "sent", "sent"),
            ("mdn_outlook_displayed", "read", "sent"),
            ("dsn_postfix_failed", "bounced", "failed"),
        )
        reminder = self.sent_one()
        delivery = reminder.delivery_ids
        for name, state, outcome in self.each(cases):
            self.env.cr.execute(
                "UPDATE upominky_delivery SET state = 'uncertain', sent_at = NULL, error = 'Lost'"
            )
            self.env.cr.execute(
                "UPDATE upominky_reminder SET state = 'issued', sent_date = NULL WHERE id = %s",
                [reminder.id],
            )
            self.env.invalidate_all()
            self.comes_back(name, delivery)
            self.assertEqual((delivery.state, reminder.state), (state, outcome))
            self.assertEqual(bool(delivery.sent_at), outcome == "sent")
            self.assertEqual(reminder.sent_date, TODAY if outcome == "sent" else False)
            self.assertNotIn("Lost", reminder.error or "")

    def test_rule_23_a_report_before_the_worker_wrote_its_result(self):
        """The worker's own result comes late, and changes nothing."""
        reminder = self.sent_one()
        delivery = reminder.delivery_ids
        run = self.env["upominky.run"].sudo().search([], limit=1)
        self.bring_to(delivery, "sending")
        reminder.sudo().send_run_id = run
        self.comes_back("dsn_postfix_delivered", delivery)
        self.assertEqual(delivery.state, "delivered")
        self.assertEqual(reminder.send_run_id, run)  # the worker has it in hand still
        self.assertFalse(delivery.sudo()._set_state("sent"))
        self.assertEqual(delivery.state, "delivered")

    def test_rule_23_a_receipt_in_the_middle_of_the_workers_statement(self):
        delivery = self.env.registry["upominky.delivery"]
        original = delivery._set_state
        clashes = []

        def clash_once(deliveries, state, guard=None, **values):
            if state == "sent" and not clashes:
                clashes.append(state)
                raise psycopg2.errors.SerializationFailure("could not serialize access")
            return original(deliveries, state, guard, **values)

        with patch.object(delivery, "_set_state", clash_once):
            reminder = self.sent_one()
        self.assertEqual((clashes, reminder.state), (["sent"], "sent"))

    # ---------------------------------------------------- what is no report

    def test_rule_19_ordinary_replies_land_in_the_history_of_the_reminder(self):
        reminder = self.sent_one()
        message = reminder.delivery_ids.mail_message_id
        self.assertIn("catchall@dopravce.example", message.reply_to)
        self.comes_back("reply", reminder.delivery_ids)
        self.assertIn("zaplatíme v pondělí", self.history(reminder))
        self.assertEqual(reminder.delivery_ids.state, "sent")

    def test_automatic_replies_are_neither_bounces_nor_receipts(self):
        reminder = self.sent_one()
        source = raw("auto_reply", reminder.delivery_ids.message_id)
        for to in ("bounce", "catchall"):
            self.process(source.replace(b"bounce@", to.encode() + b"@"))
            self.assertEqual((reminder.state, reminder.delivery_state), ("sent", "sent"))
            self.assertFalse(reminder.delivery_ids.error)
        self.assertEqual(self.customer.message_bounce, 0)
        self.assertIn("mám dovolenou", self.history(reminder))

    def test_an_unrelated_bounce_is_still_odoos(self):
        reminder = self.sent_one()
        partner = self.new_customer("Other", "other@other.example")
        message = partner.message_post(
            body="Hello",
            message_type="comment",
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        source = raw("dsn_postfix_failed", message.message_id, "")
        self.process(source.replace(ADDRESS.encode(), b"other@other.example"))
        self.assertEqual(partner.message_bounce, 1)
        self.assertEqual(message.notification_ids.notification_status, "bounce")
        self.assertEqual(reminder.delivery_ids.state, "sent")

    def test_texts_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.company.partner_id.lang = "cs_CZ"
        delivery = self.sent_one().delivery_ids
        thread = self.env["mail.thread"]
        message = parse(raw("dsn_postfix_failed", delivery.message_id))
        found = thread._upominky_find_reported(message)[0]
        self.assertEqual((found, found.env.lang), (delivery, "cs_CZ"))
