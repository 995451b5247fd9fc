"""What reminders are issued for: a row for each event, which says what it does to the levels."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .notice import NOTICE_DAYS, recheck_notice
from .recheck import Rechecked, recheck
from .thanks import THANKS_DAYS, recheck_thanks


class Since(StrEnum):
    """What the days of a level count from."""

    DUE_DATE = "due_date"
    LAST_MAIL = "last_mail"
    #: What the event's own plan says.
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the table.

    ``label`` is what its reminders are of, ``rule_label`` what its rules do and ``title`` what one
    of its messages is called, None where the number of its level says it; in English and translated
    by who shows them (an add-on gives texts that translate themselves). ``raises``: its lines count
    as reminders of their receivables, at their level, and while one is unsent it holds them there
    (SPEC rules 5 to 7). ``since``: what the days of its levels count from. ``one_level``: a rule of
    it has no more. ``recheck`` says what is left of one that was issued and not mailed yet, with
    the arguments of :func:`core.recheck.recheck`. ``demands``: it asks for what should have been
    paid, so it may name a day to pay by, and ask interest and costs. ``days``: the least and the
    most that its levels may have, None where they begin the day after the due date.
    """

    code: str
    label: Any
    rule_label: Any
    raises: bool
    since: Since
    one_level: bool = False
    title: Any = None
    recheck: Callable[..., Rechecked] = recheck
    demands: bool = True
    days: tuple[int, int] | None = None

    @property
    def reminds(self) -> bool:
        """Say whether a message of it is one that the days of ``LAST_MAIL`` count from.

        >>> ISSUE.reminds, RESEND.reminds, unknown("gone").reminds
        (True, True, False)
        """
        return self.raises or self.since is Since.LAST_MAIL


def _lt(words: str) -> str:
    """Mark words for translation; the core itself speaks English."""
    return words


ISSUE = Event(
    "issue",
    _lt("Issue"),
    _lt("VYSTAVENI: reminders of invoices"),
    raises=True,
    since=Since.DUE_DATE,
)
RESEND = Event(
    "resend",
    _lt("Resend"),
    _lt("RESEND: list of unpaid invoices"),
    raises=False,
    since=Since.LAST_MAIL,
    one_level=True,
    title=_lt("List of unpaid invoices"),
)
NOTICE = Event(
    "notice",
    _lt("Notice"),
    _lt("UPOZORNENI: notice before the due date"),
    raises=False,
    since=Since.DUE_DATE,
    one_level=True,
    title=_lt("Notice before the due date"),
    recheck=recheck_notice,
    demands=False,
    days=NOTICE_DAYS,
)
THANKS = Event(
    "thanks",
    _lt("Thanks"),
    _lt("PODEKOVANI: thanks for the payment"),
    raises=False,
    since=Since.OWN,
    one_level=True,
    title=_lt("Thanks for the payment"),
    recheck=recheck_thanks,
    demands=False,
    days=THANKS_DAYS,
)
#: This program's own rows; `upominky.event` has those of other add-ons too.
TABLE = (ISSUE, RESEND, NOTICE, THANKS)


def unknown(code: str) -> Event:
    """Return a row for what an add-on issued that is gone: it raises nothing, and is never due.

    >>> unknown("gone").raises
    False
    """
    return Event(code, code, code, raises=False, since=Since.OWN)
