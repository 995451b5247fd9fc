"""Levels that invoices reached in another system: a file of them is read and checked row by row.

Nothing is guessed: a row that may mean two things, or that contradicts what is known, is told with
its line. What is right is given as plain values, and whoever asks writes them.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .cells import SEPARATORS, guarded, unguarded
from .schedule import Past, Rule

MOST_ROWS = 50_000
MOST_BYTES = 20_000_000
#: A number that is longer is no document's: what such a cell holds is not looked for.
MOST_LETTERS = 200
#: No book that is still open was begun before it: an earlier day is a slip of the pen.
FIRST_DAY = date(2000, 1, 1)
#: What the columns may be called, as :func:`folded` writes it.
COLUMNS = {
    "number": ("number", "invoice", "invoice number", "cislo", "cislo faktury", "faktura"),
    "customer": ("customer", "partner", "odberatel", "zakaznik"),
    "level": ("level", "uroven", "poradi", "poradi upominky", "stupen"),
    "day": ("day", "date", "issue date", "den", "datum", "datum upominky", "vystaveno"),
    "sent": ("sent", "sent on", "sent date", "odeslano", "datum odeslani"),
}
REQUIRED = ("number", "level", "day")
#: A first line by which spreadsheets are told what stands between the cells.
_TOLD = re.compile(r"sep=", re.IGNORECASE)


class PastLevelError(ValueError):
    """What is wrong with a file or a row: a code, and values for its sentence."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file, by the line on which it begins.

    ``is_longer``: it has more cells than there are columns, so that nobody knows which is which.
    """

    line: int
    number: str
    level: str
    day: str
    customer: str = ""
    sent: str = ""
    is_longer: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """An item on a customer's account that goes by a number: the document's, or its own.

    ``names`` are what its customer is known by, :func:`folded`; ``is_own``: of the company whose
    levels are brought over; ``is_open``: something is left to pay of it, and it may be reminded.
    """

    id: int
    move_id: int
    customer: int
    customer_name: str
    names: frozenset[str]
    company: str
    due: date | None
    currency: int
    residual: Decimal
    lang: str | None = None
    is_invoice: bool = True
    is_own: bool = True
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """What a right row says: these items had a reminder of this level on that day."""

    line: int
    items: tuple[Owed, ...]
    level: int
    day: date
    sent: date

    @property
    def customer(self) -> int:
        """Return whose items they are."""
        return self.items[0].customer


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the row on a line: a code, and values for its sentence."""

    line: int
    code: str
    values: Mapping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked: ``rows`` with anything in them, what is right, what is wrong."""

    rows: int
    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]

    @property
    def wrong_rows(self) -> int:
        """Return how many rows something is wrong with."""
        return len({problem.line for problem in self.problems})


@dataclass(frozen=True, slots=True)
class Known:
    """What the books say of the numbers in a file.

    ``owed`` are items by number, ``rules`` those that apply to customers (None: none does),
    ``past`` the highest reminder that counts of each item.
    """

    owed: Mapping[str, list[Owed]]
    rules: Mapping[int, Rule | None]
    past: Mapping[int, Past]


# ------------------------------------------------------------------ reading


def folded(text: str | None) -> str:
    """Return a text without what people write one way or the other: case, accents, spaces.

    >>> folded("  Číslo_faktury: "), folded("Odběratel   s.r.o.")
    ('cislo faktury', 'odberatel s.r.o.')
    """
    plain = unicodedata.normalize("NFKD", text or "")
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.replace("_", " ").replace(":", " ").casefold().split())


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, with or without its mark, UTF-16 with it, else cp1250.

    :raises PastLevelError: if it is none of them, or no text

    >>> decoded("č".encode("utf-8-sig")), decoded("č".encode("cp1250"))
    ('č', 'č')
    """
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1250"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise PastLevelError("no_text")


