"""The file for a lawyer: tables and a list of contents, in one zip.

Nothing here knows what the documents are: they come as names and bytes.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from html import escape
from shutil import copyfileobj
from typing import IO, Any

from .cells import guarded_at_start
from .file_names import distinct

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
        return guarded_at_start(value)
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
        "th,td:nth-child(3){white-space:nowrap}"
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
    file: IO[bytes], documents: Iterable[Document], entries: Iterable[Entry], moment: datetime
) -> tuple[Entry, ...]:
    """Put some more documents into a zip, one after the other, and return all of its entries.

    :param file: open to be read and written: a zip, or nothing yet
    :param entries: of what is in it already, or in other parts of the same file
    :param moment: when the files are said to be made
    """
    found = list(entries)
    with zipfile.ZipFile(file, "a") as archive:
        for document in documents:
            entry = _entry(document, found)
            found.append(entry)
            if document.content is not None:
                info = zipfile.ZipInfo(entry.path, max(moment, _EARLIEST).timetuple()[:6])
                info.compress_type = _compression(entry.path)
                archive.writestr(info, document.content)
    return tuple(found)


def joined(parts: Iterable[IO[bytes]], file: IO[bytes]) -> None:
    """Write what is in some zips into one, piece by piece: none of them need fit into memory.

    :param parts: open to be read, one after the other
    :param file: open to be written
    """
    with zipfile.ZipFile(file, "w") as whole:
        for part in parts:
            with zipfile.ZipFile(part) as archive:
                for info in archive.infolist():
                    copy = zipfile.ZipInfo(info.filename, info.date_time)
                    copy.compress_type, copy.file_size = info.compress_type, info.file_size
                    with archive.open(info) as source, whole.open(copy, "w") as target:
                        copyfileobj(source, target)


def _compression(path: str) -> int:
    """Return how a file is packed: what is packed already, as a PDF, is not packed once more."""
    return zipfile.ZIP_STORED if path.endswith(".pdf") else zipfile.ZIP_DEFLATED


def _entry(document: Document, entries: Iterable[Entry]) -> Entry:
    wanted = "/".join(filter(None, (document.folder, document.name)))
    (path,) = distinct([wanted], (entry.path for entry in entries))
    entry = Entry(path, document.title, 0, "", document.note)
    if document.content is None:
        return entry
    content = document.content
    return replace(entry, size=len(content), digest=sha256(content).hexdigest())
