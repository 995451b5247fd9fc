"""What files are called: letters, invoices beside messages, what lies in a file for a lawyer."""

import unicodedata
from collections.abc import Iterable, Iterator

#: Characters of a name, without its ending: that of a file beside a message, and of one in a zip,
#: where paths of some systems have 260 altogether. And of an ending.
LONGEST_NAME = 100
LONGEST_IN_ZIP = 80
_LONGEST_ENDING = 10
#: What no name of a file has, on one system or another.
_FORBIDDEN = frozenset('<>:"/\\|?*%#{}^~[]`')
#: Names that mean a device, whatever they end with.
_DEVICES = frozenset(
    [
        *("con", "prn", "aux", "nul"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
    ]
)


def plain_name(text: str) -> str:
    """Return a name in plain letters, which every program can write, without an ending.

    >>> plain_name("Upomínka-UPO/2026/0001"), plain_name("../č. 1 <b>"), plain_name("Łódź")
    ('Upominka-UPO-2026-0001', 'c-1-b', 'Lodz')
    """
    plain = unicodedata.normalize("NFKD", text).replace("ł", "l").replace("Ł", "L")
    known = "".join(
        c if c.isascii() and c.isalnum() else "" if unicodedata.combining(c) else "-" for c in plain
    )
    return "-".join(filter(None, known.split("-")))[:LONGEST_NAME].rstrip("-")


def of_letter(stem: str, number: str) -> str:
    """Return the name of a letter's file.

    :param stem: what it is, in the language of its reader
    :param number: of the reminder

    >>> of_letter("Upomínka", "UPO/2026/0001")
    'Upominka-UPO-2026-0001.pdf'
    >>> of_letter("Нагадування", "../č. 1 <b>")
    'c-1-b.pdf'
    >>> of_letter("", "")
    'letter.pdf'
    """
    return f"{plain_name(f'{stem}-{number}') or 'letter'}.pdf"


def of_invoice(number: str, stored: str) -> str:
    """Return what the file of an invoice is called in a message.

    :param number: of the invoice, by which people look for it
    :param stored: what it is called where it is kept: its ending stays

    >>> of_invoice("FA/2026/00001", "Invoice 1.PDF"), of_invoice("", "x.xml")
    ('FA-2026-00001.pdf', 'invoice.xml')
    >>> of_invoice("1", "a.b c")
    '1'
    """
    ending = stored.rpartition(".")[2].lower() if "." in stored else ""
    known = ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING
    name = plain_name(number) or "invoice"
    return f"{name}.{ending}" if known else name


def in_zip(text: str, ending: str = "") -> str:
    """Return a name that every system can write, whatever somebody called a thing.

    Its letters stay: those who open it read the language.

    :param ending: with its dot

    >>> in_zip("FA/2026:0001", ".pdf"), in_zip("../..", ".pdf"), in_zip("Con", ".eml")
    ('FA-2026-0001.pdf', 'file.pdf', 'Con-.eml')
    >>> len(in_zip("ž" * 500, ".pdf"))
    84
    """
    kept = "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))
    words = "-".join(part.strip() for part in kept.split("-") if part.strip(" .-"))
    name = words[:LONGEST_IN_ZIP].strip(" .-") or "file"
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


def distinct(paths: Iterable[str], taken: Iterable[str] = ()) -> Iterator[str]:
    """Yield paths of which no two are the same file to any system: the second gets a number.

    :param taken: others that are there already

    >>> list(distinct(["a.pdf", "A.pdf", "b", "a.pdf", "b"]))
    ['a.pdf', 'A-2.pdf', 'b', 'a-3.pdf', 'b-2']
    >>> list(distinct(["a/B.pdf"], ["a/b.pdf", "a/B-2.pdf"]))
    ['a/B-3.pdf']
    """
    known = {other.lower() for other in taken}
    for path in paths:
        folder, slash, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        number, found = 1, path
        while found.lower() in known:
            number += 1
            found = f"{folder}{slash}{stem}-{number}{dot}{ending}"
        known.add(found.lower())
        yield found
