"""What comes back about a message: delivery reports, read receipts and plain bounces.

RFC 3461 asks for delivery reports, RFC 3464 is their form, RFC 8098 that of read receipts. Servers
that follow none of them write a letter; those of qmail, Exim and the like are read as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from itertools import chain

from .lifecycle import State
from .mail_text import BLANK_LINES, MAX_WORDS, MESSAGE_ID, blocks, clean, header, parts, text_of

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
DISPOSITION_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
RETURNED_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
#: Fields that carry the Message-ID of the message that a report is about; relays may write their
#: own into the message, and keep ours beside it.
ORIGINAL_FIELDS = (
    "original-message-id",
    "x-original-message-id",
    "x-microsoft-original-message-id",
    "message-id",
)
MAX_MESSAGE_IDS = 50

DAEMON = re.compile(r"(?:mailer-?daemon|mail-daemon|postmaster|microsoftexchange\w{0,40}+)@", re.I)
#: Where a letter's own words end and the returned message begins.
COPY = re.compile(r"^--[^\n]{0,200}\b(?:copy|original|headers|returned)\b", re.I | re.M)
GIVEN_UP = re.compile(r"permanent error|permanent failure|giv(?:en|ing) up", re.I)
DELAY = re.compile(
    r"delayed|not yet been delivered|warning message only|will be retried|still being retried"
    r"|could not send message for past|zpožděn",
    re.I,
)
FAILURE = re.compile(
    r"could(?: not|n't) be delivered|able to deliver|undeliver(?:able|ed)|failure notice"
    r"|delivery (?:has )?failed|delivery failure|returned mail|returned to sender"
    r"|nelze doručit|nedoručiteln|nepodařilo se doručit|(?:nebylo|není) možné doručit",
    re.I,
)
#: An SMTP answer (RFC 5321) or an enhanced status code (RFC 3463).
_ACTION = re.compile(r"\s*+(\w*+)")
_DISPOSITION = re.compile(r"\s*+([\w-]*+)")
#: Headers of a returned message that a letter quotes, each on a line.
_QUOTED_FIELD = re.compile(
    r"^[>| \t]{0,8}(Message-ID|X-Microsoft-Original-Message-ID):\s{0,9}(\S{3,252})", re.I | re.M
)
CODE = re.compile(r"\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b")


class Reported(StrEnum):
    """What is reported about one message. Values are those of RFC 3464 and RFC 8098."""

    DELIVERED = "delivered"
    #: Handed to a system that reports nothing, or spread to the members of a list.
    RELAYED = "relayed"
    DELAYED = "delayed"
    FAILED = "failed"
    DISPLAYED = "displayed"
    #: It lay in the mailbox; nobody says that anybody read it.
    DELETED = "deleted"


#: What an event makes of a delivery, where :func:`core.lifecycle.allowed` lets it. Whoever reports
#: a delay has the message: it settles what was uncertain, as a relayed one does.
STATE_AFTER: dict[Reported, State] = {
    Reported.DELIVERED: State.DELIVERED,
    Reported.RELAYED: State.SENT,
    Reported.DELAYED: State.SENT,
    Reported.FAILED: State.BOUNCED,
    Reported.DISPLAYED: State.READ,
    Reported.DELETED: State.DELIVERED,
}
_ACTIONS = {
    "delivered": Reported.DELIVERED,
    "relayed": Reported.RELAYED,
    "expanded": Reported.RELAYED,
    "delayed": Reported.DELAYED,
    "failed": Reported.FAILED,
}
#: The class of an enhanced status code, for reports without an action.
_CLASSES = {"2": Reported.DELIVERED, "4": Reported.DELAYED, "5": Reported.FAILED}
#: Good news first: a message with several fates failed only if none of them is better.
_BEST = (
    Reported.DISPLAYED,
    Reported.DELIVERED,
    Reported.DELETED,
    Reported.RELAYED,
    Reported.DELAYED,
    Reported.FAILED,
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message for one recipient, with the words of the system that says so."""

    event: Reported
    addresses: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A message that came back about another one, known by its ENVID or its Message-ID.

    ``message_ids`` are in the order of their weight: those of the returned message first.
    """

    envelope_id: str
    message_ids: tuple[str, ...]
    fates: tuple[Fate, ...]

    def fate_of(self, address: str) -> Fate:
        """Return what became of the message to ``address``.

        Where a report names others only, the message was forwarded to them.

        >>> bounced = Fate(Reported.FAILED, ("a@a.example",))
        >>> spread = Fate(Reported.RELAYED, ("b@b.example",))
        >>> report = Report("", (), (bounced, spread))
        >>> [report.fate_of(who).event.value for who in ("A@a.example", "list@list.example")]
        ['failed', 'relayed']
        """
        mine = [fate for fate in self.fates if address.lower() in fate.addresses]
        return min(mine or self.fates, key=lambda fate: _BEST.index(fate.event))


def xtext(text: str) -> str:
    """Encode a parameter of MAIL or RCPT (RFC 3461, 4).

    >>> xtext("rfc822;jana+faktury@odberatel.example")
    'rfc822;jana+2Bfaktury@odberatel.example'
    """
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)


def dsn_options(envelope_id: str, address: str) -> tuple[list[str], list[str]]:
    """Return the options of MAIL and RCPT that ask for delivery reports (RFC 3461).

    >>> dsn_options("7-ab", "a@b.example")[1]
    ['NOTIFY=SUCCESS,FAILURE,DELAY', 'ORCPT=rfc822;a@b.example']
    """
    recipient = f"ORCPT={xtext(f'rfc822;{address}')}"
    return (
        ["RET=HDRS", f"ENVID={xtext(envelope_id)}"],
        ["NOTIFY=SUCCESS,FAILURE,DELAY", recipient],
    )


def read_report(message: Message) -> Report | None:
    """Return what a message reports about another one, None for all other mail.

    Ordinary replies and the automatic ones of absent people (RFC 3834) report nothing.
    """
    flat = list(parts(message))
    is_report = flat[0].get_content_type() == "multipart/report" or _is_from_daemon(message)
    status = next((p for p in flat if p.get_content_type() in STATUS_TYPES), None)
    disposition = next((p for p in flat if p.get_content_type() in DISPOSITION_TYPES), None)
    if is_report and status:
        return _delivery_report(message, flat, blocks(text_of(status)))
    if is_report and disposition:
        return _read_receipt(message, flat, blocks(text_of(disposition)))
    return _plain_bounce(message, flat) if _is_from_daemon(message) else None


def _delivery_report(message: Message, flat: list[Message], fields: list[dict]) -> Report | None:
    fates = tuple(fate for block in fields if (fate := _fate(block)))
    envelope_id = next(
        (f["original-envelope-id"] for f in fields if "original-envelope-id" in f), ""
    )
    return _report(message, flat, fields, fates, clean(envelope_id, MAX_WORDS))


def _fate(block: dict[str, str]) -> Fate | None:
    """Return what one group of fields says about a recipient, None if it is not about one."""
    if "final-recipient" not in block and "action" not in block:
        return None
    action = _ACTION.match(block.get("action", "")).group(1).lower()
    status = block.get("status", "")
    event = _ACTIONS.get(action) or _CLASSES.get(status.strip()[:1])
    words = block.get("diagnostic-code", "").partition(";")[2] or status
    return event and Fate(event, _addresses(block), clean(words, MAX_WORDS))


def _addresses(block: dict[str, str]) -> tuple[str, ...]:
    names = ("original-recipient", "final-recipient")
    values = (
        block[name].rpartition(";")[2].strip(" <>").lower() for name in names if name in block
    )
    return tuple(dict.fromkeys(filter(None, values)))


def _read_receipt(message: Message, flat: list[Message], fields: list[dict]) -> Report | None:
    block = {name: value for group in reversed(fields) for name, value in group.items()}
    disposition = block.get("disposition", "").rpartition(";")[2]
    kind = _DISPOSITION.match(disposition).group(1).lower()
    if not kind:
        return None
    event = Reported.DISPLAYED if kind == "displayed" else Reported.DELETED
    fate = Fate(event, _addresses(block), clean(kind, MAX_WORDS))
    return _report(message, flat, fields, (fate,))


def _is_from_daemon(message: Message) -> bool:
    return bool(DAEMON.search(header(message, "From")) or header(message, "X-Failed-Recipients"))


def _plain_bounce(message: Message, flat: list[Message]) -> Report | None:
    """Read a letter without fields, as those of qmail and of older servers."""
    texts = (text_of(p) for p in flat if p.get_content_maintype() == "text")
    letter = next(filter(str.strip, texts), "")  # one part after the other, until one has words
    copy = COPY.search(letter)
    own = letter[: copy.start()] if copy else letter
    event = _event_of_letter(f"{header(message, 'Subject')}\n{own}")
    if not event:
        return None
    failed = header(message, "X-Failed-Recipients").lower().replace(",", " ").split()
    fate = Fate(event, tuple(failed), _words_of_letter(own))
    return _report(message, flat, [_fields_of_letter(letter)], (fate,))


def _event_of_letter(text: str) -> Reported | None:
    """Tell a failure from a warning that there may be one.

    >>> _event_of_letter("This is a warning message only, delivery failed so far").value
    'delayed'
    """
    if GIVEN_UP.search(text):
        return Reported.FAILED
    if DELAY.search(text):
        return Reported.DELAYED
    return Reported.FAILED if FAILURE.search(text) else None


def _words_of_letter(own: str) -> str:
    """Return the paragraph that says why: the one with a code, else the one with an address."""
    paragraphs = [p for p in BLANK_LINES.split(own) if p.strip()]
    for tells in (CODE.search, lambda p: "@" in p):
        found = next((p for p in paragraphs if tells(p)), None)
        if found:
            return clean(found, MAX_WORDS)
    return clean(" ".join(paragraphs), MAX_WORDS)


def _fields_of_letter(letter: str) -> dict[str, str]:
    """Return the headers of the message that a letter quotes below its own words."""
    found: dict[str, str] = {}
    for key, value in _QUOTED_FIELD.findall(letter):
        found.setdefault(key.lower(), value)
    return found


def _report(
    message: Message,
    flat: list[Message],
    fields: list[dict[str, str]],
    fates: tuple[Fate, ...],
    envelope_id: str = "",
) -> Report | None:
    """Return the report with the Message-IDs of what it is about."""
    if not fates:
        return None
    returned = [blocks(text_of(p))[0] for p in flat if p.get_content_type() in RETURNED_TYPES]
    certain = (block.get(name, "") for block in (*fields, *returned) for name in ORIGINAL_FIELDS)
    thread = (header(message, "In-Reply-To"), _newest_first(header(message, "References")))
    return Report(envelope_id, _unique_ids(chain(certain, thread)), fates)


def _newest_first(references: str) -> str:
    return " ".join(reversed(MESSAGE_ID.findall(references)))


def _unique_ids(values: Iterable[str]) -> tuple[str, ...]:
    found = (message_id for value in values for message_id in MESSAGE_ID.findall(value))
    return tuple(dict.fromkeys(found))[:MAX_MESSAGE_IDS]
