"""Whom a level writes to, and what of the contact that it asks for is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from .schedule import Address, Receivable


@dataclass(frozen=True, slots=True)
class Gaps:
    """What of the wanted contact is missing.

    ``unreachable`` are names of contact persons that cannot be written to, ``instead`` the
    invoices that go to the invoice address because their order has no other.
    """

    unreachable: tuple[str, ...] = ()
    instead: tuple[int, ...] = ()


NO_GAPS = Gaps()


def recipients(receivable: Receivable, contact: str) -> tuple[Address, ...]:
    """Return the addresses that ``contact`` means; an order without any falls back to the invoice.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> invoice = Receivable(1, 1, 1, date(2026, 5, 1), Decimal(0), invoice_to=(Address("a@x.cz"),))
    >>> recipients(invoice, "order")
    (Address(email='a@x.cz', lang=None),)
    """
    if contact == "invoice":
        chosen = receivable.invoice_to
    elif contact == "order":
        chosen = receivable.order_to or receivable.invoice_to
    else:
        chosen = receivable.invoice_to + receivable.order_to
    return unique(chosen)


def unique(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Return addresses each once, the first of a kind, in the order of the alphabet."""
    found = {address.email.lower(): address for address in reversed(tuple(addresses))}
    return tuple(found[key] for key in sorted(found))


def gaps(receivables: Iterable[Receivable], contact: str) -> Gaps:
    """Return what of the wanted contact the receivables lack."""
    if contact == "invoice":
        return NO_GAPS
    receivables = tuple(receivables)
    names = dict.fromkeys(name for r in receivables for name in r.order_unreachable)
    moves = dict.fromkeys(r.move_id for r in receivables if r.invoice_to and not r.order_to)
    return Gaps(tuple(names), tuple(moves))


def lang_of(addresses: Iterable[Address], otherwise: str | None) -> str | None:
    """Return the language of a reminder: the first that a recipient has, else the customer's."""
    return next((address.lang for address in addresses if address.lang), otherwise)


def langs_of(addresses: Iterable[Address], otherwise: str | None) -> dict[str, str]:
    """Return the language of each recipient by address, where one is known.

    >>> langs_of([Address("a@x.cz", "cs_CZ"), Address("b@x.cz")], "en_US")
    {'a@x.cz': 'cs_CZ', 'b@x.cz': 'en_US'}
    """
    found = {address.email.lower(): address.lang or otherwise for address in addresses}
    return {email: lang for email, lang in found.items() if lang}
