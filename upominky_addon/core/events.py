"""What reminders are issued for: a row for each event, which says what it does to the levels."""

from dataclasses import dataclass
from enum import StrEnum


class Since(StrEnum):
    """What the days of a level count from."""

    DUE_DATE = "due_date"
    LAST_MAIL = "last_mail"


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the table.

    ``raises``: its lines count as reminders of their receivables, at their level, and while one is
    unsent it holds them there (SPEC rules 5 to 7); ``levels`` is how many a rule may have, None for
    any number; ``since`` what their days count from.
    """

    code: str
    label: str
    raises: bool
    since: Since
    levels: int | None = None


ISSUE = Event("issue", "Issue", raises=True, since=Since.DUE_DATE)
RESEND = Event("resend", "Resend", raises=False, since=Since.LAST_MAIL, levels=1)
TABLE = {event.code: event for event in (ISSUE, RESEND)}
#: Codes of the events whose lines raise a level, as a list of SQL.
RAISING = ", ".join(f"'{event.code}'" for event in TABLE.values() if event.raises)


def labels() -> list[tuple[str, str]]:
    """Return codes and names, in English, as a selection has them.

    >>> labels()
    [('issue', 'Issue'), ('resend', 'Resend')]
    """
    return [(event.code, event.label) for event in TABLE.values()]
