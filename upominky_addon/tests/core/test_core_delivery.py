"""What may happen to a message, and what its reminder makes of it: rules 18, 21–23."""

from datetime import timedelta
from itertools import pairwise, product
from unittest import TestCase

from ...core import delivery, lifecycle
from ...core.lifecycle import State

FINAL = ("read", "bounced", "failed", "cancelled")
#: How far a message has come.
PROGRESS = {"queued": 0, "sending": 1, "uncertain": 2, "sent": 3, "delivered": 4, "read": 5}


class TestDelivery(TestCase):
    def test_rule_21_a_late_message_never_leads_backwards(self):
        for old, new in product(PROGRESS, PROGRESS):
            with self.subTest(old=old, new=new):
                if PROGRESS[new] <= PROGRESS[old]:
                    self.assertFalse(lifecycle.allowed(old, new))
        for old, new in product(FINAL, State):
            with self.subTest(old=old, new=new.value):
                self.assertFalse(lifecycle.allowed(old, new))

    def test_rule_21_receipts_move_a_message_forwards(self):
        cases = (
            # No receipt says “printed”: a person does, of a letter that was not posted after all.
            ("sent", {"delivered", "read", "bounced", "printed"}),
            ("delivered", {"read"}),
            ("uncertain", {"sent", "delivered", "read", "bounced", "failed", "cancelled"}),
        )
        for old, expected in cases:
            with self.subTest(old=old):
                self.assertEqual(
                    {new.value for new in State if lifecycle.allowed(old, new)}, expected
                )

    def test_rule_21_only_a_failure_needs_the_envid_that_was_asked_for(self):
        for new, asked, right in product(State, (True, False), (True, False)):
            with self.subTest(new=new.value, asked=asked, right=right):
                waits = (new, asked, right) == (State.BOUNCED, True, False)
                self.assertIs(delivery.settles_itself(new, asked, right), not waits)

    def test_rule_23_sending_comes_before_sent(self):
        self.assertFalse(lifecycle.allowed("queued", "sent"))
        self.assertFalse(lifecycle.allowed("sending", "queued"))
        self.assertFalse(lifecycle.allowed("sending", "cancelled"))
        self.assertFalse(lifecycle.allowed("uncertain", "queued"))
        for new in ("sent", "failed", "uncertain"):
            self.assertTrue(lifecycle.allowed("sending", new))
        for new in ("sending", "failed", "cancelled"):
            self.assertTrue(lifecycle.allowed("queued", new))

    def test_rule_22_at_most_six_attempts_with_growing_pauses(self):
        pauses = [delivery.pause_after(attempt) for attempt in range(1, 8)]
        self.assertEqual(pauses[5:], [None, None])
        self.assertTrue(all(before < after for before, after in pairwise(pauses[:5])))
        self.assertGreater(pauses[0], timedelta(0))

    def test_rule_22_four_hundreds_are_temporary(self):
        cases = (
            (None, True),
            (421, True),
            (451, True),
            (499, True),
            (500, False),
            (550, False),
            (554, False),
        )
        for code, temporary in cases:
            with self.subTest(code=code):
                self.assertIs(delivery.is_temporary(code), temporary)

    def test_rule_18_one_accepted_contact_is_enough(self):
        cases = (
            (["sent"], "sent"),
            (["delivered"], "sent"),
            (["read"], "sent"),
            (["failed", "sent"], "sent"),
            (["uncertain", "sent"], "sent"),
            (["failed"], "failed"),
            (["bounced"], "failed"),
            (["failed", "bounced"], "failed"),
            (["failed", "cancelled"], "failed"),
            (["failed", "queued"], None),
            (["failed", "sending"], None),
            (["failed", "uncertain"], None),
            (["uncertain"], None),
            (["cancelled"], None),
            ([], None),
        )
        for states, expected in cases:
            with self.subTest(states=states):
                self.assertEqual(lifecycle.outcome(states), expected)
                self.assertEqual(lifecycle.outcome(reversed(states)), expected)

    def test_delivery_state_of_a_reminder_tells_what_needs_attention_then_the_best_news(self):
        cases = (
            ([], None),
            (["failed", "read", "sent"], "read"),
            (["sent", "delivered"], "delivered"),
            (["read", "uncertain"], "uncertain"),
            (["read", "queued"], "queued"),
            (["queued", "sending"], "sending"),
            (["bounced", "failed"], "bounced"),
            (["cancelled", "failed"], "failed"),
        )
        for states, expected in cases:
            with self.subTest(states=states):
                self.assertEqual(lifecycle.summary(states), expected)

    def test_every_state_has_its_transitions_and_its_place_in_the_summary(self):
        self.assertEqual(set(lifecycle.TRANSITIONS), set(State))
        for state in State:
            self.assertEqual(lifecycle.summary([state]), state.value)
        self.assertFalse(lifecycle.ACCEPTED & (lifecycle.OPEN | lifecycle.REFUSED))

    def test_rule_17_nobody_tried_for_seven_days(self):
        self.assertEqual(delivery.STALE_AFTER, timedelta(days=7))
