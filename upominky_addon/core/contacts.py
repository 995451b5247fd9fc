"""Whom a level writes to, and what of the contact that it asks for is missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .recipient import INVOICE_ONLY, Recipient
from .schedule import Level, Receivable


@dataclass(frozen=True, slots=True)
class Gaps:
    """What of the wanted contact is missing.

    ``unreachable`` are names of contact persons that cannot be written to, ``instead`` the
    invoices that go to the invoice address because their order has no other.
    """

    unreachable: tuple[str, ...] = ()
    instead: tuple[int, ...] = ()


NO_GAPS = Gaps()


def recipients(receivable: Receivable, level: Level) -> tuple[Recipient, ...]:
    """Return whom a level means, by the channels that it uses.

    An order without anybody falls back to the invoice.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> to = (Recipient("email", "a@x.cz"), Recipient("letter", "Street 1"))
    >>> invoice = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(0), invoice_to=to)
    >>> recipients(invoice, Level(1, 1, 7, contact="order"))
    (Recipient(channel='email', address='a@x.cz', lang=None),)

    A letter goes to the invoice address alone, however many people of the order get an e-mail.

    >>> jana = (Recipient("email", "b@x.cz"),)
    >>> order = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(0), invoice_to=to, order_to=jana)
    >>> both = Level(1, 1, 7, contact="order", channels=("email", "letter"))
    >>> [recipient.address for recipient in recipients(order, both)]
    ['b@x.cz', 'Street 1']
    """
    invoice_to = _by(level.channels, receivable.invoice_to)
    order_to = _by(_to_orders(level), receivable.order_to)
    if level.contact == "invoice":
        chosen = invoice_to
    elif level.contact == "order" and order_to:
        chosen = order_to + _by(INVOICE_ONLY, invoice_to)
    elif level.contact == "order":
        chosen = invoice_to
    else:
        chosen = invoice_to + order_to
    return unique(chosen)


def _to_orders(level: Level) -> tuple[str, ...]:
    """Return the channels by which a level may reach the people of an order."""
    return tuple(channel for channel in level.channels if channel not in INVOICE_ONLY)


def _by(channels: Collection[str], to: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    return tuple(recipient for recipient in to if recipient.channel in channels)


def unique(to: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return recipients each once, the first of a kind, by channel and in the alphabet's order."""
    found = {recipient.key: recipient for recipient in reversed(tuple(to))}
    return tuple(found[key] for key in sorted(found))


def gaps(receivables: Iterable[Receivable], level: Level) -> Gaps:
    """Return what of the contact that a level wants the receivables lack, by its channels."""
    channels = _to_orders(level)
    if level.contact == "invoice" or not channels:
        return NO_GAPS
    receivables = tuple(receivables)
    names = dict.fromkeys(name for r in receivables for name in r.order_unreachable)
    moves = dict.fromkeys(
        r.move_id
        for r in receivables
        if _by(channels, r.invoice_to) and not _by(channels, r.order_to)
    )
    return Gaps(tuple(names), tuple(moves))


def lang_of(to: Iterable[Recipient], otherwise: str | None) -> str | None:
    """Return the language of a reminder: the first that a recipient has, else the customer's."""
    return next((recipient.lang for recipient in to if recipient.lang), otherwise)


def langs_of(to: Iterable[Recipient], otherwise: str | None) -> dict[str, str]:
    """Return the language of each recipient by address, where one is known.

    >>> to = [Recipient("email", "a@x.cz", "cs_CZ"), Recipient("email", "b@x.cz")]
    >>> langs_of(to, "en_US")
    {'a@x.cz': 'cs_CZ', 'b@x.cz': 'en_US'}
    """
    found = {recipient.address.lower(): recipient.lang or otherwise for recipient in to}
    return {address: lang for address, lang in found.items() if lang}
