"""Text of mail that anybody may have written: no header, encoding or size is trusted here.

Mail that comes in is read with it, and what goes out is cleaned.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from copy import copy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from html import unescape

#: Characters of one part that are looked at.
MAX_TEXT = 65_536
MAX_HEADER = 8_192
#: Encoded words of a header: filled with those of full length (RFC 2047), it has about a hundred.
MAX_ENCODED = 200
MAX_PARTS = 50
#: Characters of a foreign sentence that are kept.
MAX_WORDS = 500
#: Characters of a name in a header, and of a name and an address that fit on its line.
MAX_NAME = 100
MAX_UNFOLDED = 60

#: Characters of a Content-Type that are looked at.
MAX_TYPE = 500

#: ASCII without spaces: nothing else comes from us.
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
#: Halves of surrogate pairs that stand for no byte: no encoding takes them.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
#: What is not seen itself and changes how other text looks: control characters but tabs and line
#: ends, direction marks (UAX 9), spaces without width, tags, and halves of surrogate pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
#: What is no sign either, and no trap: line ends, tabs, and the spaces that numbers have.
_BLANKS = ("\n", "\t", "\xa0", "\u202f")
#: How tags and what chooses variants of signs begin in UTF-8; Python takes some for seen.
_TAGS = b"\xf3\xa0"
_QUOTES = re.compile(r'[\\"]')
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
#: Letters of some scripts and emoji are joined by these.
_JOINERS = re.compile("[\u200c\u200d]")
#: In these, spaces count.
_KEEPS_SPACES = re.compile(r"<(?:pre|textarea)\b|white-space:\s*(?:pre|break)")
_SPACES = " \t\r"
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_FOLD = re.compile(r"\n[ \t]+")
#: Charsets of mail, by the names that Python has for them.
_ORDINARY = re.compile(
    r"utf-(?:7|8|16|32)(?:-[bl]e)?|ascii|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rut]|mac-\w{1,20}|tis-620"
    r"|gb\w{1,8}|hz|big5\w{0,8}|shift_jis\w{0,8}|euc_\w{1,12}|iso2022_\w{1,8}|johab|ptcp154|viscii"
)
#: What is seen though it is no text: a picture, and whatever a placeholder writes.
_SHOWS = re.compile(r"<img\b|\bt-(?:out|esc|raw|field|call)\b", re.I)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_TAG = re.compile(r"<(?:style|script)\b[^<]{0,20000}</|<[^<>]{0,2000}>", re.I)


def header(message: Message, name: str) -> str:
    r"""Return a header as one line of text, "" where there is none.

    The stored text is read, since the parser behind ``message[name]`` raises on some headers.

    >>> from email import message_from_string
    >>> header(message_from_string("Subject: =?utf-8?q?Nedoru=C4=8Deno?=\n\n"), "subject")
    'Nedoručeno'
    """
    value = str(_stored(message, name) or "")[:MAX_HEADER]
    if value.count("=?") > MAX_ENCODED:  # each of them costs the rest where its end is missing
        return clean(value)
    try:
        words = decode_header(value)
        return clean(str(make_header((text, _ordinary(charset)) for text, charset in words)))
    except (MessageError, LookupError, ValueError, binascii.Error):
        return clean(value)


def _stored(message: Message, name: str) -> object:
    values = (value for key, value in message.raw_items() if key.lower() == name.lower())
    return next(values, None)


def is_automatic(message: Message) -> bool:
    r"""Say whether a program wrote a message, as one about an absence (RFC 3834, 5).

    >>> from email import message_from_string
    >>> is_automatic(message_from_string("Auto-Submitted: auto-replied; owner-email=a@x.cz\n\n"))
    True
    >>> is_automatic(message_from_string("Auto-Submitted: no\n\n"))
    False
    """
    words = header(message, "Auto-Submitted").partition(";")[0].split()
    return bool(words) and words[0].lower() != "no"


def clean(text: str, limit: int = MAX_TEXT) -> str:
    r"""Return foreign text as one line that a database takes, cut to ``limit`` characters.

    >>> clean("550 5.1.1\r\n\tUser\x00 unknown \udce8", 40)
    '550 5.1.1 User unknown �'
    >>> clean("a" * 10, 5)
    'aaaa…'
    >>> clean("half a character: \ud83d, \udfff")
    'half a character: �, �'
    """
    text = _HALVES.sub("\ufffd", text[: 20 * limit])
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def visible(text: str) -> str:
    r"""Return a text without what is not seen and could make it look like another one.

    >>> visible("Firma \u202e00.1\u202c \u200b12\x00 100\n")
    'Firma 00.1 12 100\n'
    """
    return str(text) if _is_plain(text) else _UNSEEN.sub("", text)


def _is_plain(text: str) -> bool:
    """Say whether all of a text can be seen, in half the time that the pattern takes."""
    text = str(text)
    for blank in _BLANKS:
        text = text.replace(blank, "")
    return text.isprintable() and _TAGS not in text.encode()


def compact(markup: str) -> str:
    r"""Return HTML without the indentation of its source, which readers do not see.

    A third less to encode, to send and to keep; some mailboxes cut off what is above 102 kB.

    >>> compact("<p>\n        Dobrý den,\n    </p>")
    '<p>\nDobrý den,\n</p>'
    >>> compact("<pre>a\n  b</pre>")
    '<pre>a\n  b</pre>'
    """
    if _KEEPS_SPACES.search(markup.lower()):
        return markup
    lines = (line.strip(_SPACES) for line in str(markup).split("\n"))
    return "\n".join(line for line in lines if line)


def says_nothing(markup: str) -> bool:
    r"""Say whether HTML, or a template of it, shows nothing: no text, picture or placeholder.

    >>> says_nothing("<div>\n<p><br/>&nbsp;</p><ul><li></li></ul></div>"), says_nothing("")
    (True, True)
    >>> says_nothing('<p><t t-out="object.name"/></p>'), says_nothing("<p>1</p>")
    (False, False)
    """
    text = str(markup)
    return not _SHOWS.search(text) and not visible(unescape(_ANY_TAG.sub("", text))).strip()


def header_words(text: str, limit: int = MAX_WORDS) -> str:
    r"""Return a text as one visible line of sane length: RFC 5322 ends a header with a line break.

    What looks like an encoded word (RFC 2047) would be decoded, and could hide one.

    >>> header_words("Firma\r\nBcc: a@x.cz \u202e=?utf-8?q?=0D=0A?=")
    'Firma Bcc: a@x.cz = ?utf-8?q?=0D=0A?='
    """
    words = " ".join(_JOINERS.sub("", visible(text)).replace("=?", "= ?").split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def mailbox_name(name: str, address: str) -> str:
    """Return the name that stands before an address in a header.

    Python loses the quotes of a name where it has to fold the header, so that what needs quotes
    (RFC 5322, 3.2.3) would be read as more addresses.

    >>> mailbox_name('Novák "a" <syn>', "a@x.cz")
    'Novák "a" <syn>'
    >>> mailbox_name("Novák, " * 3 + "<evil@x.cz>", "a" * 50 + "@x.cz")
    'Novák Novák Novák evil x.cz'
    """
    words = header_words(name, MAX_NAME)
    if len(words) + len(_QUOTES.findall(words)) + len(address) <= MAX_UNFOLDED:
        return words
    return " ".join(_SPECIALS.sub(" ", words).split())


def parts(message: Message) -> Iterator[Message]:
    """Yield the parts of a message in their order, but not those inside a message it carries.

    They are copies that say little about themselves, see :func:`_brief`.
    """
    waiting = [message]
    for _number in range(MAX_PARTS):
        if not waiting:
            return
        part = _brief(waiting.pop(0))
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = part.get_payload()


def _brief(part: Message) -> Message:
    """Return a copy of a part that says of itself in short what it is, in a charset that is known.

    Python reads its fields anew whenever it is asked, some of them in quadratic time, and decodes
    with the charset even a text that shall not be decoded.
    """
    kind, charset = _type_of(part)
    found = copy(part)
    found.policy = compat32
    del found["Content-Type"]
    found["Content-Type"] = f"{kind}; charset={_ordinary(charset)}" if charset else kind
    return found


def _type_of(part: Message) -> tuple[str, str | None]:
    """Return the type of a part, and the charset that it gives."""
    about = Message()
    about.set_default_type(part.get_default_type())
    stored = _stored(part, "Content-Type")
    if stored is not None:
        about["Content-Type"] = str(stored)[:MAX_TYPE]
    try:
        return about.get_content_type(), about.get_content_charset()
    except (TypeError, ValueError):  # Python stumbles over some parameters of RFC 2231
        return about.get_content_type(), None


def text_of(part: Message) -> str:
    r"""Return the beginning of a part's text, with ``\n`` as its ends of line.

    :param part: one of :func:`parts`
    """
    if part.get_content_maintype() == "multipart":
        return ""
    if part.is_multipart():  # message/*, whose fields Python has read as headers
        source = "\n\n".join(_source(child) for child in part.get_payload()[:MAX_PARTS])
        text = _decode(_untangle(source, header(part, "Content-Transfer-Encoding").lower()), "")
    else:
        text = _decode(part.get_payload(decode=True) or b"", part.get_content_charset() or "")
    text = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    return _TAG.sub(" ", text) if part.get_content_type() == "text/html" else text


def _source(message: Message) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
    body = _brief(message).get_payload()
    return f"{lines}\n{body[:MAX_TEXT]}" if isinstance(body, str) and body.strip() else lines


def _untangle(source: str, encoding: str) -> bytes:
    """Undo a transfer encoding that message/* must not have, and sometimes has."""
    data = source.encode("utf-8", "surrogateescape")
    try:
        if encoding == "base64":
            return base64.b64decode(data)
        return quopri.decodestring(data) if encoding == "quoted-printable" else data
    except binascii.Error:
        return data


def _decode(data: bytes, charset: str) -> str:
    data = data[: 4 * MAX_TEXT]
    try:
        return data.decode(_ordinary(charset) or "utf-8")
    except (LookupError, ValueError):  # an encoding that nobody knows, or not the one it says
        return data.decode("utf-8", "replace")


def _ordinary(charset: str | None) -> str | None:
    """Return a charset that mail is written in, UTF-8 instead of any other, None for none.

    Python decodes more than that, and some of it, as Punycode, in quadratic time.

    >>> [_ordinary(charset) for charset in ("ISO-8859-2", "punycode", "x" * 99, None)]
    ['ISO-8859-2', 'utf-8', 'utf-8', None]
    """
    if charset is None:
        return None
    try:
        known = _ORDINARY.fullmatch(codecs.lookup(charset).name)
    except (LookupError, ValueError):
        known = None
    return charset if known else "utf-8"


def blocks(text: str) -> list[dict[str, str]]:
    r"""Return the groups of fields in a text, names in lower case (RFC 3464, 2.1).

    >>> blocks("Reporting-MTA: dns;mx\n\nAction: failed\nDiagnostic-Code: smtp; 550\n Unknown")
    [{'reporting-mta': 'dns;mx'}, {'action': 'failed', 'diagnostic-code': 'smtp; 550 Unknown'}]
    """
    found = []
    for block in BLANK_LINES.split(text.strip())[: 2 * MAX_PARTS]:
        fields: dict[str, str] = {}
        for line in _FOLD.sub(" ", block).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        found.append(fields)
    return found
