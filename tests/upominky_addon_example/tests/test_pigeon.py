"""A channel of another add-on, as docs/extending.md says, beside e-mail and alone: rule 45."""

from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.upominky_addon.core.receipt import Reported
from odoo.addons.upominky_addon.models.base.said import read, say
from odoo.addons.upominky_addon.models.base.sentences import SENTENCES
from odoo.addons.upominky_addon.tests.common import TODAY, UpominkyCommon, smtp_inbox

LOFT = "Roof 7"
LOGS = [f"odoo.addons.upominky_addon.models.delivery.{name}" for name in ("send", "hand_over")]


@tagged("post_install", "-at_install", "upominky_addon")
class TestPigeon(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.customer.loft = LOFT
        self.level = self.rule.level_ids[0]
        self.level.send_pigeon = True
        self.flown, self.stop = [], None
        transport = type(self.env["upominky.transport.pigeon"])

        def let_fly(this, loft, slip):
            if self.stop:
                raise self.stop
            self.flown.append((loft, slip))

        self.startPatcher(patch.object(transport, "_let_fly", let_fly))

    def one(self):
        self.invoice(amount=1000, due=10)
        return self.generate()

    def states(self, reminder):
        deliveries = reminder.delivery_ids.sorted("id")
        return [(delivery.channel, delivery.state) for delivery in deliveries]

    def test_both_channels_bring_it_once(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.one()
            self.send()
            self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(self.states(reminder), [("email", "sent"), ("pigeon", "sent")])
        self.assertEqual(len(inbox.messages), 1)
        self.assertEqual([loft for loft, _slip in self.flown], [LOFT])
        self.assertIn("1,000.00", self.flown[0][1])

    def test_a_channel_that_raises_stops_no_other(self):
        """Whatever it raises, and wherever: each reminder has an end, and e-mail goes."""
        pigeon = type(self.env["upominky.transport.pigeon"])
        for place, state in (
            ("_hand_over", "uncertain"),
            ("_complete", "failed"),
            ("_make", "failed"),
        ):
            with self.subTest(place), smtp_inbox(self.env) as inbox, mute_logger(*LOGS):
                customers = [
                    self.new_customer(f"{place}{n}", f"{place}{n}@x.example", loft=LOFT)
                    for n in range(3)
                ]
                moves = self.env["account.move"]
                for customer in customers:
                    moves += self.invoice(customer, amount=1000, due=10)
                self.generate()
                reminders = moves.upominky_line_ids.reminder_id
                with patch.object(pigeon, place, side_effect=ZeroDivisionError("bug")):
                    self.send()
                self.assertEqual(len(inbox.messages), 3)
                for reminder in reminders:
                    self.assertEqual(self.states(reminder), [("email", "sent"), ("pigeon", state)])
                    self.assertIn("bug", reminder.error)

    def test_who_lacks_it_gets_it_again_and_nobody_else(self):
        for stop, state in ((ValueError("fog"), "failed"), (TimeoutError("storm"), "queued")):
            with self.subTest(state=state), smtp_inbox(self.env) as inbox:
                self.customer = self.new_customer(state, f"{state}@x.example", loft=LOFT)
                self.flown.clear()
                self.stop = stop
                reminder = self.one()
                self.send()
                self.assertEqual((reminder.state, self.flown), ("sent", []))
                self.assertEqual(self.states(reminder)[-1], ("pigeon", state))
                self.assertIn(f"The pigeon does not fly: {stop}.", reminder.error)
                self.stop = None
                with self.on(TODAY):
                    reminder.action_retry()
                self.assertEqual(self.states(reminder)[-1], ("pigeon", "sent"))
                self.assertEqual((len(inbox.messages), len(self.flown)), (1, 1))

    def test_the_pigeon_arrives_where_the_mail_does_not(self):
        address = self.customer.email
        with smtp_inbox(self.env, {address: "550 No such user"}):
            reminder = self.one()
            self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(self.states(reminder), [("email", "failed"), ("pigeon", "sent")])

    def test_a_channel_that_cannot_make_its_message_fails_alone(self):
        pigeon = type(self.env["upominky.transport.pigeon"])
        broken = patch.object(pigeon, "_make", side_effect=UserError("The slip is too small."))
        with smtp_inbox(self.env) as inbox, broken:
            reminder = self.one()
            self.send()
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))
        self.assertEqual(self.states(reminder), [("email", "sent"), ("pigeon", "failed")])
        self.assertIn("The slip is too small.", reminder.error)

    def test_an_archived_template_keeps_no_pigeon(self):
        self.level.mail_template_id.active = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.one()
            self.send()
        self.assertEqual((reminder.state, inbox.messages, len(self.flown)), ("sent", [], 1))
        self.assertEqual(self.states(reminder), [("email", "failed"), ("pigeon", "sent")])

    def test_a_worker_that_died_in_between_leaves_it_uncertain(self):
        sender = type(self.env["upominky.send"])
        with smtp_inbox(self.env), patch.object(sender, "_record"):
            reminder = self.one()
            self.send()
        self.assertEqual(self.states(reminder), [("email", "sending"), ("pigeon", "sending")])
        reminder.delivery_ids.run_id.sudo().state = "dead"
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(self.states(reminder), [("email", "uncertain"), ("pigeon", "uncertain")])
        self.assertEqual((len(inbox.messages), len(self.flown)), (0, 1))

    def test_it_is_written_in_the_language_of_its_reader(self):
        self.company.partner_id.lang, self.customer.lang = "cs_CZ", "en_US"
        with smtp_inbox(self.env):
            self.one()
            self.send()
        self.assertIn("left to pay", self.flown[0][1])

    def test_a_level_by_pigeon_alone(self):
        self.level.send = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.one()
            self.assertTrue(reminder.to_send)
            self.send()
        self.assertEqual((reminder.state, self.states(reminder)), ("sent", [("pigeon", "sent")]))
        self.assertEqual((inbox.messages, len(self.flown)), ([], 1))

    def test_what_a_pigeon_brought_is_in_the_history_as_sent(self):
        with smtp_inbox(self.env):
            reminder = self.one()
            self.send()
        mail, pigeon = reminder.delivery_ids.sorted("id")
        self.assertIn("1,000.00", pigeon.body)
        self.assertEqual(pigeon.subject, f"Pigeon to {LOFT}")
        self.assertIn(pigeon.mail_message_id, reminder.message_ids)
        self.assertNotEqual(pigeon.mail_message_id, mail.mail_message_id)

    def test_what_did_not_fly_is_in_no_history_and_what_may_have_is(self):
        self.level.send = False
        for stop, kept in ((ValueError("fog"), False), (ZeroDivisionError("bug"), True)):
            with self.subTest(kept=kept), mute_logger(*LOGS):
                self.customer = self.new_customer(f"{kept}", loft=LOFT)
                self.stop = stop
                reminder = self.one()
                self.send()
                self.assertEqual(bool(reminder.delivery_ids.body), kept)
                self.assertNotIn("server", reminder.delivery_ids.error)

    def test_a_history_that_cannot_be_written_takes_no_pigeon_back(self):
        self.level.send = False
        pigeon = type(self.env["upominky.transport.pigeon"])
        broken = patch.object(pigeon, "_as_sent", side_effect=ZeroDivisionError("bug"))
        with broken, mute_logger(*LOGS):
            reminder = self.one()
            self.send()
        self.assertEqual((reminder.state, len(self.flown)), ("sent", 1))
        self.assertFalse(reminder.delivery_ids.body)

    def test_who_refuses_the_sender_for_long_leaves_one_row_and_is_told_once(self):
        self.level.send = False
        self.stop = PermissionError("no licence")
        reminder = self.one()
        for days in range(10):
            for hour in (9, 15):
                self.send(TODAY + timedelta(days=days), hour)
            self.assertEqual(reminder.state, "issued")
            self.assertEqual(self.states(reminder), [("pigeon", "queued")])
        self.assertEqual(reminder.delivery_ids.attempt, 1)
        self.assertIn("no licence", reminder.error)
        todo = self.company.upominky_mail_activity_id
        self.assertIn("Pigeon", todo.summary)
        self.assertIn("no licence", todo.note)
        missing = self.env["upominky.overview"].retrieve_dashboard()["jobs"][0]["missing"]
        self.assertTrue([text for text in missing if "no licence" in text])
        self.stop = None
        self.send(TODAY + timedelta(days=10))
        self.assertEqual((reminder.state, self.states(reminder)), ("sent", [("pigeon", "sent")]))
        self.assertFalse(self.company.upominky_mail_faults or todo.active)

    def figures_of(self, reminder):
        counts = self.env["upominky.overview"].retrieve_dashboard()["waiting"]
        action = self.env.ref("upominky_addon.action_upominky_overview")._get_action_dict()
        below = self.env["upominky.reminder"].search(literal_eval(action["domain"]))
        return {name for name, count in counts.items() if count}, reminder in below

    def test_what_goes_by_pigeon_alone_lacks_no_address(self):
        self.level.send = False
        reminder = self.one()
        self.assertEqual(self.figures_of(reminder), (set(), False))
        self.stop = ValueError("fog")
        self.send()
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(self.figures_of(reminder), ({"failed"}, True))

    def test_who_has_no_dovecote_is_told_so(self):
        self.level.send = False
        self.customer.loft = False
        reminder = self.one()
        self.send()
        self.assertEqual(reminder.state, "failed")
        self.assertIn("has no dovecote", reminder.error)
        self.customer.loft = LOFT
        with self.on(TODAY):
            reminder.action_retry()
        self.assertEqual((reminder.state, len(self.flown)), ("sent", 1))

    def test_a_fate_that_is_learnt_later(self):
        with smtp_inbox(self.env):
            reminder = self.one()
            self.send()
        pigeon = reminder.delivery_ids.filtered(lambda d: d.channel == "pigeon").sudo()
        self.assertTrue(pigeon._apply(Reported.DISPLAYED))
        self.assertFalse(pigeon._apply(Reported.DELIVERED))  # it was read by then
        self.assertEqual((pigeon.state, reminder.delivery_state), ("read", "read"))

    def test_what_is_not_sent_is_not_sent_by_pigeon(self):
        reminder = self.one()
        self.customer.upominky_hold_until = TODAY + timedelta(days=1)
        self.send()
        self.assertEqual((reminder.state, self.flown), ("cancelled", []))
        with self.on(TODAY), self.assertRaises(UserError):
            reminder.action_send_now()

    def test_what_it_did_stays_when_it_is_uninstalled(self):
        """Odoo's own step of uninstalling a value of a selection: nothing becomes an e-mail."""
        self.stop = TimeoutError("storm")
        with smtp_inbox(self.env):
            reminder = self.one()
            self.send()
        before = self.states(reminder)
        values = self.env["ir.model.fields.selection"].sudo()
        domain = [("field_id.model", "=", "upominky.delivery"), ("value", "=", "pigeon")]
        values.search(domain)._process_ondelete()
        self.env.invalidate_all()
        self.assertEqual(self.states(reminder), before)
        self.assertIn(("pigeon", "queued"), before)

    def test_its_sentences_can_be_read_when_it_is_uninstalled(self):
        kept = say(self.env, "no_flight", why="fog").kept()
        with patch.dict(SENTENCES):
            del SENTENCES["no_flight"]
            self.assertEqual(read(self.env, kept), "The pigeon does not fly: fog.")
