"""The states of a reminder and of its deliveries, and the one answer to “may this go out now?”.

Everybody asks here: the claim, the recheck, the statement just before a message is handed over,
and every button. Between any two of them a person, the books or another worker may act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reminder(StrEnum):
    """States of an issued reminder."""

    TO_APPROVE = "to_approve"
    ISSUED = "issued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class State(StrEnum):
    """States of one attempt to deliver one reminder to one address."""

    QUEUED = "queued"
    #: On paper: to be printed, and printed but not posted yet.
    TO_PRINT = "to_print"
    PRINTED = "printed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


#: Which state of a reminder may follow which.
REMINDER_STEPS: dict[Reminder, frozenset[Reminder]] = {
    Reminder.TO_APPROVE: frozenset(
        {Reminder.ISSUED, Reminder.SENT, Reminder.FAILED, Reminder.CANCELLED}
    ),
    # A final notice that is not any more what was approved goes back to whoever approves.
    Reminder.ISSUED: frozenset(
        {Reminder.TO_APPROVE, Reminder.SENT, Reminder.FAILED, Reminder.CANCELLED}
    ),
    # What came back, or was not posted after all, while its letter lies here has reached nobody.
    Reminder.SENT: frozenset({Reminder.ISSUED, Reminder.FAILED, Reminder.CANCELLED}),
    Reminder.FAILED: frozenset(
        {Reminder.TO_APPROVE, Reminder.ISSUED, Reminder.SENT, Reminder.CANCELLED}
    ),
    Reminder.CANCELLED: frozenset(),
}

#: Which state of a delivery may follow which. A message that comes back late never leads backwards.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.FAILED, State.CANCELLED}),
    State.TO_PRINT: frozenset({State.PRINTED, State.FAILED, State.CANCELLED}),
    # What was printed by mistake waits again; what is not to be posted is thrown away.
    State.PRINTED: frozenset({State.TO_PRINT, State.SENT, State.CANCELLED}),
    # A receipt may be back before the worker, or instead of one that died.
    State.SENDING: frozenset(
        {State.SENT, State.FAILED, State.UNCERTAIN, State.DELIVERED, State.READ, State.BOUNCED}
    ),
    State.UNCERTAIN: frozenset(
        {State.SENT, State.DELIVERED, State.READ, State.BOUNCED, State.FAILED, State.CANCELLED}
    ),
    # A letter that was taken for posted by mistake still lies there printed.
    State.SENT: frozenset({State.DELIVERED, State.READ, State.BOUNCED, State.PRINTED}),
    State.DELIVERED: frozenset({State.READ}),
    State.READ: frozenset(),
    State.BOUNCED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}

ACCEPTED = frozenset({State.SENT, State.DELIVERED, State.READ})
#: Nothing of it is out: people, the recheck and a changed address may still take it back.
WAITING = frozenset({State.QUEUED, State.TO_PRINT})
#: Still to go out, or going out now.
UNDER_WAY = WAITING | {State.SENDING, State.PRINTED}
#: A letter that people have not posted yet.
ON_PAPER = frozenset({State.TO_PRINT, State.PRINTED})
OPEN = UNDER_WAY | {State.UNCERTAIN}
#: A contact has it, or may have it.
TOLD = ACCEPTED | {State.UNCERTAIN}
#: Somebody had it, has it or may have it.
LEFT_THE_HOUSE = TOLD | {State.BOUNCED}
#: What it says is said: it was told, or stands on paper that may be posted at any moment.
FROZEN = TOLD | {State.PRINTED}
REFUSED = frozenset({State.FAILED, State.BOUNCED})
#: Of these a worker takes reminders up; the others wait for a person or are over.
SENDABLE = frozenset({Reminder.ISSUED, Reminder.SENT})
#: Of these a person may send a reminder.
SENDABLE_BY_HAND = SENDABLE | {Reminder.FAILED}
#: A reminder in one of these is still to be brought to its end. Unless it was mailed, it is read
#: anew before anything is done with it.
UNFINISHED = frozenset({Reminder.TO_APPROVE, Reminder.ISSUED, Reminder.FAILED})
#: The state that tells most about a reminder: what is open, then what is best.
_TELLING = (
    State.UNCERTAIN,
    State.SENDING,
    State.QUEUED,
    State.TO_PRINT,
    State.PRINTED,
    State.READ,
    State.DELIVERED,
    State.SENT,
    State.BOUNCED,
    State.FAILED,
    State.CANCELLED,
)


class No(StrEnum):
    """Why a reminder may not go out now."""

    CANCELLED = "cancelled"
    TO_APPROVE = "to_approve"
    FAILED = "failed"
    MODE_OFF = "mode_off"
    NOT_PILOT = "not_pilot"
    TAKEN_AWAY = "taken_away"
    BURIED = "buried"
    CLOSED = "closed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Situation:
    """What bears on whether a reminder may go out now, as read in one statement.

    ``claimed_by`` is the run that has it in hand, ``asking`` the run of the worker that asks (None:
    a person), ``alive`` whether that run still counts as alive. ``closed`` says whether it has to
    wait for another hour (SPEC rule 35), ``changed`` whether what its message was written from
    differs from now, as by a payment.
    """

    state: str
    mode: str
    is_pilot: bool
    claimed_by: int | None = None
    asking: int | None = None
    alive: bool = True
    changed: bool = False
    closed: bool = False


def may_send(now: Situation) -> No | None:
    """Return why a reminder may not go out now; None if it may.

    Freezing a mailed reminder freezes its amounts, never this permission (SPEC rule 17).

    >>> may_send(Situation("issued", "live", False, claimed_by=7, asking=7))
    >>> may_send(Situation("issued", "live", False, claimed_by=None, asking=7)).value
    'taken_away'
    >>> may_send(Situation("failed", "pilot", True)), may_send(Situation("failed", "live", False))
    (None, None)
    """
    return _state_says(now) or _company_says(now) or _worker_says(now) or _books_say(now)


def _state_says(now: Situation) -> No | None:
    sendable = SENDABLE_BY_HAND if now.asking is None else SENDABLE
    return None if now.state in sendable else No(now.state)


def mode_stops(mode: str, is_pilot: bool) -> No | None:
    """Return why a company's mode keeps a customer from being reminded; None if it does not.

    The home of SPEC rule 16: job 1, the preview, the claim, buttons and the gate all ask here.

    >>> mode_stops("pilot", False).value, mode_stops("pilot", True), mode_stops("live", False)
    ('not_pilot', None, None)
    """
    if mode == "live" or (mode == "pilot" and is_pilot):
        return None
    return No.NOT_PILOT if mode == "pilot" else No.MODE_OFF


def _company_says(now: Situation) -> No | None:
    return mode_stops(now.mode, now.is_pilot)


def _worker_says(now: Situation) -> No | None:
    if now.asking is None:
        return None
    if not now.alive:
        return No.BURIED
    if now.claimed_by != now.asking:
        return No.TAKEN_AWAY
    return No.CLOSED if now.closed else None


def _books_say(now: Situation) -> No | None:
    return No.CHANGED if now.changed else None


def may_withdraw(deliveries: Iterable[str]) -> bool:
    """Say whether a person may still keep a reminder from going out.

    Not while a message of it is being handed over: whatever the person was told, it would arrive.

    >>> may_withdraw(["queued", "sent"]), may_withdraw(["sending"])
    (True, False)
    """
    return State.SENDING not in {State(state) for state in deliveries}


def allowed(old: str, new: str) -> bool:
    """Say whether a delivery may go from ``old`` to ``new``.

    >>> allowed("sent", "delivered"), allowed("read", "delivered")
    (True, False)
    """
    return State(new) in TRANSITIONS[State(old)]


def may_become(old: str, new: str) -> bool:
    """Say whether a reminder may go from ``old`` to ``new``, or stay.

    >>> may_become("issued", "sent"), may_become("cancelled", "sent"), may_become("sent", "sent")
    (True, False, True)
    """
    return old == new or Reminder(new) in REMINDER_STEPS[Reminder(old)]


def outcome(contacts: Iterable[str]) -> str | None:
    """Return what the states of the contacts' last attempts make of the reminder.

    One accepted contact is enough for ``sent``; all refused is ``failed``; None leaves it open.

    >>> outcome(["failed", "sent"]), outcome(["failed", "queued"]), outcome(["failed", "bounced"])
    ('sent', None, 'failed')
    >>> outcome(["sent", "to_print"]), outcome(["failed", "printed"])
    ('sent', None)
    """
    states = {State(state) for state in contacts}
    if states & ACCEPTED:
        return "sent"
    if states & OPEN or not states & REFUSED:
        return None
    return "failed"


def is_left_on_paper(contacts: Iterable[str]) -> bool:
    """Say whether nobody has a reminder, and a letter of it lies there to be posted.

    Then it was not sent, whatever was thought of it before its e-mail came back (SPEC rule 7).

    >>> is_left_on_paper(["bounced", "to_print"]), is_left_on_paper(["printed"])
    (True, True)
    >>> is_left_on_paper(["bounced", "sent", "printed"]), is_left_on_paper(["bounced", "queued"])
    (False, False)
    >>> is_left_on_paper(["bounced", "uncertain", "printed"])
    False
    """
    states = {State(state) for state in contacts}
    return bool(states & ON_PAPER) and not states & TOLD


def summary(contacts: Iterable[str]) -> str | None:
    """Return the one state that tells most about a reminder's contacts.

    >>> summary(["failed", "read"]), summary([])
    ('read', None)
    """
    states = {State(state) for state in contacts}
    return next((state.value for state in _TELLING if state in states), None)
