"""Headers of a message as they are sent: short lines of ASCII that every reader turns back.

Python's own folding loses spaces between encoded words, makes some of them too long (CPython
#144156, #85725) and loses the quotes of names (#87720), each version of it otherwise; and it puts
a Message-ID on a line of its own (#79986). So these lines are made here (RFC 5322, RFC 2047).
"""

import re
from base64 import b64encode
from email.policy import EmailPolicy
from email.utils import getaddresses

#: Characters of an encoded word (RFC 2047, 2), and of a line that has one.
MAX_WORD = 75
MAX_LINE = 76
#: Characters of a word that is left as it is: it fits on a line beside most names of headers.
MAX_PLAIN = 60
#: Characters of a line that servers take, its end not counted (RFC 5322, 2.1.1).
LONGEST_LINE = 998
#: An encoded word that holds fewer letters than these is not worth its frame.
_LEAST_ROOM = 24
_FRAME = len("=?utf-8?q??=")

ADDRESSES = frozenset(
    ("from", "sender", "reply-to", "to", "cc", "return-path", "disposition-notification-to")
)
#: Headers of free text, with all that begin with "X-" (RFC 5322, 3.6.5).
TEXTS = frozenset(("subject", "comments", "keywords"))
#: Letters that stand for themselves in an encoded word of a name (RFC 2047, 5).
_ITSELF = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_LINE_END = re.compile(r"[\r\n]")
_PLAIN_WORD = re.compile(rf"(?!.*=\?)[!-~]{{1,{MAX_PLAIN}}}")
#: RFC 5322, 3.2.3; a full stop is left out: between encoded words it is old syntax.
_ATOM = re.compile(rf"(?!.*=\?)[\w!#$%&'*+/=?^`{{|}}~-]{{1,{MAX_PLAIN}}}", re.ASCII)
_QUOTABLE = re.compile(r"(?!.*=\?)[ -~]+")
_SPECIAL = re.compile(r'([\\"])')
#: An address that can be written without quotes, with RFC 6531's letters.
_WRITABLE = re.compile(
    r"""(?!.*=\?)[^\s\x00-\x1f\x7f()<>\[\]:;@\\,"]+@[^\s\x00-\x1f\x7f()<>\[\]:;@\\,"]+"""
)


class _Lines:
    """The lines of one header while it is written."""

    def __init__(self, name: str):
        self.name = f"{name}:"
        self.lines = [self.name]

    def room(self) -> int:
        """Return how many characters still fit on the line, after a space."""
        return MAX_LINE - len(self.lines[-1]) - 1

    def put(self, word: str) -> None:
        """Write a word after a space, on the next line if this one is full.

        The first word stays beside the name: not every server finds it elsewhere.
        """
        if len(word) > self.room() and self.lines != [self.name]:
            self.lines.append("")
        self.lines[-1] += f" {word}"
        if len(self.lines[-1]) > LONGEST_LINE:
            raise ValueError(f"A word is too long for the header {self.name}")

    def encode(self, text: str) -> None:
        """Write a text as encoded words; spaces are inside: those between are dropped."""
        while text:
            room = min(self.room(), MAX_WORD)
            if room < _LEAST_ROOM:
                self.lines.append("")
                room = MAX_WORD
            size = _fitting(text, room - _FRAME)
            self.put(_encoded(text[:size]))
            text = text[size:]

    def text(self) -> str:
        return "\r\n".join(self.lines)


def _fitting(text: str, room: int) -> int:
    """Return how many letters of a text fit into an encoded word, if it can be up to a space."""
    size = quoted = length = 0
    for letter in text:
        data = letter.encode()
        length += len(data)
        quoted += 1 if letter == " " or data[0] in _ITSELF else 3 * len(data)
        if min(quoted, _base64_length(length)) > room:
            break
        size += 1
    if size == len(text):
        return size
    return text.rfind(" ", 0, size) + 1 or size


