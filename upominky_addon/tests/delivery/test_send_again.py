"""“We never got it”: a reminder that was sent goes out once more, and nothing else changes."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.upominky_addon.models.base.said import say
from odoo.addons.upominky_addon.models.base.transactions import TRIES
from odoo.addons.upominky_addon.models.delivery import by_hand

from ..common import TODAY, UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
OTHER = "jednatel@odberatel.example"
LATER = TODAY + timedelta(days=10)


class TestSendAgain(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "clerk", "upominky_addon.group_user", company_id=cls.company.id
        )

    def sent(self, partner=None, due=10):
        """Issue and send a reminder, and return it as a clerk sees it."""
        self.invoice(partner, due=due)
        reminder = self.generate()
        self.send()
        return reminder.with_user(self.clerk)

    def again(self, reminders, day=LATER, **values):
        """Send again by the dialog, as the client does."""
        with self.on(day):
            action = reminders.action_ask_send_again()
            model = self.env[action["res_model"]].with_user(self.clerk)
            wizard = model.with_context(**action["context"]).create(values)
            told = wizard.action_confirm()
        self.env.invalidate_all()
        return told["params"]["message"]

    def test_it_goes_to_the_same_or_another_address_and_raises_nothing(self):
        for to, reached in ((False, ADDRESS), (f"Jan Novák <{OTHER}>", OTHER)):
            with self.subTest(to=to), smtp_inbox(self.env) as inbox:
                reminder = self.sent(self.new_customer("Odběratel", ADDRESS))
                move = reminder.line_ids.move_id
                before = (
                    reminder.sent_date,
                    reminder.next_date,
                    move.upominky_count,
                    reminder.email_to,
                )
                self.assertIn("Sent: 1.", self.again(reminder, to=to))
                self.assertEqual([e[1] for e in inbox.envelopes], [(ADDRESS,), (reached,)])
                self.assertEqual(inbox.messages[0]["Subject"], inbox.messages[1]["Subject"])
                self.assertNotEqual(
                    inbox.messages[0]["Message-ID"], inbox.messages[1]["Message-ID"]
                )
                self.assertEqual((reminder.state, move.upominky_level), ("sent", 1))
                after = (
                    reminder.sent_date,
                    reminder.next_date,
                    move.upominky_count,
                    reminder.email_to,
                )
                self.assertEqual(after, before)
                repeat = reminder.delivery_ids.filtered("is_repeat")
                self.assertEqual((repeat.email_to, repeat.state), (reached, "sent"))
                notes = "".join(reminder.message_ids.mapped("body"))
                self.assertIn(f"has it sent again, to {reached}.", notes)

    def test_what_becomes_of_it_changes_nothing_of_the_reminder(self):
        with smtp_inbox(self.env):
            reminder = self.sent()
        with smtp_inbox(self.env, {ADDRESS: "550 no such mailbox"}):
            told = self.again(reminder)
        self.assertIn(f"Sending again to {ADDRESS}: The mail server refused", told)
        self.assertIn("Failed: 1.", told)
        self.assertNotIn("Sent: 1", told)
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", TODAY))
        self.assertEqual(reminder.delivery_state, "sent")
        with smtp_inbox(self.env):
            self.assertIn("Sent: 1.", self.again(reminder))
        self.assertFalse(reminder.error)

    def test_an_address_that_is_none_is_named_once(self):
        with smtp_inbox(self.env):
            reminder = self.sent()
        text = say(self.env, "invalid_address", address="nikdo")
        values = {"is_repeat": True, "state": "failed", "error": text, "email_to": "nikdo"}
        delivery = reminder.sudo().delivery_ids.copy(values)
        self.assertEqual(delivery._error_line(), f"Sending again: {text}")

    def test_the_job_goes_on_with_one_that_there_was_no_time_for(self):
        """Old as the reminder is, somebody asked for it just now: it is not stale."""
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent()
            with self.on(LATER):
                reminder.sudo()._queue_repeat(())
            self.send(LATER)
            self.assertEqual(inbox.recipients, [ADDRESS, ADDRESS])

    def test_what_was_paid_or_is_held_meanwhile_is_not_sent_again(self):
        for reason, change in (
            ("Everything was paid", lambda move: self.pay(move, day=TODAY)),
            ("On hold", lambda move: move.write({"upominky_hold_reason": "dispute"})),
        ):
            with self.subTest(reason), smtp_inbox(self.env) as inbox:
                reminder = self.sent(self.new_customer("Odběratel", ADDRESS))
                change(reminder.sudo().line_ids.move_id)
                with self.assertRaisesRegex(UserError, reason):
                    self.again(reminder)
                self.assertEqual(len(inbox.messages), 1)
                self.assertEqual(reminder.state, "sent")

    def test_what_cannot_be_sent_again_says_why(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent()
            other = self.sent(self.new_customer("Jiný", "jiny@x.example"))
            self.invoice(self.new_customer("Čeká", "ceka@x.example"), due=10)
            unsent = self.generate().with_user(self.clerk)
            for words, some, to in (
                ("is “Issued”", unsent, None),
                ("“nobody” is not an e-mail address", reminder, "nobody"),
                ("At most 10 addresses", reminder, ", ".join(f"a{n}@x.example" for n in range(11))),
                ("of several customers", reminder + other, OTHER),
                ("At most 20", reminder.browse([reminder.id] * 21), None),
            ):
                with self.subTest(words), self.assertRaisesRegex(UserError, words), self.on(LATER):
                    some.action_send_again(to)
            self.company.upominky_mode = "pilot"
            with self.assertRaisesRegex(UserError, "not a pilot|pilot"), self.on(LATER):
                reminder.action_send_again()
            self.assertEqual(len(inbox.messages), 2)

    def test_twice_at_once_is_once(self):
        with smtp_inbox(self.env):
            reminder = self.sent()
            with self.on(LATER):
                reminder.sudo()._queue_repeat(())
                with self.assertRaisesRegex(UserError, f"waits to be sent to {ADDRESS} already"):
                    reminder.sudo()._queue_repeat(())

    def test_a_window_that_is_confirmed_twice_sends_once(self):
        """As after a lost answer: the first message went out, the window is still there."""
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            reminder = self.sent()
            action = reminder.action_ask_send_again()
            model = self.env[action["res_model"]].with_user(self.clerk)
            wizard = model.with_context(**action["context"]).create({"to": "nobody"})
            with self.assertRaisesRegex(UserError, "is not an e-mail"), self.env.cr.savepoint():
                wizard.action_confirm()
            wizard.to = False
            wizard.action_confirm()
            with self.assertRaisesRegex(UserError, "confirmed already"):
                wizard.action_confirm()
            self.assertEqual(inbox.recipients, [ADDRESS, ADDRESS])

    def test_two_people_with_a_window_each_send_once(self):
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            reminder, other = self.sent(), self.sent(self.new_customer("Jiný", "jiny@x.example"))
            action = reminder.action_ask_send_again()
            model = self.env[action["res_model"]].with_user(self.clerk)
            windows = [
                model.with_context(**action["context"]).create({"reminder_ids": ids})
                for ids in (reminder.ids, [reminder.id, other.id])
            ]
            self.assertIn("Sent: 1.", windows[0].action_confirm()["params"]["message"])
            told = windows[1].action_confirm()["params"]["message"]
            self.assertIn(f"{reminder.name} was sent again by {self.clerk.name} after this", told)
            self.assertIn("Sent: 1, Left out: 1.", told)
            self.assertCountEqual(inbox.recipients, 2 * [ADDRESS, "jiny@x.example"])
            again = self.again(reminder)
            self.assertIn("Sent: 1.", again, "who opens the window anew means it")

    def windows(self, *many):
        """Open a window for each of some reminders, as the client does."""
        model = self.env["upominky.send.again"].with_user(self.clerk)
        return [model.create({"reminder_ids": reminders.ids}) for reminders in many]

    def test_what_another_window_sends_at_the_same_moment_is_not_counted(self):
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            reminder, other = self.sent(), self.sent(self.new_customer("Jiný", "jiny@x.example"))
            window, others = self.windows(reminder + other, reminder)
            sender, elsewhere = type(self.env["upominky.send"]), [others]
            queued = sender._send_queued

            def meanwhile(self, *args):
                if elsewhere:
                    elsewhere.pop().action_confirm()
                return queued(self, *args)

            with patch.object(sender, "_send_queued", meanwhile):
                told = window.action_confirm()["params"]["message"]
            self.assertIn("Sent: 1, Left out: 1.", told)
            self.assertCountEqual(inbox.recipients, 2 * [ADDRESS, "jiny@x.example"])

    def test_a_window_that_met_others_each_time_is_not_taken_for_confirmed(self):
        """Odoo runs the request again: what it was to send still goes out."""
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            (window,) = self.windows(self.sent())
            reminders, met = type(self.env["upominky.reminder"]), []

            def meets(self):
                met.append(self)
                raise SerializationFailure

            with (
                patch.object(reminders, "_lock_rows", meets),
                self.assertRaises(SerializationFailure),
            ):
                window.action_confirm()
            self.assertEqual(len(met), TRIES)
            self.assertFalse(window.is_done)
            self.assertIn("Sent: 1.", window.action_confirm()["params"]["message"])
            self.assertEqual(inbox.recipients, [ADDRESS, ADDRESS])

    def test_what_the_job_is_to_go_on_with_is_asked_for_before_the_person_is_told(self):
        """The error that tells of it undoes what is not durable by then."""
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            (window,) = self.windows(self.sent())
            triggers = self.env["ir.cron.trigger"]
            mine = [("cron_id", "=", self.env.ref("upominky_addon.cron_send").id)]
            self.env.ref("upominky_addon.cron_send").active = True
            triggers.search(mine).unlink()
            asked, commit = [], by_hand.commit

            def noted(env, *args):
                asked.append(triggers.search_count(mine))
                return commit(env, *args)

            with (
                patch.object(type(self.env["upominky.send"]), "_claim", lambda *_args: []),
                patch.object(by_hand, "commit", noted),
                self.assertRaisesRegex(UserError, "the sending job goes on with it"),
            ):
                window.action_confirm()
            self.assertEqual(asked[-1], 1)
            self.assertEqual(inbox.recipients, [ADDRESS])

    def test_what_did_not_go_out_does_not_keep_another_from_sending(self):
        for state in ("cancelled", "failed", "bounced"):
            with self.subTest(state), smtp_inbox(self.env) as inbox, self.on(LATER):
                reminder = self.sent(self.new_customer("Odběratel", ADDRESS))
                action = reminder.action_ask_send_again()
                window = self.env[action["res_model"]].with_user(self.clerk)
                window = window.with_context(**action["context"]).create({})
                values = {"is_repeat": True, "state": state, "email_to": ADDRESS}
                reminder.sudo().delivery_ids.copy(values)
                self.assertIn("Sent: 1.", window.action_confirm()["params"]["message"])
                self.assertEqual(inbox.recipients, [ADDRESS, ADDRESS])

    def test_rule_14_whoever_meets_another_worker_need_not_ask_again(self):
        """Once is met within the request: Odoo need not run it again."""
        model, tried = type(self.env["upominky.reminder"]), []
        original = model._queue_repeats

        def collide(these, *args):
            tried.append(these)
            if len(tried) == 1:
                raise SerializationFailure
            return original(these, *args)

        with smtp_inbox(self.env) as inbox, self.on(LATER):
            reminder = self.sent()
            action = reminder.action_ask_send_again()
            window = self.env[action["res_model"]].with_user(self.clerk)
            window = window.with_context(**action["context"]).create({})
            with patch.object(model, "_queue_repeats", collide):
                self.assertIn("Sent: 1.", window.action_confirm()["params"]["message"])
            self.assertEqual(inbox.recipients, [ADDRESS, ADDRESS])
        self.assertEqual(len(tried), 2)

    def test_what_a_stranger_writes_into_a_window_breaks_nothing(self):
        with smtp_inbox(self.env) as inbox, self.on(LATER):
            reminder = self.sent()
            for number, known in enumerate(("x", [1], {str(reminder.id): "x"}, 7), 1):
                with self.subTest(known=known):
                    self.again(reminder, known=known)
                    self.assertEqual(len(inbox.recipients), 1 + number)

    def test_one_that_went_by_post_can_follow_by_e_mail(self):
        self.invoice(due=10)
        reminder = self.generate().with_user(self.clerk)
        with self.on(TODAY):
            reminder.action_mark_sent(way="post")
        with smtp_inbox(self.env) as inbox:
            self.again(reminder)
            self.assertEqual(inbox.recipients, [ADDRESS])
        self.assertEqual((reminder.state, reminder.sent_way), ("sent", "post"))
        self.assertEqual(reminder.sent_date, TODAY)

    def test_an_uncertain_one_is_settled_as_any_other_and_stays_one_of_its_own(self):
        with smtp_inbox(self.env) as inbox:
            reminder = self.sent()
            self.again(reminder, to=OTHER)
            repeat = reminder.delivery_ids.filtered("is_repeat")
            self.env["res.lang"]._activate_lang("en_GB")
            # Not the reminder's own: what goes out in its place is for the same reader.
            repeat.sudo().write({"state": "uncertain", "lang": "en_GB"})
            with self.on(LATER):
                repeat.action_send_again()
            self.assertEqual(inbox.recipients, [ADDRESS, OTHER, OTHER])
        self.assertEqual(sorted(reminder.delivery_ids.mapped("is_repeat")), [False, True, True])
        last = reminder.delivery_ids.sorted("id")[-1]
        self.assertEqual(last._recipient(), repeat._recipient())

    def test_the_dialog_tells_who_has_it_and_what_was_paid_since(self):
        with smtp_inbox(self.env):
            reminder = self.sent()
        action = reminder.action_ask_send_again()
        model = self.env[action["res_model"]].with_user(self.clerk)
        self.assertFalse(model.with_context(**action["context"]).create({}).paid_text)
        self.pay(reminder.sudo().line_ids.move_id, 100)
        self.env.invalidate_all()
        wizard = model.with_context(**action["context"]).create({})
        self.assertEqual(wizard.who_has_it, ADDRESS)
        self.assertIn(reminder.line_ids.move_id.name, wizard.paid_text)
