"""Attempts to deliver a message: when the next one comes, and which reports settle one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from .lifecycle import State

MAX_ATTEMPTS = 6
#: Pauses before the second to the sixth attempt.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: Before a server that refuses the sender, whatever the message, is asked again.
SESSION_PAUSE = timedelta(minutes=15)
#: A reminder that nobody tried for so long is no longer what it says.
STALE_AFTER = timedelta(days=7)


class Taken(Enum):
    """What became of handing a message over."""

    ACCEPTED = 1
    REFUSED = 2
    #: Another attempt may succeed.
    LATER = 3
    #: Nobody knows: it may have been accepted.
    UNKNOWN = 4
    #: Whoever takes messages refuses the sender, whatever the message: no attempt is used up.
    SENDER_REFUSED = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel says of handing a message over, and why, in words of people.

    ``detail`` is the channel's own.
    """

    taken: Taken
    words: str = ""
    detail: Any = None


ACCEPTED = Answer(Taken.ACCEPTED)


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
