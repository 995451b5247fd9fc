"""The way of one reminder with two contacts through job 2, as a model that can be explored whole.

Two workers, a person with each button, the books, the answers of a mail server, death at any point,
and locks that are lost. What may follow what, and what may go out, is asked of the real
``core/lifecycle.py``; here stands only who asks it when. Each step is one transaction, or one event
outside of the database.
"""

from collections import deque
from functools import cache
from typing import NamedTuple

from ..core import lifecycle
from ..core.lifecycle import ACCEPTED, SENDABLE, No, Situation, State

CONTACTS = (0, 1)
WORKERS = (1, 2)
ATTEMPTS = 2
ANSWERS = ("accepted", "later", "refused", "lost", "accepted_unheard")
#: What each answer makes of a delivery.
AFTER = {
    "accepted": "sent",
    "later": "failed",
    "refused": "failed",
    "lost": "uncertain",
    "accepted_unheard": "uncertain",
}


class World(NamedTuple):
    """All that may differ. ``hands`` is what each worker is doing, ``locks`` whether others see it.

    ``told`` says that a person was told that nothing goes out any more, ``spared`` which contacts
    were being written to at that moment and were told of as well; ``doubts`` those to whom a person
    had it sent again though the first message may still be on its way. ``acts`` and ``deaths`` are
    how many are still to come, of people and of workers or their locks.
    """

    state: str = "issued"
    deliveries: tuple = (None, None)
    attempts: tuple = (1, 1)
    claim: int | None = None
    hands: tuple = ("idle", "idle")
    locks: tuple = (True, True)
    seen: tuple = (None, None)
    owed: bool = True
    held: bool = False
    on: bool = True
    arrived: tuple = (0, 0)
    told: bool = False
    spared: tuple = ()
    doubts: tuple = ()
    risk: bool = False
    acts: int = 1
    deaths: int = 1
    violation: str = ""


def put(values, index, value):
    return (*values[:index], value, *values[index + 1 :])


@cache
def outcome_of(deliveries):
    """Return what the product makes of these states; asked a hundred thousand times for a few."""
    return lifecycle.outcome(state for state in deliveries if state)


@cache
def alike_attempts(attempts, deliveries):
    """Return attempts without those of settled deliveries, which nobody counts any more."""
    return tuple(
        number if state in ("queued", "sending") else 1
        for number, state in zip(attempts, deliveries, strict=True)
    )


def alike(world):
    """Return the world that stands for all that differ in nothing that matters any more.

    Which of two workers is which, what an idle one saw, how often a settled delivery was tried.
    """
    first, second = (hand not in ("idle", "dead") for hand in world.hands)
    seen = (world.seen[0] if first else None, world.seen[1] if second else None)
    attempts = alike_attempts(world.attempts, world.deliveries)
    spared = world.spared if world.told else ()
    if (seen, attempts, spared) != (world.seen, world.attempts, world.spared):
        world = world._replace(seen=seen, attempts=attempts, spared=spared)
    one, two = zip(world.hands, world.locks, map(str, seen), strict=True)
    if one <= two:
        return world
    return world._replace(
        hands=world.hands[::-1],
        locks=world.locks[::-1],
        seen=seen[::-1],
        claim=world.claim and 3 - world.claim,
    )


