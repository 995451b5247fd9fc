"""A message, built by Python's ``EmailMessage``: two texts, images shown in one, attachments."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import uuid4

from .mail_headers import LETTER
from .mail_text import MAX_NAME, header_words

#: Types of files (RFC 2045, 5.1), without those that RFC 2046, 5.1 and 5.2.1 forbid to be encoded.
_KIND = re.compile(r"(?!multipart/|message/)[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
#: Characters of the ending of a file's name.
LONGEST_ENDING = 10
_ANY_KIND = "application/octet-stream"
#: Servers without 8BITMIME (RFC 6152) take it, too.
_ENCODING = {"charset": "utf-8", "cte": "quoted-printable"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. With ``cid`` it is shown in the HTML, as ``<img src="cid:…">``."""

    name: str
    kind: str
    data: bytes
    cid: str | None = None


def build_email(email: dict) -> EmailMessage:
    """Build a message.

    :param email: ``message_id subject email_from email_to reply_to headers body
        body_alternative``, and ``attachments``, a sequence of :class:`Attachment`
    :raises ValueError: for a header that would be two; for one that cannot be sent at all when
        the message is turned into bytes
    """
    message = EmailMessage(policy=LETTER)
    for name, value in _headers(email):
        message[name] = value
    message.set_content(_lines(email["body_alternative"]), **_ENCODING)
    message.make_alternative(_boundary())
    message.add_alternative(_lines(email["body"]), subtype="html", **_ENCODING)
    files = email.get("attachments", ())
    _show(message.get_payload()[1], [file for file in files if file.cid])
    _attach(message, [file for file in files if not file.cid])
    return message


def _boundary() -> str:
    """Return a boundary that no encoded line begins like; Python would search all text for its."""
    return f"=_{uuid4().hex}"


def _headers(email: dict) -> list[tuple[str, str]]:
    return [
        ("Message-Id", email["message_id"]),
        ("Subject", email["subject"]),
        ("From", email["email_from"]),
        ("Reply-To", email["reply_to"] or email["email_from"]),
        ("To", ", ".join(email["email_to"])),
        ("Date", format_datetime(datetime.now(UTC))),
        *email["headers"].items(),
    ]


def _lines(text: str) -> str:
    """Return a text whose lines end as Python's do; whatever ends a line for it does so here."""
    return "\n".join(text.splitlines())


def _show(html: EmailMessage, images: list[Attachment]) -> None:
    """Put images beside the HTML that shows them (RFC 2392)."""
    if images:
        html.make_related(_boundary())
    for image in images:
        html.add_related(image.data, **_about(image), cid=f"<{image.cid}>", disposition="inline")
    if images:  # RFC 2387, 3.1: the type of the part to begin with, which Python leaves out
        html.set_param("type", "text/html")


def _attach(message: EmailMessage, files: list[Attachment]) -> None:
    if files:
        message.make_mixed(_boundary())
    for file in files:
        message.add_attachment(file.data, **_about(file))


def _about(file: Attachment) -> dict:
    """Return what the library is told of a file."""
    kind = file.kind.lower()
    main, _slash, sub = (kind if _KIND.fullmatch(kind) else _ANY_KIND).partition("/")
    return {"maintype": main, "subtype": sub, "filename": _file_name(file.name)}


def _file_name(name: str) -> str:
    """Return a name as a header may have it; what it ends with says which program opens it.

    >>> _file_name("Upomínka" * 20 + ".pdf")[-12:]
    'Upomínk….pdf'
    """
    words = header_words(name)
    stem, dot, ending = words.rpartition(".")
    if len(words) <= MAX_NAME or len(ending) > LONGEST_ENDING:
        return header_words(words, MAX_NAME)
    return f"{header_words(stem, MAX_NAME - len(ending) - 1)}{dot}{ending}"