def rows(content: bytes) -> tuple[Row, ...]:
    r"""Return the rows of a CSV file that say anything of a reminder.

    :raises PastLevelError: for what is wrong with the file as a whole

    >>> found = rows(b"number;level;day;sent\r\n\r\n2026001;1;4.5.2026;\r\n2026002;;;")
    >>> [(row.line, row.number, row.level, row.day) for row in found]
    [(3, '2026001', '1', '4.5.2026')]
    """
    if len(content) > MOST_BYTES:
        raise PastLevelError("file_too_large", most=MOST_BYTES // 1_000_000)
    lines = _lines(decoded(content))
    _line, head = next(lines, (0, []))
    places = _places(head)
    found = []
    for line, cells in lines:
        row = _row(line, cells, places, len(head))
        if row.level or row.day or row.sent:
            found.append(row)
        if len(found) > MOST_ROWS:
            raise PastLevelError("too_many_rows", most=MOST_ROWS)
    if not found:
        raise PastLevelError("no_rows")
    return tuple(found)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text that are not empty, each with the line on which it begins.

    A first line “sep=;” tells spreadsheets what stands between the cells, and is no row.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise PastLevelError("line_unreadable", line=line) from error
        if any(cell.strip() for cell in cells) and not (line == 1 and _TOLD.match(cells[0])):
            yield line, cells


def _separator(text: str) -> str:
    r"""Return what stands between the cells: what is found most often in the first line.

    >>> _separator("number;level;day"), _separator("sep=,\r\nnumber,level,day")
    (';', ',')
    """
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(SEPARATORS, key=head.count)


def _places(head: Iterable[str]) -> dict[str, int]:
    """Return in which place each column stands.

    :raises PastLevelError: if one is missing, or stands there twice
    """
    places: dict[str, int] = {}
    for place, title in enumerate(map(folded, head)):
        column = next((name for name, titles in COLUMNS.items() if title in titles), None)
        if column in places:
            raise PastLevelError("column_twice", columns=(column,))
        if column:
            places[column] = place
    missing = tuple(name for name in REQUIRED if name not in places)
    if missing:
        raise PastLevelError("columns_missing", columns=missing)
    return places


def _row(line: int, cells: list[str], places: Mapping[str, int], width: int) -> Row:
    def cell(name):
        place = places.get(name, len(cells))
        return unguarded(cells[place].strip()) if place < len(cells) else ""

    values = {name: cell(name) for name in COLUMNS}
    return Row(line, is_longer=any(more.strip() for more in cells[width:]), **values)


def written(table: Iterable[Iterable[str]]) -> bytes:
    r"""Return a table as a CSV file that spreadsheets open, and that :func:`rows` reads.

    An apostrophe stands before what a spreadsheet would take for a formula.

    >>> written([("number", "customer"), ("1", "=A1")])
    b"\xef\xbb\xbfnumber;customer\r\n1;'=A1\r\n"
    """
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=SEPARATORS[0]).writerows(map(guarded, cells) for cells in table)
    return out.getvalue().encode("utf-8-sig", errors="replace")


# ----------------------------------------------------------------- checking


def check(table: Iterable[Row], known: Known, today: date) -> Checked:
    """Say what of a file is right, and all that is wrong with the rest, row by row.

    :param today: the company's calendar date
    """
    table = tuple(table)
    claims: list[Claim] = []
    problems: list[Problem] = []
    for row in table:
        claim, faults = _claim(row, known, today)
        problems += [Problem(row.line, fault.code, fault.values) for fault in faults]
        claims += [claim] if claim else []
    problems += _between(claims, known)
    wrong = {problem.line for problem in problems}
    right = tuple(claim for claim in claims if claim.line not in wrong)
    ordered = sorted(problems, key=lambda problem: problem.line)
    return Checked(len(table), right, tuple(ordered))


def _claim(row: Row, known: Known, today: date) -> tuple[Claim | None, list[PastLevelError]]:
    """Return what a row says, or all that is wrong with it."""
    faults: list[PastLevelError] = []
    if row.is_longer:
        return None, [PastLevelError("too_many_cells")]

    def tried(take, *arguments):
        try:
            return take(*arguments)
        except PastLevelError as fault:
            faults.append(fault)
            return None

    level = tried(_level, row.level)
    day = tried(_day, row.day, today)
    sent = tried(_sent, row.sent, day, today)
    items = tried(_items, row, known.owed)
    if items and level:
        tried(_refuse_unknown_level, level, items[0], known.rules)
    if items and day:
        items = tried(_due_by, items, day)
    if faults:
        return None, faults
    return Claim(row.line, items, level, day, sent), []


def _level(text: str) -> int:
    """Return the number of a level.

    >>> _level("2"), _level(" 3. ")
    (2, 3)
    """
    digits = text.strip().removesuffix(".")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4 and int(digits)):
        raise PastLevelError("no_level", given=text)
    return int(digits)


def _day(text: str, today: date) -> date:
    """Return a day of the past, written as a person or a spreadsheet does.

    >>> _day("4. 5. 2026", date(2026, 5, 29)), _day("2026-05-04 00:00:00", date(2026, 5, 29))
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 4))
    """
    day = _written(text)
    if day < FIRST_DAY:
        raise PastLevelError("other_century", day=day)
    if day > today:
        raise PastLevelError("in_future", day=day)
    return day


def _written(text: str) -> date:
    words = text[:60].replace("T", " ").strip()
    if ":" in words:  # a spreadsheet's midnight
        words = words[: words.index(":")].rpartition(" ")[0]
    parts = words.split("-") if "-" in words else words.removesuffix(".").split(".")[::-1]
    parts = [part.strip() for part in parts]
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts):
        raise PastLevelError("no_day", given=text)
    if len(parts[0]) != 4:
        is_short = all(len(part) <= 2 for part in parts)
        raise PastLevelError("short_year" if is_short else "no_day", given=text)
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError) as error:  # a month of fifty digits
        raise PastLevelError("no_day", given=text) from error


