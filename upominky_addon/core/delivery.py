"""What may happen to a message, when it is tried again, and what its reminder makes of it."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 6
#: Pauses before the second to the sixth attempt.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: A reminder that nobody tried for so long is no longer what it says.
STALE_AFTER = timedelta(days=7)


class State(StrEnum):
    """States of one attempt to deliver one reminder to one address."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


#: Which state may follow which. A message that comes back late never leads backwards.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.FAILED, State.CANCELLED}),
    # A receipt may be back before the worker, or instead of one that died.
    State.SENDING: frozenset(
        {State.SENT, State.FAILED, State.UNCERTAIN, State.DELIVERED, State.READ, State.BOUNCED}
    ),
    State.UNCERTAIN: frozenset(
        {State.SENT, State.DELIVERED, State.READ, State.BOUNCED, State.FAILED, State.CANCELLED}
    ),
    State.SENT: frozenset({State.DELIVERED, State.READ, State.BOUNCED}),
    State.DELIVERED: frozenset({State.READ}),
    State.READ: frozenset(),
    State.BOUNCED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}

ACCEPTED = frozenset({State.SENT, State.DELIVERED, State.READ})
OPEN = frozenset({State.QUEUED, State.SENDING, State.UNCERTAIN})
REFUSED = frozenset({State.FAILED, State.BOUNCED})
#: The state that tells most about a reminder: what is open, then what is best.
_TELLING = (
    State.UNCERTAIN,
    State.SENDING,
    State.QUEUED,
    State.READ,
    State.DELIVERED,
    State.SENT,
    State.BOUNCED,
    State.FAILED,
    State.CANCELLED,
)


def allowed(old: str, new: str) -> bool:
    """Say whether a delivery may go from ``old`` to ``new``.

    >>> allowed("sent", "delivered"), allowed("read", "delivered")
    (True, False)
    """
    return State(new) in TRANSITIONS[State(old)]


def settles_itself(new: str, envelope_asked: bool, envelope_right: bool) -> bool:
    """Say whether a report that leads to ``new`` settles a delivery, or waits for a person.

    Whoever got a message knows its Message-ID, and could make up a failure that holds his debts at
    their level. Its ENVID (RFC 3461) only mail servers saw: where one was asked for, a failure
    without it proves nothing. Everything else needs none: who knows the Message-ID shows by it that
    the message came somewhere, which is all that “relayed”, “delayed”, “delivered” or “read” say.

    :param new: the state that it would bring the delivery to
    :param envelope_asked: whether the server was asked to name the ENVID in its reports
    :param envelope_right: whether the report names it

    >>> settles_itself("bounced", True, False), settles_itself("bounced", False, False)
    (False, True)
    >>> settles_itself("bounced", True, True), settles_itself("delivered", True, False)
    (True, True)
    """
    return State(new) != State.BOUNCED or envelope_right or not envelope_asked


def pause_after(attempt: int) -> timedelta | None:
    """Return the pause after the failed ``attempt`` (from 1), None when it was the last.

    >>> pause_after(1), pause_after(6)
    (datetime.timedelta(seconds=300), None)
    """
    return PAUSES[attempt - 1] if attempt < MAX_ATTEMPTS else None


def is_temporary(code: int | None) -> bool:
    """Say whether an SMTP answer promises that a later attempt may succeed (RFC 5321, 4.2.1).

    No answer at all, as when nobody listens, is temporary.

    >>> is_temporary(None), is_temporary(451), is_temporary(550)
    (True, True, False)
    """
    return code is None or code < 500


def outcome(contacts: Iterable[str]) -> str | None:
    """Return what the states of the contacts' last attempts make of the reminder.

    One accepted contact is enough for ``sent``; all refused is ``failed``; None leaves it open.

    >>> outcome(["failed", "sent"]), outcome(["failed", "queued"]), outcome(["failed", "bounced"])
    ('sent', None, 'failed')
    """
    states = {State(state) for state in contacts}
    if states & ACCEPTED:
        return "sent"
    if states & OPEN or not states & REFUSED:
        return None
    return "failed"


def summary(contacts: Iterable[str]) -> str | None:
    """Return the one state that tells most about a reminder's contacts.

    >>> summary(["failed", "read"]), summary([])
    ('read', None)
    """
    states = {State(state) for state in contacts}
    return next((state.value for state in _TELLING if state in states), None)
