"""The files beside a message: how large they are on the wire, and links in their place."""

from collections.abc import Iterable

#: Bytes of a megabyte, as mail servers tell what they take.
MEGABYTE = 1_000_000
#: Letters of base64 on a line (RFC 2045, 6.8), and what ends one.
_LINE, _LINE_END = 76, 2
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


def before_signature(text: str, block: str) -> str:
    r"""Return a plain text with a block more at its end, before the signature if it has one.

    >>> before_signature("Hello\n\n-- \nMe\n", "See:"), before_signature("Hello\n", "See:")
    ('Hello\n\nSee:\n\n-- \nMe\n', 'Hello\n\nSee:\n')
    """
    said, mark, signature = text.rpartition(_SIGNATURE)
    if not mark:
        return f"{text.rstrip()}\n\n{block}\n"
    return f"{said}\n\n{block}{mark}{signature}"
