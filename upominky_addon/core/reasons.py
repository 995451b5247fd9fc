"""Every reason why a receivable is reminded or not: one table, which all others follow.

The first reason that applies, in the order of the table, is the one that is told. An add-on adds a
row of its own with :func:`register`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """The codes of the table's own rows; those of add-ons are plain texts."""

    NO_RULE = "no_rule"
    RULE_BROKEN = "rule_broken"
    EXCLUDED = "excluded"
    EXCLUDED_BY_RULE = "excluded_by_rule"
    NO_FOLLOWUP = "no_followup"
    NO_DUE_DATE = "no_due_date"
    BLOCKED = "blocked"
    ON_HOLD = "on_hold"
    BEFORE_START = "before_start"
    PREVIOUS_NOT_SENT = "previous_not_sent"
    LAST_LEVEL_REACHED = "last_level_reached"
    MANUAL_LEVEL = "manual_level"
    NOT_DUE_YET = "not_due_yet"
    WAITS_AFTER_PREVIOUS = "waits_after_previous"
    CREDIT_OPEN = "credit_open"
    COVERED_BY_CREDITS = "covered_by_credits"
    BELOW_MINIMUM = "below_minimum"
    MODE_OFF = "mode_off"
    PILOT = "pilot"
    NO_EMAIL = "no_email"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the table.

    ``label`` is what the preview says, in English and translated by who shows it (an add-on gives a
    text that translates itself, so that its own words are found); ``passes``: by itself, as days go
    by, so that a next date can be told; ``untouchable``: no reminder may touch the receivable, nor
    count a credit against it; ``dropped``: what is said of a line that drops out for it after it
    was issued, None where none does.
    """

    code: str
    label: Any
    passes: bool = False
    untouchable: bool = False
    dropped: Any = None


def _lt(words: str) -> str:
    """Mark words for translation; the core itself speaks English."""
    return words


_BROKEN = _lt("The filter of the rule cannot be evaluated any more")
_NO_REMINDERS = _lt("The customer gets no reminders")
_LEFT_OUT = _lt("The rule leaves the invoice out")
_NO_FOLLOWUP = _lt("The item is marked as not to be followed up")
_BLOCKED = _lt("The invoice is blocked")
_CREDIT = _lt("The customer has an open credit")
_COVERED = _lt("Covered by open credits")
_MINIMUM = _lt("Below the minimum")
_UNSENT = _lt("The previous reminder has not been sent")

_table = [
    Reason(Code.NO_RULE, _lt("No rule covers the customer")),
    Reason(Code.RULE_BROKEN, _BROKEN, untouchable=True, dropped=_BROKEN),
    Reason(Code.EXCLUDED, _NO_REMINDERS, untouchable=True, dropped=_NO_REMINDERS),
    Reason(Code.EXCLUDED_BY_RULE, _LEFT_OUT, untouchable=True, dropped=_LEFT_OUT),
    Reason(Code.NO_FOLLOWUP, _NO_FOLLOWUP, untouchable=True, dropped=_NO_FOLLOWUP),
    Reason(
        Code.NO_DUE_DATE, _lt("The item has no due date"), dropped=_lt("The item has no due date")
    ),
    Reason(Code.BLOCKED, _BLOCKED, untouchable=True, dropped=_BLOCKED),
    Reason(Code.ON_HOLD, _lt("On hold"), passes=True, untouchable=True, dropped=_lt("On hold")),
    Reason(Code.BEFORE_START, _lt("Due before the start date: by hand only")),
    Reason(Code.PREVIOUS_NOT_SENT, _UNSENT),
    Reason(Code.LAST_LEVEL_REACHED, _lt("The last level was reached")),
    Reason(Code.MANUAL_LEVEL, _lt("The next level is issued by hand")),
    Reason(
        Code.NOT_DUE_YET,
        _lt("Not overdue long enough"),
        passes=True,
        dropped=_lt("Not overdue any more"),
    ),
    Reason(Code.WAITS_AFTER_PREVIOUS, _lt("Waits after the previous reminder"), passes=True),
    Reason(Code.CREDIT_OPEN, _CREDIT, dropped=_CREDIT),
    Reason(Code.COVERED_BY_CREDITS, _COVERED, dropped=_COVERED),
    Reason(Code.BELOW_MINIMUM, _MINIMUM, dropped=_MINIMUM),
    Reason(Code.MODE_OFF, _lt("Reminders are switched off")),
    Reason(Code.PILOT, _lt("Pilot: not a pilot customer")),
    Reason(Code.NO_EMAIL, _lt("Will be issued, but there is no e-mail address")),
    Reason(Code.DUE, _lt("Will be issued")),
]
_by_code: dict[str, tuple[int, Reason]] = {}


def _read_table() -> None:
    _by_code.clear()
    _by_code.update({str(row.code): (place, row) for place, row in enumerate(_table)})


def table() -> tuple[Reason, ...]:
    """Return the rows in their order."""
    return tuple(_table)


def register(reason: Reason, before: str) -> None:
    """Add a row before another one; a row of the same code is replaced.

    :param reason: what an add-on knows of
    :param before: code of the row that it comes before
    :raises KeyError: if there is no such row
    """
    _table[:] = [row for row in _table if row.code != reason.code]
    _read_table()
    _table.insert(_by_code[before][0], reason)
    _read_table()


def passes(codes: Iterable[str]) -> bool:
    """Say whether all of these reasons pass by themselves.

    >>> passes([Code.ON_HOLD, Code.NOT_DUE_YET]), passes([Code.BLOCKED]), passes([])
    (True, False, True)
    """
    return all(_by_code[code][1].passes for code in codes)


def untouchable(codes: Iterable[str]) -> list[str]:
    """Return those of the reasons for which no reminder may touch a receivable.

    >>> untouchable([Code.MANUAL_LEVEL, Code.ON_HOLD])
    [<Code.ON_HOLD: 'on_hold'>]
    """
    return [code for code in codes if _by_code[code][1].untouchable]


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Return reasons in the order of the table.

    >>> in_order([Code.DUE, Code.NO_RULE])
    (<Code.NO_RULE: 'no_rule'>, <Code.DUE: 'due'>)
    """
    return tuple(sorted(codes, key=lambda code: _by_code[code][0]))


_read_table()
