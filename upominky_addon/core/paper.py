"""A letter on paper: where things stand on its first page.

DIN 5008 (2020), form B, for envelopes DL and C5/6 with a window: lengths in millimetres from the
edges of a sheet of A4.
"""

from dataclasses import dataclass

#: The last line but one of an address where a country has no pattern of its own.
ODOOS_PLACE = "%(city)s %(state_code)s %(zip)s"
#: Countries without one whose post wants the postcode before the town.
POSTCODE_FIRST = frozenset({"CZ", "SK"})
#: The field of the address in the window: its edges, its width and its height.
ADDRESS_LEFT = 20
ADDRESS_TOP = 45
ADDRESS_WIDTH = 85
ADDRESS_HEIGHT = 45
#: Of its height, what is the sender's, above the receiver.
SENDER_HEIGHT = 17.7
#: Lines of the receiver that the window shows; DIN has six.
ADDRESS_LINES = 6
#: Where the block of information stands, and where the text begins.
FACTS_LEFT = 125
FACTS_TOP = 50
FACTS_WIDTH = 75
TEXT_TOP = 98.5
#: Where the head of a company's own layout stands: above the window, whatever the margin is.
LETTERHEAD_TOP = 8
LETTERHEAD_HEIGHT = ADDRESS_TOP - LETTERHEAD_TOP - 2
#: Where the sheet is folded for DL, and where it is holed.
FOLDS = (105, 210)
HOLE = 148.5
MARK_LEFT = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper of a letter: its size and margins in millimetres.

    ``format`` is a name of CSS, as ``A4``, or two lengths.
    """

    format: str
    top: float
    right: float
    bottom: float
    left: float

    @property
    def head(self) -> float:
        """Return how much of the first page lies between its margin and the text.

        >>> Sheet("A4", 20, 20, 20, 25).head, Sheet("A4", 120, 20, 20, 25).head
        (78.5, 0)
        """
        return max(0, TEXT_TOP - self.top)

    def across(self, place: float) -> float:
        """Return how far right of the left margin a place is, whose distance from the edge is told.

        >>> Sheet("A4", 20, 20, 20, 25).across(ADDRESS_LEFT)
        -5
        """
        return place - self.left

    def down(self, place: float) -> float:
        """Return how far below the upper margin a place is, whose distance from the edge is told.

        >>> Sheet("A4", 20, 20, 20, 25).down(ADDRESS_TOP)
        25
        """
        return place - self.top


def written_address(pattern: str, country: str) -> str:
    r"""Return how an address is written, with the postcode before the town where the post wants it.

    Odoo has no pattern of its own for these countries and writes the postcode last; one that an
    administrator wrote stays (Universal Postal Union, Czech and Slovak addressing sheets).

    :param pattern: as Odoo has it, with ``%(field)s``
    :param country: its code

    >>> written_address("%(street)s\n%(city)s %(state_code)s %(zip)s", "CZ")
    '%(street)s\n%(zip)s %(city)s'
    >>> written_address("%(street)s\n%(city)s %(state_code)s %(zip)s", "US")
    '%(street)s\n%(city)s %(state_code)s %(zip)s'
    """
    if country not in POSTCODE_FIRST:
        return pattern
    return pattern.replace(ODOOS_PLACE, "%(zip)s %(city)s")


def address_lines(text: str, country: str = "") -> tuple[str, ...]:
    r"""Return the lines of an address that fit the window.

    What is too much is left out of its middle: the name, and place and country are needed.

    :param text: an address as its country writes it
    :param country: a last line that is left out: letters within a country do not name it

    >>> address_lines("Kůň s.r.o.\n\n Dlouhá 1 \n110 00 Praha\nČesko", "Česko")
    ('Kůň s.r.o.', 'Dlouhá 1', '110 00 Praha')
    >>> address_lines("a\nb\nc\nd\ne\nf\ng\nh")
    ('a', 'b', 'c', 'd', 'g', 'h')
    """
    lines = [line for part in text.splitlines() if (line := " ".join(part.split()))]
    if country and lines[-1:] == [country]:
        lines.pop()
    if len(lines) > ADDRESS_LINES:
        lines[ADDRESS_LINES - 2 : -2] = []
    return tuple(lines)
