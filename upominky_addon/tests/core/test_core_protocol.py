"""SPEC rules 17, 22, 23, 28: the protocol of sending explored whole, and seen to fail mutated."""

import os
from unittest import TestCase

from ...core import lifecycle
from ...core.lifecycle import No
from ..protocol import Protocol, World

#: How many acts of people, and deaths of workers or their locks, are mixed in.
ALL_OF = [(2, 1)] if os.environ.get("UPOMINKY_LONG") else [(1, 1), (2, 0)]


class ClaimNotAsked(Protocol):
    """The gate does not ask whose the reminder is: what the first version did."""

    def may_send(self, world, worker):
        no = super().may_send(world, worker)
        return None if no in (No.TAKEN_AWAY, No.BURIED) else no


class StateNotAsked(Protocol):
    """The gate compares balances only, and people do not take the claim away."""

    def may_send(self, world, worker):
        no = super().may_send(world, worker)
        return None if no in (No.CANCELLED, No.TAKEN_AWAY, No.FAILED) else no

    def gate(self, world, worker, contact):
        if world.deliveries[contact] == "cancelled":
            world = world._replace(deliveries=(*self.revived(world, contact),))
        return super().gate(world, worker, contact)

    def revived(self, world, contact):
        return (d if i != contact else "queued" for i, d in enumerate(world.deliveries))


class HoldNotSeen(Protocol):
    """What a message was written from is not compared, and a hold takes no claim away."""

    def may_send(self, world, worker):
        no = super().may_send(world, worker)
        return None if no in (No.CHANGED, No.TAKEN_AWAY) else no


class WithdrawnWhileTalking(Protocol):
    """People may withdraw while a message is being handed over."""

    def may_withdraw(self, world):
        return True


class DeadMeansNotSent(Protocol):
    """What a dead worker was sending is sent again."""

    def lost(self, world, worker):
        return tuple("queued" if d == "sending" else d for d in world.deliveries)


class DeadKeepTheirClaim(Protocol):
    """Burying settles deliveries, and forgets the claim."""

    def bury(self, world, worker):
        buried = super().bury(world, worker)
        return buried._replace(claim=world.claim)


class FrozenMaySend(Protocol):
    """A mailed reminder is not rechecked: its second contact waits for ever, or gets it paid."""

    def prepare(self, world, worker):
        if self.is_mailed(world) and not self.facts(world) and world.claim == worker:
            return self.doing(world, worker, "settles")
        return super().prepare(world, worker)

    def is_due(self, world):
        return super().is_due(world) and (not self.is_mailed(world) or self.facts(world))


class NobodyIsTold(Protocol):
    """What fails for all contacts leaves the reminder as it was."""

    def settled(self, world):
        after = super().settled(world)
        return world if after.state == "failed" else after


class TestProtocol(TestCase):
    def test_rule_23_of_all_that_can_happen_nothing_breaks_a_promise(self):
        for acts, deaths in ALL_OF:
            with self.subTest(acts=acts, deaths=deaths):
                worlds, way = Protocol().explore(World(acts=acts, deaths=deaths))
                self.assertIsNone(way, "\n".join(way or ()))
                self.assertGreater(len(worlds), 10_000)
                states = {world.state for world in worlds}
                self.assertEqual(states, {"issued", "sent", "failed", "cancelled"})
                self.assertTrue(any(world.arrived == (1, 1) for world in worlds))
                self.assertTrue(any(max(world.arrived) > 1 and world.risk for world in worlds))

    def test_rule_23_what_begins_paid_held_or_off_sends_nothing(self):
        for start in (World(owed=False), World(held=True), World(on=False)):
            worlds, way = Protocol().explore(start)
            self.assertIsNone(way, "\n".join(way or ()))
            self.assertFalse(any(any(world.arrived) for world in worlds))

    def test_rule_23_each_promise_is_seen_to_break_without_its_safeguard(self):
        for mutant, promise in (
            (ClaimNotAsked, "told that it won't"),
            (StateNotAsked, "told that it won't"),
            (HoldNotSeen, "told that it won't"),
            (WithdrawnWhileTalking, "told that it won't"),
            (DeadMeansNotSent, "it"),
            (DeadKeepTheirClaim, "for ever"),
            (FrozenMaySend, "for ever"),
            (NobodyIsTold, "nobody is told why"),
        ):
            with self.subTest(mutant.__name__):
                _worlds, way = mutant().explore()
                self.assertIsNotNone(way, mutant.__doc__)
                self.assertIn(promise, way[-1], "\n".join(way))
                self.assertLess(len(way), 14, "\n".join(way))

    def test_rule_17_a_mailed_reminder_is_asked_about_as_any_other(self):
        for state in ("issued", "sent"):
            asked = lifecycle.Situation(state, "live", False, claimed_by=1, asking=1, changed=True)
            self.assertEqual(lifecycle.may_send(asked), No.CHANGED)
