"""How long something has been overdue, in the columns that people read it by."""

#: How many days overdue each column begins and ends with.
AGES = ((1, 7), (8, 30), (31, 60), (61, 90), (91, None))


def age_of(days: int) -> int | None:
    """Return the index in :data:`AGES` of what is so many days overdue; None: it is not.

    >>> [age_of(days) for days in (-3, 0, 1, 7, 8, 90, 91, 4000)]
    [None, None, 0, 0, 1, 3, 4, 4]
    """
    reached = [index for index, (start, _end) in enumerate(AGES) if days >= start]
    return reached[-1] if reached else None
