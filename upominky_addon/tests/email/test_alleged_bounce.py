"""SPEC rules 7, 18 and 21: a failure that anybody may have made up waits for a person."""

from itertools import product
from unittest.mock import patch

import psycopg2
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import TODAY, smtp_inbox
from ..core.test_core_receipt import ADDRESS, names, raw
from ..rights import ROLES, USERS, RightsCommon
from ..smtp_servers import DsnController
from .test_inbound import InboundCommon

#: What each event makes of a delivery that it may still move.
REPORTS = {
    "dsn_postfix_delivered": "delivered",
    "dsn_postfix_relayed": "sent",
    "dsn_postfix_delayed": "sent",
    "dsn_postfix_failed": "bounced",
    "mdn_outlook_displayed": "read",
    "mdn_outlook_deleted": "delivered",
}
IN_FLIGHT = ("sending", "uncertain", "sent")
SETTLED = ("queued", "delivered", "read", "bounced", "failed", "cancelled")
#: Systems that never return an ENVID.
LOSE_IT = [name for name in names() if name.endswith("_failed") and "postfix" not in name]
WORDS = "User unknown in virtual mailbox table"


class AllegedBounceCommon(InboundCommon):
    def setUp(self):
        super().setUp()
        self.reminder = self.sent_with_receipt()
        self.delivery = self.reminder.delivery_ids

    def sent_with_receipt(self, addresses=ADDRESS):
        """Return a reminder mailed through a server that was asked for delivery reports."""
        self.customer.email = addresses
        self.invoice(due=10)
        with smtp_inbox(self.env, controller_class=DsnController) as inbox:
            inbox.server.delivery_receipt = True
            reminder = self.generate()
            self.send()
        return reminder

    def bounce(self, delivery=None, name="dsn_postfix_failed", **values):
        return self.comes_back(name, delivery or self.delivery, **values)

    def history(self, words):
        """Return how many notes in the history say something."""
        return sum(words in body for body in self.reminder.message_ids.mapped("body"))

    def person(self, role="user"):
        group = self.env.ref(f"upominky_addon.group_{role}")
        return self.env["res.users"].create(
            {
                "name": f"Jana {role}",
                "login": role,
                "group_ids": [(4, group.id)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )


class TestAllegedBounce(AllegedBounceCommon):
    def expected(self, before, new, asked, right):
        """Return the state after a report, and whether something waits for a person."""
        if new == "bounced" and asked and not right:
            return before, before in IN_FLIGHT
        if before in IN_FLIGHT:
            return new, False
        return ("read" if (before, new) == ("delivered", "read") else before), False

    def test_rule_21_each_report_in_each_state(self):
        envelopes = {
            "right": self.delivery._envelope_id(),
            "wrong": f"{self.delivery.id}-{'0' * 32}",
            "none": "",
        }
        mdn_bears_none = {name for name in REPORTS if name.startswith("mdn")}
        cases = product(REPORTS, envelopes, (True, False), (*IN_FLIGHT, *SETTLED))
        for name, envelope, asked, before in self.each(cases):
            self.bring_to(self.delivery, before)
            self.delivery.sudo().envelope_asked = asked
            self.comes_back(name, self.delivery, envelope_id=envelopes[envelope])
            right = envelope == "right" and name not in mdn_bears_none
            after, waits = self.expected(before, REPORTS[name], asked, right)
            self.assertEqual(self.delivery.state, after)
            self.assertEqual(self.delivery.alleged_bounce_state, "open" if waits else False)
            if waits:
                self.assertEqual(self.reminder.state, "sent")
                self.assertEqual(self.customer.message_bounce, 0)

    def test_rule_21_the_envid_of_another_delivery_counts_as_none(self):
        other = self.sent_with_receipt().delivery_ids
        forged = f"{self.delivery.id}-{other._envelope_id().partition('-')[2]}"
        self.bounce(envelope_id=forged)
        self.assertEqual(
            (self.delivery.state, self.delivery.alleged_bounce_state), ("sent", "open")
        )
        self.assertEqual((other.state, other.alleged_bounce_state), ("sent", False))
        # His own, with the Message-ID of the first, is about his own.
        self.bounce(envelope_id=other._envelope_id())
        self.assertEqual((self.delivery.state, other.state), ("sent", "bounced"))

    def test_rule_21_digits_of_other_scripts_are_no_envid(self):
        digits = str(self.delivery.id).translate({48 + n: 0x660 + n for n in range(10)})
        self.bounce(envelope_id=f"{digits}-{self.delivery._envelope_id().partition('-')[2]}")
        self.assertEqual(
            (self.delivery.state, self.delivery.alleged_bounce_state), ("sent", "open")
        )

    def test_rule_21_systems_that_lose_the_envid(self):
        self.assertGreater(len(LOSE_IT), 4)
        for name, asked in self.each(product(LOSE_IT, (True, False))):
            self.delivery.sudo().envelope_asked = asked
            self.bounce(name=name, envelope_id=self.delivery._envelope_id())
            expected = ("sent", "open") if asked else ("bounced", False)
            self.assertEqual((self.delivery.state, self.delivery.alleged_bounce_state), expected)
            if asked:
                self.assertEqual(self.customer.message_bounce, 0)
                self.assertTrue(self.delivery.alleged_bounce_error)

    def test_rule_21_a_column_without_a_value_counts_as_not_asked(self):
        """So has the first version's every delivery."""
        self.env.cr.execute("UPDATE upominky_delivery SET envelope_asked = NULL")
        self.env.invalidate_all()
        self.bounce()
        self.assertEqual((self.delivery.state, self.reminder.state), ("bounced", "failed"))

    # ------------------------------------------------------------ what is kept

    def test_rule_07_nothing_is_held_and_the_next_level_comes(self):
        self.bounce()
        self.assertEqual((self.reminder.state, self.reminder.delivery_state), ("sent", "sent"))
        self.assertEqual(self.reminder.sent_date, TODAY)
        self.assertFalse(self.reminder.error)
        later = self.generate(TODAY.replace(month=6, day=28))
        self.assertEqual(later.mapped("level_order"), [2])

    def test_rule_21_what_it_says_and_who_and_when_is_kept_and_told_once(self):
        self.bounce(hour=11)
        self.assertIn(WORDS, self.delivery.alleged_bounce_error)
        self.assertEqual(self.delivery.alleged_bounce_from, "mailer-daemon@mail.dopravce.example")
        first = self.delivery.alleged_bounce_at
        self.assertEqual(first.hour, 11)
        for hour in (12, 13):
            self.bounce(hour=hour, name="dsn_exim_failed")
        self.assertEqual(self.delivery.alleged_bounce_at, first)
        self.assertIn(WORDS, self.delivery.alleged_bounce_error)
        self.assertEqual(self.history("bounced, says an unverified message"), 1)
        line = f"{ADDRESS}: bounced, says an unverified message from mailer-daemon@mail.dopravce"
        self.assertIn(line, self.delivery.alleged_bounce_text)
        self.assertEqual(self.reminder.alleged_bounce_text, self.delivery.alleged_bounce_text)
        self.assertEqual(self.reminder.why_text, self.delivery.alleged_bounce_text)

    def test_rule_21_hostile_words_and_senders_are_plain_and_short(self):
        source = raw("dsn_postfix_failed", self.delivery.message_id, "")
        sender = b"From: MAILER-DAEMON@mail.dopravce.example"
        self.assertIn(sender, source)
        junk = "\u202e<b>Vaše banka</b>\x00".encode()
        senders = (
            b"From: MAILER-DAEMON@" + b"x" * 5000 + b".example",
            b"From: =?utf-8?q?=00=0D=0ABcc=3A?= <MAILER-DAEMON@evil.example>",
            b"From: " + junk + b" <postmaster@evil.example>, a@b.example",
            b"From: <<@,;\xff",
            b"X-From: nobody",
        )
        for given in self.each(senders):
            changed = source.replace(sender, given)
            self.process(changed.replace(WORDS.encode(), junk + b"very " * 200_000))
            self.assertEqual(
                (self.delivery.state, self.delivery.alleged_bounce_state), ("sent", "open")
            )
            for text, longest in (
                (self.delivery.alleged_bounce_from or "", 254),
                (self.delivery.alleged_bounce_error, 500),
            ):
                self.assertLessEqual(len(text), longest)
                self.assertTrue(text.isprintable(), text)
            self.assertNotIn("<b>", " ".join(self.reminder.message_ids.mapped("body")))

    def test_rule_21_another_contact_is_not_touched(self):
        self.reminder = self.sent_with_receipt(f"{ADDRESS}, jana@odberatel.example")
        first, second = self.reminder.delivery_ids.sorted("id")
        self.bounce(first)
        self.assertEqual((first.alleged_bounce_state, second.alleged_bounce_state), ("open", False))
        first.action_confirm_bounce()
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("bounced", "sent"))
        self.assertEqual(self.reminder.state, "sent")

    def test_rule_21_later_news_clears_it_or_leaves_it(self):
        right = self.delivery._envelope_id()
        cases = (
            ("dsn_postfix_failed", right, "bounced", False),
            ("dsn_postfix_delivered", right, "delivered", False),
            ("dsn_postfix_delivered", "", "delivered", False),
            ("mdn_outlook_displayed", "", "read", False),
            # Neither says that it arrived: the bounce of the next system may still be true.
            ("dsn_postfix_relayed", right, "sent", "open"),
            ("dsn_postfix_delayed", right, "sent", "open"),
        )
        for name, envelope_id, state, alleged in self.each(cases):
            self.bounce()
            self.comes_back(name, self.delivery, envelope_id=envelope_id)
            self.assertEqual(
                (self.delivery.state, self.delivery.alleged_bounce_state), (state, alleged)
            )
            self.assertEqual(bool(self.delivery.alleged_bounce_at), alleged == "open")
            self.assertEqual(bool(self.reminder.alleged_bounce_text), alleged == "open")

    # ----------------------------------------------------------------- buttons

    def test_rule_18_confirmed_it_is_what_a_verified_bounce_is(self):
        told = []
        for verified in self.each((True, False)):
            if verified:
                self.bounce(envelope_id=self.delivery._envelope_id())
            else:
                self.bounce()
                self.delivery.with_user(self.person()).action_confirm_bounce()
                self.env.invalidate_all()
                self.assertEqual(self.history("Jana user confirmed what mailer-daemon@"), 1)
            told.append(
                [
                    self.delivery[n]
                    for n in ("state", "error", "alleged_bounce_state", "alleged_bounce_error")
                ]
                + [self.reminder[n] for n in ("state", "error", "sent_date", "delivery_state")]
            )
            self.assertFalse(self.generate(TODAY.replace(month=9)))  # rule 7
        self.assertEqual(told[0], told[1])
        self.assertEqual(told[0][0], "bounced")

    def test_rule_21_dismissed_it_does_not_come_back(self):
        self.bounce()
        self.delivery.with_user(self.person()).action_dismiss_bounce()
        for hour in (12, 13):
            self.bounce(hour=hour)
        self.assertEqual(
            (self.delivery.state, self.delivery.alleged_bounce_state), ("sent", "dismissed")
        )
        self.assertEqual((self.reminder.state, self.reminder.alleged_bounce_text), ("sent", False))
        self.assertEqual(self.history("Jana user dismissed what mailer-daemon@"), 1)
        self.assertEqual(self.history("says an unverified message"), 1)
        # What is verified settles all the same.
        self.bounce(envelope_id=self.delivery._envelope_id())
        self.assertEqual(
            (self.delivery.state, self.delivery.alleged_bounce_state), ("bounced", False)
        )

    def test_rule_21_what_was_dismissed_and_is_proved_is_told(self):
        self.reminder = self.sent_with_receipt(f"{ADDRESS}, jana@odberatel.example")
        first, second = self.reminder.delivery_ids.sorted("id")
        for delivery in (first, second):
            self.bounce(delivery)
            delivery.with_user(self.env.user).action_dismiss_bounce()
        for delivery in (first, second):
            with self.subTest(delivery=delivery.email_to):
                for _time in range(3):
                    self.bounce(delivery, envelope_id=delivery._envelope_id())
                self.assertEqual(
                    (delivery.state, delivery.alleged_bounce_state), ("bounced", False)
                )
                self.assertEqual(self.history(f"{delivery.email_to}: it did bounce"), 1)
                self.assertIn(delivery.email_to, self.reminder.error)
        self.assertEqual(self.reminder.state, "failed")

    def test_rule_21_a_true_bounce_of_what_had_arrived_is_told_once(self):
        for state in self.each(("delivered", "read")):
            self.bring_to(self.delivery, state)
            for _time in range(3):
                self.bounce()  # anybody may have made it up
            self.assertEqual(self.history("reports that it bounced"), 0)
            for _time in range(3):
                self.bounce(envelope_id=self.delivery._envelope_id())
            self.assertEqual(self.delivery.state, state)
            self.assertEqual(self.history("reports that it bounced"), 1)

    def test_rule_21_a_delay_is_told_once_and_if_it_is_proved(self):
        right, forged = self.delivery._envelope_id(), f"{self.delivery.id}-{'0' * 32}"
        before = self.reminder.message_ids
        for envelope_id in ("", forged):
            for name in ("dsn_postfix_delayed", "plain_exim_delayed"):
                self.comes_back(name, self.delivery, envelope_id=envelope_id)
        self.assertEqual(self.reminder.message_ids, before)
        for _time in range(3):
            self.comes_back("dsn_postfix_delayed", self.delivery, envelope_id=right)
        self.assertEqual(self.history("delivery is delayed"), 1)

    def test_rule_21_a_delay_is_told_once_where_nobody_was_asked_to_prove_it(self):
        self.delivery.sudo().envelope_asked = False
        for name in ("plain_exim_delayed", "dsn_postfix_delayed", "plain_exim_delayed"):
            self.comes_back(name, self.delivery)
        self.assertEqual(self.history("delivery is delayed"), 1)

    def test_rule_28_many_at_once_and_those_that_do_not_wait_stay(self):
        second = self.sent_with_receipt().delivery_ids
        third = self.sent_with_receipt().delivery_ids
        for delivery in (self.delivery, second):
            self.bounce(delivery)
        (self.delivery | second | third).with_user(self.person("manager")).action_confirm_bounce()
        self.env.invalidate_all()
        self.assertEqual((self.delivery.state, second.state, third.state),
                         ("bounced", "bounced", "sent"))  # fmt: skip

    def test_what_does_not_wait_is_refused_with_a_sentence(self):
        for name in ("action_confirm_bounce", "action_dismiss_bounce"):
            for delivery in (self.delivery, self.delivery.browse()):
                with self.subTest(name), self.assertRaisesRegex(UserError, "No unverified bounce"):
                    getattr(delivery, name)()
        self.bounce()
        self.delivery.action_dismiss_bounce()
        with self.assertRaisesRegex(UserError, "No unverified bounce"):
            self.delivery.action_confirm_bounce()

    def test_rule_23_sent_again_nothing_is_left_to_decide(self):
        self.bring_to(self.delivery, "uncertain")
        self.bounce()
        self.assertEqual(self.delivery.alleged_bounce_state, "open")
        with smtp_inbox(self.env), self.on(TODAY):
            self.delivery.action_send_again()
        self.env.invalidate_all()
        self.assertEqual(
            (self.delivery.state, self.delivery.alleged_bounce_state), ("failed", False)
        )
        self.assertEqual(self.reminder.delivery_ids.mapped("alleged_bounce_state"), [False, False])

    # ------------------------------------------------------------------ workers

    def test_rule_23_a_report_before_the_worker_wrote_its_result(self):
        sender = type(self.env["upominky.transport.email"])
        original = sender._hand_over

        def reported_at_once(send, message, *args):
            result = original(send, message, *args)
            self.bounce(send.env["upominky.delivery"].browse(message.delivery_id))
            return result

        with patch.object(sender, "_hand_over", reported_at_once):
            self.reminder = self.sent_with_receipt()
        delivery = self.reminder.delivery_ids
        self.assertEqual((delivery.state, delivery.alleged_bounce_state), ("sent", "open"))
        self.assertEqual(self.reminder.state, "sent")

    def test_rule_23_a_worker_that_died_after_data(self):
        with patch.object(type(self.env["upominky.send"]), "_record"):
            self.reminder = self.sent_with_receipt()
        delivery = self.reminder.delivery_ids
        self.assertEqual((delivery.state, delivery.envelope_asked), ("sending", True))
        delivery.run_id.sudo().state = "dead"
        self.send()
        self.assertEqual(delivery.state, "uncertain")
        self.bounce(delivery)
        self.assertEqual((delivery.state, delivery.alleged_bounce_state), ("uncertain", "open"))
        self.bounce(delivery, envelope_id=delivery._envelope_id())
        self.assertEqual((delivery.state, delivery.alleged_bounce_state), ("bounced", False))

    @mute_logger("odoo.sql_db")
    def test_rule_23_a_clash_with_a_worker_is_repeated(self):
        """The row changed under it: the message must neither be lost nor land twice."""
        model = type(self.delivery)
        original, clashes = model._keep_alleged_bounce, []

        def clash_once(delivery, *args):
            original(delivery, *args)
            if not clashes:
                clashes.append(1)
                raise psycopg2.errors.SerializationFailure("could not serialize access")

        source = raw("dsn_postfix_failed", self.delivery.message_id, "")
        fetching = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        with (
            patch.object(model, "_keep_alleged_bounce", clash_once),
            patch.object(self.env.cr, "rollback"),
        ):
            fetching.message_process(None, source)
        self.env.invalidate_all()
        self.assertEqual((clashes, self.delivery.alleged_bounce_state), ([1], "open"))
        self.assertEqual(self.history("says an unverified message"), 1)

    # -------------------------------------------------------------------- lists

    def test_people_find_it(self):
        quiet = self.sent_with_receipt()
        self.bounce()
        for model, found in (
            ("upominky.delivery", self.delivery),
            ("upominky.reminder", self.reminder),
        ):
            arch = self.env[model].get_view(view_type="search")["arch"]
            self.assertIn('name="alleged_bounces"', arch)
            field = (
                "alleged_bounce_state"
                if model == "upominky.delivery"
                else "delivery_ids.alleged_bounce_state"
            )
            self.assertIn(f"[('{field}', '=', 'open')]", arch)
            self.assertEqual(self.env[model].search([(field, "=", "open")]), found)
        self.assertFalse(quiet.alleged_bounce_text)
        for model in ("upominky.delivery", "upominky.reminder"):
            for kind in ("list", "form"):
                self.assertIn(
                    "alleged_bounce_text", self.env[model].get_view(view_type=kind)["arch"]
                )
        arch = self.env["upominky.reminder"].get_view(view_type="form")["arch"]
        self.assertIn("action_dismiss_bounce", arch)

    def test_the_overview_says_why_it_waits(self):
        for kind in ("list", "kanban"):
            view = self.env.ref(f"upominky_addon.view_upominky_overview_{kind}")
            arch = etree.fromstring(self.env["upominky.reminder"].get_view(view.id, kind)["arch"])
            (field,) = arch.xpath("//field[@name='why_text']")
            with self.subTest(kind=kind):
                self.assertIn(field.get("optional"), (None, "show"))


class TestAllegedBounceRights(RightsCommon):
    def test_rule_29_who_may_decide(self):
        for name in self.companies:
            self.world[name]["upominky.delivery"].sudo().alleged_bounce_state = "open"
        for role, (home, _groups) in ROLES.items():
            for name in self.companies:
                delivery = self.world[name]["upominky.delivery"]
                for method, state in (
                    ("action_confirm_bounce", ("bounced", False)),
                    ("action_dismiss_bounce", ("uncertain", "dismissed")),
                ):
                    with self.subTest(role=role, company=name, method=method):
                        self.check(delivery, role, method, state, role in USERS and name == home)

    def check(self, delivery, role, method, state, allowed):
        mine = self.as_role(delivery, role)

        def call():
            getattr(mine, method)()
            self.env.flush_all()
            self.env.invalidate_all()
            return delivery.sudo().state, delivery.sudo().alleged_bounce_state

        result = self.outcome(call)
        if allowed:
            self.assertEqual(result, state)
        else:
            self.assertIsInstance(result, AccessError)