def _base64_length(length: int) -> int:
    return -(-length // 3) * 4


def _encoded(text: str) -> str:
    """Return a text as one encoded word (RFC 2047, 4), in the shorter of both ways.

    >>> _encoded("Společnost a "), _encoded("ěščřž")
    ('=?utf-8?q?Spole=C4=8Dnost_a_?=', '=?utf-8?b?xJvFocSNxZnFvg==?=')
    """
    data = text.encode()
    quoted = "".join(
        "_" if byte == 32 else chr(byte) if byte in _ITSELF else f"={byte:02X}" for byte in data
    )
    if len(quoted) <= _base64_length(len(data)):
        return f"=?utf-8?q?{quoted}?="
    return f"=?utf-8?b?{b64encode(data).decode()}?="


def text_header(name: str, text: str) -> str:
    r"""Return a header of free text, folded.

    >>> subject = "Reminder: unpaid invoices of Jihočeská, a.s. (UP/2026/1)"
    >>> text_header("Subject", subject).split("\r\n")
    ['Subject: Reminder: unpaid invoices of =?utf-8?b?Smlob8SNZXNrw6Es?= a.s.', ' (UP/2026/1)']
    """
    lines = _Lines(name)
    words = text.split(" ")
    odd = [n for n, word in enumerate(words) if not _PLAIN_WORD.fullmatch(word)]
    if "" in words:  # spaces at an end, or several of them, would be lost
        odd = [0, len(words) - 1]
    first, last = (odd[0], odd[-1] + 1) if odd else (len(words), len(words))
    for word in words[:first]:
        lines.put(word)
    lines.encode(" ".join(words[first:last]))
    for word in words[last:]:
        lines.put(word)
    return lines.text()


def address_header(name: str, value: str, utf8: bool = False) -> str:
    r"""Return a header of names and addresses, folded.

    :param utf8: whether letters that are not ASCII may stand in an address (RFC 6532)
    :raises ValueError: for what is no address, or cannot be written

    >>> print(address_header("From", '"Novák, Jan" <jan@příklad.cz>, a@x.cz'))
    From: =?utf-8?b?Tm92w6FrLCBKYW4=?= <jan@xn--pklad-zsa96e.cz>, a@x.cz
    """
    pairs = getaddresses([value]) or [("", "")]
    lines = _Lines(name)
    for number, (person, address) in enumerate(pairs, 1):
        written = _written(address, utf8)
        comma = "," if number < len(pairs) else ""
        if person:
            _put_name(lines, person)
        if person or f"<{address}>" in value:
            written = f"<{written}>"
        lines.put(f"{written}{comma}")
    return lines.text()


def _written(address: str, utf8: bool) -> str:
    """Return an address as it stands in a header, domains in Punycode unless UTF-8 may be sent."""
    if not _WRITABLE.fullmatch(address):
        raise ValueError(f"“{address[:100]}” is no e-mail address.")
    if utf8 or address.isascii():
        return address
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError(f"The mail server takes no address with such letters: {address[:100]}.")
    return f"{local}@{domain.encode('idna').decode()}"


def _put_name(lines: _Lines, person: str) -> None:
    """Write the name before an address: as it is, in quotes, or as encoded words.

    Some readers see a space more between two encoded words of a name (Python's up to 3.13.5), so
    that there are as few as can be: what needs none stands between them.
    """
    words = person.split(" ")
    if all(map(_ATOM.fullmatch, words)):
        for word in words:
            lines.put(word)
    elif _QUOTABLE.fullmatch(person) and len(person) <= MAX_PLAIN and "" not in words:
        lines.put('"{}"'.format(_SPECIAL.sub(r"\\\1", person)))
    elif "" in words or _fitting(person, lines.room() - _FRAME) == len(person):
        lines.encode(person)
    else:
        _put_runs(lines, words)


def _put_runs(lines: _Lines, words: list[str]) -> None:
    """Write a name by turns of plain words and of words to be encoded."""
    run: list[str] = []
    for word in words:
        if not _ATOM.fullmatch(word):
            run.append(word)
            continue
        lines.encode(" ".join(run))
        run = []
        lines.put(word)
    lines.encode(" ".join(run))


def plain_header(name: str, value: str) -> str:
    """Return a header that is for programs: its words stay as they are.

    :raises ValueError: for letters that it cannot have
    """
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"The header {name} has letters that cannot be sent.")
    lines = _Lines(name)
    for word in value.split():
        lines.put(word)
    return lines.text()


def header_lines(name: str, value: str, utf8: bool = False) -> str:
    """Return a header as it is sent, without the end of its last line.

    :raises ValueError: for a value that cannot be sent
    """
    kind = name.lower()
    if not value:
        return f"{name}: "
    if kind in ADDRESSES:
        return address_header(name, value, utf8)
    if kind in TEXTS or kind.startswith("x-"):
        return text_header(name, value)
    return plain_header(name, value)


class LetterPolicy(EmailPolicy):
    """Python's policy for SMTP, but for the headers that this module writes.

    Those of the parts of a message, ``Content-*``, are the library's; its parsers of them are
    needed to put a message together. Nothing is sent in 8 bits, and lines keep to RFC 2045.
    """

    def header_store_parse(self, name: str, value: str):
        """Return what is kept of a header.

        :raises ValueError: for a line break in the value
        """
        if _is_of_part(name):
            return super().header_store_parse(name, value)
        if _LINE_END.search(value):
            raise ValueError(f"The header {name} holds a line break.")
        return name, value

    def header_fetch_parse(self, name: str, value: str):
        """Return a header as it was set."""
        return super().header_fetch_parse(name, value) if _is_of_part(name) else value

    def fold(self, name: str, value: str) -> str:
        """Return a header as it is sent."""
        if _is_of_part(name):
            return super().fold(name, value)
        return f"{header_lines(name, value, self.utf8)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it is sent."""
        if _is_of_part(name):
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii")


def _is_of_part(name: str) -> bool:
    return name.lower().startswith("content-")


LETTER = LetterPolicy(linesep="\r\n", max_line_length=MAX_LINE, cte_type="7bit")
