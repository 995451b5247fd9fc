"""The file for a lawyer: names, tables and a list of contents, in one zip.

Nothing here knows what the documents are: they come as names and bytes.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from html import escape
from typing import Any

#: Characters of a name, without what it ends with: paths of some systems have 260 altogether.
LONGEST_NAME = 80
#: What no name of a file has, on one system or another.
_FORBIDDEN = frozenset('<>:"/\\|?*%#{}^~[]`')
#: Names that mean a device, whatever they end with.
_DEVICES = frozenset(
    [
        *("con", "prn", "aux", "nul"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
    ]
)
#: What a cell begins with that spreadsheets would take for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
#: The earliest moment that a zip can hold.
_EARLIEST = datetime(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: where it lies, what it is, how long, its SHA-256, and what is to be known of it."""

    path: str
    title: str
    size: int
    digest: str
    note: str = ""

    def row(self) -> tuple[str, str, int, str, str]:
        """Return it as a row of the list of contents."""
        return self.path, self.title, self.size, self.digest, self.note


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be put in: its folder, what it is called, and its content; None of one not kept."""

    folder: str
    name: str
    title: str
    content: bytes | None
    note: str = ""


def safe_name(text: str, ending: str = "") -> str:
    """Return a name that every system can write, whatever somebody called a thing.

    :param ending: with its dot

    >>> safe_name("FA/2026:0001", ".pdf"), safe_name("../..", ".pdf"), safe_name("Con", ".eml")
    ('FA-2026-0001.pdf', 'file.pdf', 'Con-.eml')
    >>> len(safe_name("ž" * 500, ".pdf"))
    84
    """
    kept = "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))
    words = "-".join(part.strip() for part in kept.split("-") if part.strip(" .-"))
    name = words[:LONGEST_NAME].strip(" .-") or "file"
    if name.partition(".")[0].lower() in _DEVICES:
        name += "-"
    return name + ending


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    return (
        "-"
        if letter in _FORBIDDEN or (category.startswith(("C", "Z")) and letter != " ")
        else letter
    )


def unused(path: str, taken: Iterable[str]) -> str:
    """Return a path that is not taken yet: systems that know no case would write over it.

    >>> unused("a/B.pdf", ["a/b.pdf", "a/B-2.pdf"]), unused("a/c.pdf", ["a/b.pdf"])
    ('a/B-3.pdf', 'a/c.pdf')
    """
    known = {other.lower() for other in taken}
    stem, dot, ending = path.rpartition(".")
    found, number = path, 1
    while found.lower() in known:
        number += 1
        found = f"{stem}-{number}{dot}{ending}"
    return found


def table(rows: Iterable[Sequence[Any]], decimal_point: str = ".") -> bytes:
    r"""Return rows as CSV that spreadsheets open by a click: semicolons, UTF-8 with its mark.

    :param rows: of texts, numbers and dates; a text that looks like a formula is no formula
    :param decimal_point: of the reader

    >>> table([("Název", Decimal("-1.50")), ("=1+1", None)], ",").decode("utf-8-sig")
    "Název;-1,50\r\n'=1+1;\r\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(value, decimal_point) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any, decimal_point: str) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal_point)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULAS) else value
    return str(value)


def contents(
    title: str, lines: Iterable[str], heads: Sequence[str], entries: Iterable[Entry], lang: str
) -> bytes:
    """Return the list of contents as a page, which opens each file by its link.

    :param lines: what stands above the list
    :param heads: of the columns, as many as :meth:`Entry.row` has values
    """
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    columns = "".join(f"<th>{escape(head)}</th>" for head in heads)
    rows = "".join(_html_row(entry) for entry in entries)
    page = (
        f'<!DOCTYPE html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>body{{font-family:sans-serif;margin:2em}}"
        "table{border-collapse:collapse}td,th{border:1px solid #999;padding:4px;text-align:left;"
        "vertical-align:top;overflow-wrap:anywhere}"
        "td:nth-child(3),th:nth-child(3){white-space:nowrap}"
        "td:nth-child(4){font:.75em monospace;min-width:17em}"
        "div{overflow-x:auto}</style></head><body>"
        f"<h1>{escape(title)}</h1>{said}"
        f"<div><table><tr>{columns}</tr>{rows}</table></div></body></html>"
    )
    return page.encode()


def _html_row(entry: Entry) -> str:
    path, *others = (escape(str(value)) for value in entry.row())
    link = f'<a href="{path}">{path}</a>' if entry.digest else path
    return f"<tr><td>{link}</td>{''.join(f'<td>{value}</td>' for value in others)}</tr>"


def added(
    archive: bytes, documents: Iterable[Document], entries: Iterable[Entry], moment: datetime
) -> tuple[bytes, tuple[Entry, ...]]:
    """Return a zip with some more documents, and all of its entries.

    :param archive: a zip, nothing for a new one
    :param entries: of what is in it already
    :param moment: when the files are said to be made
    """
    found = list(entries)
    data = io.BytesIO(archive)
    data.seek(0, io.SEEK_END)
    with zipfile.ZipFile(data, "a" if archive else "w", zipfile.ZIP_DEFLATED) as file:
        for document in documents:
            entry = _entry(document, found)
            found.append(entry)
            if document.content is not None:
                info = zipfile.ZipInfo(entry.path, max(moment, _EARLIEST).timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(info, document.content)
    return data.getvalue(), tuple(found)


def _entry(document: Document, entries: Iterable[Entry]) -> Entry:
    wanted = "/".join(filter(None, (document.folder, document.name)))
    path = unused(wanted, (entry.path for entry in entries))
    entry = Entry(path, document.title, 0, "", document.note)
    if document.content is None:
        return entry
    content = document.content
    return replace(entry, size=len(content), digest=sha256(content).hexdigest())
