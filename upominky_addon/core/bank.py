"""Whether a company's bank data are fresh enough to remind anybody by them."""

from datetime import date


def is_too_old(last: date | None, most_days: int, today: date) -> bool:
    """Say whether the last bank data are older than they may be.

    :param last: the day of the last line of a bank statement, None if there is none
    :param most_days: how many days old they may be; 0 or less switches the question off

    >>> from datetime import date
    >>> may = lambda day: date(2026, 5, day)
    >>> is_too_old(may(1), 3, may(4)), is_too_old(may(1), 3, may(5)), is_too_old(may(1), 0, may(31))
    (False, True, False)
    >>> is_too_old(None, 3, may(1))
    True
    """
    if most_days <= 0:
        return False
    return last is None or (today - last).days > most_days