class Protocol:
    """Steps as the product takes them; tests override one to see its invariant fail."""

    # ------------------------------------------------------------ what is asked

    def facts(self, world):
        return world.owed and not world.held

    def may_send(self, world, worker):
        """Ask the lifecycle, just before a message is handed over."""
        return lifecycle.may_send(
            Situation(
                state=world.state,
                mode="live" if world.on else "off",
                is_pilot=False,
                claimed_by=world.claim,
                asking=worker,
                alive=world.locks[worker - 1] and world.hands[worker - 1] != "dead",
                changed=world.seen[worker - 1] != self.facts(world),
            )
        )

    def may_withdraw(self, world):
        return lifecycle.may_withdraw(d for d in world.deliveries if d)

    # -------------------------------------------------------------- the worker

    def worker_steps(self, world, worker):
        hand = world.hands[worker - 1]
        if hand == "idle":
            if world.on and world.state in SENDABLE and world.claim is None and self.is_due(world):
                yield "claims", self.doing(world, worker, "claimed", claim=worker)
            return
        if world.deaths:
            yield "dies", self.doing(world, worker, "dead", deaths=world.deaths - 1)
        if world.deaths and world.locks[worker - 1]:
            lost = {"locks": put(world.locks, worker - 1, False), "deaths": world.deaths - 1}
            yield "loses its lock", world._replace(**lost)
        if hand == "claimed":
            yield "prepares", self.prepare(world, worker)
        elif hand.startswith("ready"):
            contact = int(hand[-1])
            yield f"asks about {contact}", self.gate(world, worker, contact)
        elif hand.startswith("talks"):
            contact = int(hand[-1])
            for answer in ANSWERS:
                heard = self.answered(world, worker, contact, answer)
                yield f"hears {answer} of {contact}", heard
        elif hand.startswith("heard"):
            _heard, answer, contact = hand.split()
            yield f"records {contact}", self.record(world, worker, int(contact), answer)
        elif hand == "settles":
            yield "settles", self.settle(world, worker)

    def is_due(self, world):
        untried = world.state == "issued" and world.deliveries == (None, None)
        return untried or "queued" in world.deliveries

    def doing(self, world, worker, what, **changes):
        return world._replace(hands=put(world.hands, worker - 1, what), **changes)

    def is_mailed(self, world):
        return any(d in ACCEPTED or d == "uncertain" for d in world.deliveries)

    def prepare(self, world, worker):
        """Recheck, and queue the deliveries; what is not owed any more is withheld or cancelled."""
        if world.claim != worker or world.state not in SENDABLE:
            return self.doing(world, worker, "settles")
        if not self.facts(world):
            return self.doing(self.withhold(world), worker, "settles")
        made = tuple(d or "queued" for d in world.deliveries)
        seen = put(world.seen, worker - 1, self.facts(world))
        return self.go_on(world._replace(deliveries=made, seen=seen), worker, 0)

    def withhold(self, world):
        deliveries = tuple("cancelled" if d == "queued" else d for d in world.deliveries)
        state = world.state if self.is_mailed(world) else "cancelled"
        return world._replace(deliveries=deliveries, state=state)

    def go_on(self, world, worker, contact):
        """Turn to the next contact that is due."""
        for index in range(contact, len(CONTACTS)):
            if world.deliveries[index] == "queued":
                return self.doing(world, worker, f"ready {index}")
        return self.doing(world, worker, "settles")

    def gate(self, world, worker, contact):
        no = self.may_send(world, worker)
        if no in (No.BURIED, No.TAKEN_AWAY, No.CANCELLED, No.MODE_OFF):
            return self.doing(world, worker, "settles")
        if no is No.CHANGED:
            return self.doing(world, worker, "claimed")
        if no or not lifecycle.allowed(world.deliveries[contact], State.SENDING):
            return self.go_on(world, worker, contact + 1)
        sending = put(world.deliveries, contact, "sending")
        return self.doing(world, worker, f"talks {contact}", deliveries=sending)

    def answered(self, world, worker, contact, answer):
        heard = self.doing(world, worker, f"heard {answer} {contact}")
        if not answer.startswith("accepted"):
            return heard
        count = world.arrived[contact] + 1
        heard = heard._replace(arrived=put(world.arrived, contact, count))
        if world.told and contact not in world.spared:
            return heard._replace(violation="it arrived after a person had been told that it won't")
        if count > 1 and not world.risk:
            return heard._replace(violation="a contact got it twice, and nobody took that risk")
        return heard

    def record(self, world, worker, contact, answer):
        state, now = AFTER[answer], world.deliveries[contact]
        # What was sent again is another attempt, with a row of its own.
        if now in ("sending", "uncertain") and lifecycle.allowed(now, state):
            world = world._replace(deliveries=put(world.deliveries, contact, state))
            if answer == "later" and world.attempts[contact] < ATTEMPTS:
                attempts = put(world.attempts, contact, world.attempts[contact] + 1)
                queued = put(world.deliveries, contact, "queued")
                # One that was withdrawn meanwhile is not tried again.
                if world.state in SENDABLE:
                    world = world._replace(attempts=attempts, deliveries=queued)
        return self.go_on(world, worker, contact + 1)

    def settle(self, world, worker):
        """Give the reminder back, with what became of its deliveries."""
        world = self.settled(world)
        claim = None if world.claim == worker else world.claim
        return self.doing(
            world, worker, "idle", claim=claim, locks=put(world.locks, worker - 1, True)
        )

    def settled(self, world):
        outcome = outcome_of(world.deliveries)
        if world.state == "cancelled" or not outcome:
            return world
        if not lifecycle.may_become(world.state, outcome):
            return world
        return world._replace(state=outcome)

    # ---------------------------------------------------------------- the dead

    def burials(self, world):
        for worker in WORKERS:
            dead = world.hands[worker - 1] == "dead" or not world.locks[worker - 1]
            if dead and world.hands[worker - 1] != "idle":
                yield f"worker {worker} is buried", self.bury(world, worker)

    def lost(self, world, worker):
        """Return what the worker was sending, as nobody knows what became of it."""
        hand = world.hands[worker - 1]
        if not hand.startswith(("talks", "heard")) and hand != "dead":
            return world.deliveries
        return tuple("uncertain" if d == "sending" else d for d in world.deliveries)

    def bury(self, world, worker):
        mine = world.claim == worker
        world = self.settled(world._replace(deliveries=self.lost(world, worker)))
        return self.gone(world._replace(claim=None if mine else world.claim), worker)

    def gone(self, world, worker):
        if world.hands[worker - 1] != "dead":  # it lives, and finds out at its next question
            return world._replace(locks=put(world.locks, worker - 1, False))
        return self.doing(world, worker, "idle", locks=put(world.locks, worker - 1, True))

    # ------------------------------------------------------- people and books

    def people(self, world):
        if world.acts:
            yield from self.acts(world._replace(acts=world.acts - 1))

    def acts(self, world):
        open_ = world.state in ("issued", "failed", "sent")
        if open_ and self.may_withdraw(world):
            yield "a person cancels", self.cancelled(world)
        if world.state in ("issued", "failed") and self.may_withdraw(world):
            yield "a person marks it as sent", self.withdrawn(world, state="sent")
        if not world.held and self.may_withdraw(world):
            yield "a person holds it", self.promised(world._replace(held=True, claim=None))
        if world.on:
            off = world._replace(on=False, claim=None)
            talks = {c for c in CONTACTS if world.deliveries[c] == "sending"}
            yield "a person switches off", self.promised(off, talks)
        if world.state == "failed" and not world.risk:
            yield "a person retries", self.retried(world)
        if "uncertain" in world.deliveries and not world.risk:
            yield "a person sends it again", self.sent_again(world)

    def cancelled(self, world):
        return self.withdrawn(world, state="cancelled")

    def withdrawn(self, world, state):
        deliveries = tuple("cancelled" if d == "queued" else d for d in world.deliveries)
        return self.promised(world._replace(deliveries=deliveries, state=state, claim=None))

    def promised(self, world, talks=frozenset()):
        """Note that a person was told that nothing goes out any more.

        But for what is on its way and was named, or of which nobody knows whether it went.
        """
        return world._replace(told=True, spared=tuple(sorted(self.doubted(world) | talks)))

    def doubted(self, world):
        """Return the contacts of which nobody knows whether it is on its way."""
        return {c for c in CONTACTS if world.deliveries[c] == "uncertain"} | set(world.doubts)

    def retried(self, world):
        if not world.on or world.held:
            return world
        deliveries = tuple(
            "queued" if d in ("failed", "cancelled", None) else d for d in world.deliveries
        )
        return world._replace(deliveries=deliveries, state="issued", told=False, risk=True)

    def sent_again(self, world):
        if not world.on or world.held or world.state not in SENDABLE | {"failed"}:
            return world
        doubts = tuple(sorted(self.doubted(world)))
        deliveries = tuple("queued" if d == "uncertain" else d for d in world.deliveries)
        state = world.state if world.state != "failed" else "issued"
        again = {"told": False, "risk": True, "doubts": doubts}
        return world._replace(deliveries=deliveries, state=state, **again)

    def books(self, world):
        if world.owed:
            yield "it is paid", world._replace(owed=False)

    # ---------------------------------------------------------------- exploring

    def machine_steps(self, world):
        """Yield what happens without any person: workers, and burials of the dead."""
        for worker in WORKERS:
            for label, after in self.worker_steps(world, worker):
                if not label.startswith(("dies", "loses")):
                    yield f"worker {worker} {label}", after
        yield from self.burials(world)

    def steps(self, world):
        for worker in WORKERS:
            for label, after in self.worker_steps(world, worker):
                yield f"worker {worker} {label}", after
        yield from self.burials(world)
        yield from self.people(world)
        yield from self.books(world)

    def explore(self, start=None):
        """Return all that can come about, and the shortest way to the first violation if any.

        :return: worlds, and the labels of the steps that led to a violation
        """
        start = start or World()
        before = {start: None}
        met, queue = {start}, deque([start])
        while queue:
            world = queue.popleft()
            for label, found in self.steps(world):
                if found in met:
                    continue
                met.add(found)
                after = alike(found)
                if after in before:
                    continue
                before[after] = (label, world)
                if after.violation or self.is_stuck(after):
                    return before, self.way_to(after, before)
                queue.append(after)
        return before, None

    def is_stuck(self, world):
        """Say whether nothing happens any more of itself, though something is to happen."""
        if any(True for _step in self.machine_steps(world)):
            return False
        if world.claim is not None or "sending" in world.deliveries:
            return True
        waits = world.state in SENDABLE and "queued" in world.deliveries
        if waits and world.on:
            return True
        # Not sent, and nobody is told why.
        return world.state == "issued" and world.on and "uncertain" not in world.deliveries

    def way_to(self, world, before):
        last, labels = world, []
        while before[world]:
            label, world = before[world]
            labels.append(label)
        reason = last.violation or "something waits for ever, or nobody is told why it was not sent"
        return [*reversed(labels), reason]
