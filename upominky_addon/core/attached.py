"""The files beside a message: how large they are on the wire, and what they are called."""

import unicodedata
from collections.abc import Iterable

#: Bytes of a megabyte, as mail servers tell what they take.
MEGABYTE = 1_000_000
#: Letters of base64 on a line (RFC 2045, 6.8), and what ends one.
_LINE, _LINE_END = 76, 2
#: Characters of the name of a file, without its ending, and of an ending.
LONGEST_NAME = 100
_LONGEST_ENDING = 10
#: What a signature begins with (RFC 3676, 4.3).
_SIGNATURE = "\n\n-- \n"


def wire_size(size: int) -> int:
    """Return how many bytes a file takes in a message: in base64, its ends of lines included.

    >>> wire_size(0), wire_size(3), wire_size(57), wire_size(58)
    (0, 6, 78, 84)
    """
    letters = -(-size // 3) * 4
    return letters + -(-letters // _LINE) * _LINE_END


def fits(sizes: Iterable[int], megabytes: int) -> bool:
    """Say whether files come to no more than a message may have.

    :param sizes: in bytes, as they are stored
    :param megabytes: the most, as they are sent

    >>> fits([7_300_000], 10), fits([7_400_000], 10), fits([], 1)
    (True, False, True)
    """
    return sum(map(wire_size, sizes)) <= megabytes * MEGABYTE


def megabytes(size: int) -> str:
    """Return a size as people are told it.

    >>> megabytes(12_340_000), megabytes(40_000)
    ('12.3', '0.1')
    """
    return f"{max(size / MEGABYTE, 0.1):.1f}"


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


def file_name(number: str, stored: str) -> str:
    """Return what the file of an invoice is called in a message.

    :param number: of the invoice, by which people look for it
    :param stored: what it is called where it is kept: its ending stays

    >>> file_name("FA/2026/00001", "Invoice 1.PDF"), file_name("", "x.xml"), file_name("1", "a.b c")
    ('FA-2026-00001.pdf', 'invoice.xml', '1')
    """
    ending = stored.rpartition(".")[2].lower() if "." in stored else ""
    known = ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING
    name = plain_name(number) or "invoice"
    return f"{name}.{ending}" if known else name


def distinct(names: Iterable[str]) -> list[str]:
    """Return names of which no two are the same file to any program: the second gets a number.

    >>> distinct(["a.pdf", "A.pdf", "b", "a.pdf", "b"])
    ['a.pdf', 'A-2.pdf', 'b', 'a-3.pdf', 'b-2']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        number, other = 1, name
        while other.lower() in taken:
            number += 1
            other = f"{stem}-{number}{dot}{ending}"
        taken.add(other.lower())
        found.append(other)
    return found


def before_signature(text: str, block: str) -> str:
    r"""Return a plain text with a block more at its end, before the signature if it has one.

    >>> before_signature("Hello\n\n-- \nMe\n", "See:"), before_signature("Hello\n", "See:")
    ('Hello\n\nSee:\n\n-- \nMe\n', 'Hello\n\nSee:\n')
    """
    said, mark, signature = text.rpartition(_SIGNATURE)
    if not mark:
        return f"{text.rstrip()}\n\n{block}\n"
    return f"{said}\n\n{block}{mark}{signature}"
