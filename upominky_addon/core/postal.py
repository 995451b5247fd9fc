"""The postal address of a letter, in one line, as people read it in lists."""

from collections.abc import Iterable

#: Characters of a part of an address; what is longer is no address.
LONGEST_PART = 120


def postal_line(names: Iterable[str], streets: Iterable[str], code: str, city: str) -> str:
    r"""Return an address in one line; nothing if a street or a place is missing.

    :param names: of who is addressed, the customer first
    :param code: the postal code

    >>> postal_line(["Kůň s.r.o.", "Účtárna", "Kůň s.r.o."], ["Dlouhá 1", ""], "110 00", "Praha")
    'Kůň s.r.o., Účtárna, Dlouhá 1, 110 00 Praha'
    >>> postal_line(["Kůň s.r.o."], ["  "], "110 00", "Praha")
    ''
    >>> postal_line(["Kůň s.r.o."], ["Dlouhá 1"], "110 00", "")
    ''
    >>> long = postal_line(["a\n b"], ["x" * 1000], "", "Praha")
    >>> long[:8], len(long)
    ('a b, xxx', 132)
    """
    lines = [line for street in streets if (line := _part(street))]
    place = _part(city)
    if not lines or not place:
        return ""
    known = dict.fromkeys(name for each in names if (name := _part(each)))
    return ", ".join([*known, *lines, f"{_part(code)} {place}".strip()])


def _part(text: str) -> str:
    """Return a part of an address without the blanks that are too many, cut to a sane length."""
    return " ".join((text or "")[: 4 * LONGEST_PART].split())[:LONGEST_PART]
