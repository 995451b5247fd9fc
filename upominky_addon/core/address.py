"""E-mail addresses as people type them: with names, several in a field, with typing errors.

What is no address is kept, so that its own attempt to deliver fails with a sentence that shows it.
"""

import re

from .mail_text import visible

_SEPARATORS = ",;\n"
#: What a field is made of: a quoted name, an address in brackets, a comment, whose ends may be
#: missing; other letters; a separator. It always matches, so that nothing is gone through twice.
_TOKEN = re.compile(r'"(?:\\.?|[^"\\])*+("?)|<[^<>]*+(>?)|\([^()]*+(\)?)|[^,;\n"<(]++|[,;\n]', re.S)
_COMMENT = re.compile(r"\([^()]*\)")
_BRACKETS = re.compile(r"<([^<>]*+)>?\s*+$")
#: What would be read as a separator if the text were put into a list again.
_SPECIAL = re.compile(r'[,;"<>()\s]+')
#: RFC 5321 without quoted local parts and address literals, with RFC 6531's other letters, and
#: without encoded words (RFC 2047), which Python would decode: they may hold a line break.
_ADDRESS = re.compile(
    r"(?!.*=\?)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_MOST_LETTERS = 254
#: Letters that are shown of what is no address.
_SHOWN = 200
_QUOTED = re.compile(r'"(?:\\.?|[^"\\])*+("?)', re.S)
#: Letters of a field that are read: room for some hundred addresses.
MAX_FIELD = 10_000


def is_address(text: str) -> bool:
    """Say whether ``text`` is one e-mail address, and nothing else.

    >>> [is_address(text) for text in ("a@x.cz", "a@příklad.cz", "a@@x.cz", "a@x", "a.b@x..cz")]
    [True, True, False, False, False]
    >>> is_address("=?utf-8?q?=0D=0ABcc=3A_evil=40x.cz?=@x.cz")
    False
    """
    return len(text) <= _MOST_LETTERS and _ADDRESS.fullmatch(text) is not None


def split(text: str | None) -> tuple[str, ...]:
    """Return the addresses in a field, each once; of what is none, the text.

    >>> split('Jana <Jana@X.cz>; "Novák, Jan" <jan@x.cz>, jana@x.cz')
    ('jana@x.cz', 'jan@x.cz')
    >>> split("Novák, Jan <jan@x.cz>, fakturace odběratel")
    ('jan@x.cz', 'fakturace odběratel')
    >>> split("a@x.cz, " + "b@x.cz " * MAX_FIELD)[1][:16]
    'b at x.cz b at x'
    """
    parts, rest = _parts(visible(text or ""))
    bare = [
        part
        for part, following in zip(parts, [*parts, rest][1:], strict=True)
        if not _is_surname(part, following)
    ]
    found = [address for part in bare for address in _read(part)]
    return tuple(dict.fromkeys([*found, *_unread(rest)]))


def _parts(text: str) -> tuple[list[str], str]:
    """Return the parts of a list, and what is too long to be read.

    A separator in quotes, brackets or a comment ends no part. A quote that nobody closes is a
    letter, and so are all after it: none of them is closed either. Unless the text is cut: then its
    end may be in what is cut, and half of a name or an address may be another's address.

    >>> _parts('"a, b" <x>, c; "d, e')
    (['"a, b" <x>', ' c', ' "d', ' e'], '')
    >>> parts, rest = _parts('a@x.cz, "b@x.cz, ' + "c" * MAX_FIELD + '" <d@x.cz>')
    >>> parts, rest[:12]
    (['a@x.cz'], ' "b@x.cz, cc')
    """
    found, begun, place, quoting = [], 0, 0, True
    end = min(len(text), MAX_FIELD)
    is_cut = end < len(text)
    while place < end:
        letter = text[place]
        if letter in _SEPARATORS:
            found.append(text[begun:place])
            begun = place + 1
        if letter in _SEPARATORS or (letter == '"' and not quoting):
            place += 1
            continue
        token = _TOKEN.match(text, place, end)
        closed = token.lastindex is None or token[token.lastindex]
        if is_cut and not closed and token.end() == end:
            break
        quoting = quoting and (letter != '"' or bool(closed))
        place = token.end() if closed else place + 1
    rest = text[begun:]
    return list(filter(None, found if is_cut else (*found, rest))), rest if is_cut else ""


def _unread(rest: str) -> list[str]:
    """Return what is shown of a text that is too long, never as an address.

    >>> _unread('"a@x.cz, bcd')
    ['a at x.cz bcd…']
    """
    shown = _SPECIAL.sub(" ", rest[:_SHOWN].replace("@", " at ")).strip()
    return [f"{shown}…"] if rest.strip() else []


def _is_surname(part: str, following: str) -> bool:
    """Say whether a part is the beginning of the next one's name, written without quotes."""
    words = part.split()
    dotted = len(words) == 1 and "." in part
    return "@" not in part and not dotted and "@" in following and "<" in following


def _read(part: str) -> list[str]:
    """Return the addresses of one part, or its text if they are not all well-formed."""
    bare = _COMMENT.sub(" ", part)
    # "Bcc: evil@x.cz" is a header, and no name (RFC 5322, 3.2.3).
    is_header = ":" in _QUOTED.sub(lambda quoted: "" if quoted[1] else quoted[0], bare)
    inside = _BRACKETS.search(bare)
    if inside and inside[1].strip() and not is_header:
        bare = inside[1]
    bare = _SPECIAL.sub(" ", bare).strip()
    words = [word for word in bare.split() if "@" in word]
    if words and not is_header and all(is_address(word) for word in words):
        return [_canonical(word) for word in words]
    return [bare if len(bare) <= _SHOWN else f"{bare[:_SHOWN].strip()}…"] if bare else []


def _canonical(address: str) -> str:
    """Return one spelling of an address: small letters, international domains as people read them.

    >>> _canonical("Jana@XN--PKLAD-ZSA96E.CZ")
    'jana@příklad.cz'
    """
    local, _at, domain = address.rpartition("@")
    labels = [_decoded(label) for label in domain.lower().split(".")]
    return f"{local.lower() if local.isascii() else local}@{'.'.join(labels)}"


def _decoded(label: str) -> str:
    """Return a label of a domain decoded from Punycode (RFC 3492), if it is encoded."""
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label