def _sent(text: str, issued: date | None, today: date) -> date | None:
    """Return the day on which it was sent, that of the reminder unless told."""
    if not text:
        return issued
    sent = _day(text, today)
    if issued and sent < issued:
        raise PastLevelError("sent_before", day=issued, sent=sent)
    return sent


def _items(row: Row, owed: Mapping[str, list[Owed]]) -> tuple[Owed, ...]:
    """Return the open items that a row means: of one document, of one customer."""
    if not row.number:
        raise PastLevelError("number_missing")
    theirs = _of_customer(row, _own(row, owed.get(row.number, [])))
    still = [item for item in theirs if item.is_open]
    if not still:
        raise PastLevelError("nothing_open", number=row.number)
    if len({item.customer for item in still}) > 1:
        raise PastLevelError("several_customers", number=row.number)
    if len({item.move_id for item in still}) > 1:
        raise PastLevelError("several_documents", number=row.number)
    if len(still) > 1 and not still[0].is_invoice:
        raise PastLevelError("several_items", number=row.number)
    return tuple(still)


def _own(row: Row, named: list[Owed]) -> list[Owed]:
    own = [item for item in named if item.is_own]
    if not own and named:
        raise PastLevelError("other_company", number=row.number, company=named[0].company)
    if not own:
        raise PastLevelError("unknown_number", number=row.number)
    return own


def _of_customer(row: Row, items: list[Owed]) -> list[Owed]:
    """Return those items that the customer owes whom a row names; all where it names none."""
    if not row.customer:
        return items
    theirs = [item for item in items if folded(row.customer) in item.names]
    if not theirs:
        owner = items[0].customer_name
        raise PastLevelError(
            "other_customer", number=row.number, customer=row.customer, owner=owner
        )
    return theirs


def _refuse_unknown_level(level: int, item: Owed, rules: Mapping[int, Rule | None]) -> None:
    rule = rules.get(item.customer)
    if rule is None:
        raise PastLevelError("no_rule", customer=item.customer_name)
    orders = sorted(known.order for known in rule.levels)
    if level not in orders:
        names = ", ".join(map(str, orders))
        raise PastLevelError(
            "level_unknown", level=level, levels=names, customer=item.customer_name
        )


def _due_by(items: tuple[Owed, ...], day: date) -> tuple[Owed, ...]:
    """Return those instalments that were overdue on a day: the others were not reminded on it."""
    overdue = tuple(item for item in items if item.due and item.due < day)
    if not overdue:
        raise PastLevelError("before_due", day=day, due=min(item.due for item in items if item.due))
    return overdue


def _between(claims: Iterable[Claim], known: Known) -> list[Problem]:
    """Return what is wrong between rows, and between them and what the books know, once each."""
    by_item = defaultdict(list)
    for claim in claims:
        for item in claim.items:
            by_item[item.id].append(claim)
    found = {}
    for id, mine in by_item.items():
        for problem in _of_item(sorted(mine, key=lambda c: (c.level, c.line)), known.past.get(id)):
            found.setdefault((problem.line, problem.code), problem)
    return list(found.values())


def _of_item(claims: list[Claim], past: Past | None) -> Iterator[Problem]:
    """Yield what is wrong with the reminders of one item, which come by their levels."""
    before = None
    for claim in claims:
        if past:
            yield from _beside(claim, past)
        if before and before.level == claim.level:
            yield Problem(claim.line, "twice", {"other": before.line})
            continue
        if before and claim.day < before.sent:
            yield Problem(claim.line, "crossed", {"other": before.line, "lower": before.level})
        before = claim


def _beside(claim: Claim, past: Past) -> Iterator[Problem]:
    """Yield what contradicts the level that an item has reached already."""
    values = {"level": claim.level, "reached": past.order, "day": past.on}
    if claim.level == past.order:
        yield Problem(claim.line, "is_there", values)
    elif claim.level < past.order:
        yield Problem(claim.line, "level_lower", values)
    elif past.pending:  # it would go out after a higher one
        yield Problem(claim.line, "waits_here", values)
    elif claim.day < past.on:
        yield Problem(claim.line, "before_reached", values)


# ------------------------------------------------------------------ writing


def together(claims: Iterable[Claim]) -> list[tuple[Claim, tuple[Owed, ...]]]:
    """Return what stood in one reminder: of one customer, at one level, of the same days.

    :return: pairs of a claim, for what they share, and of all the items
    """
    found = defaultdict(list)
    for claim in claims:
        found[claim.customer, claim.level, claim.day, claim.sent].append(claim)
    return [
        (some[0], tuple(item for claim in some for item in claim.items)) for some in found.values()
    ]
