"""The codes of a letter to pay by: for which payments, in which standard, or why there is none.

The standards are :mod:`.spayd`, :mod:`.paybysquare` and :mod:`.epc`. Amounts are ``Decimal`` in the
currency of their block.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .epc import epc
from .paybysquare import pay_by_square
from .payment_order import NoCode, NoCodeError, PaymentOrder, country_of
from .spayd import spayd

#: Invoices of a block that have a code each; more of them have one together.
MOST_CODES = 6
#: Countries whose banks know a payment by its variable symbol.
WITH_SYMBOLS = frozenset({"CZ", "SK"})


class Standard(StrEnum):
    """A standard, by the name that payers know."""

    QR_PLATBA = "QR Platba"
    PAY_BY_SQUARE = "PAY by square"
    SEPA = "SEPA QR"


_WRITERS: Mapping[Standard, Callable[[PaymentOrder], str]] = {
    Standard.QR_PLATBA: spayd,
    Standard.PAY_BY_SQUARE: pay_by_square,
    Standard.SEPA: epc,
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account to pay to; ``name`` is how a letter writes it, ``payee`` whose it is."""

    iban: str
    payee: str = ""
    bic: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is left to pay of an invoice, or with no ``number`` of several.

    ``symbol`` or ``reference`` is what the payment is to carry; ``due`` a day that is not over,
    none where it is to be paid at once.
    """

    number: str
    amount: Decimal
    symbol: str = ""
    reference: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A code, and the same payment as a letter writes it beside it.

    ``payload`` is the content of the code, which wants the error correction level M; ``number`` the
    invoice that it pays, nothing for all of its block; ``values`` what is written, by the keys of
    the columns of codes: ``account amount variable_symbol message due_date``.
    """

    standard: Standard
    payload: str
    number: str
    values: Mapping[str, Any]


def standard_of(iban: str, currency: str) -> Standard:
    """Return the standard of payments to an account.

    :param iban: as it is written
    :param currency: its code
    :raises NoCodeError: if it is no IBAN, or none has payments in the currency

    >>> [str(standard_of(iban, "EUR")) for iban in ("CZ5508000000001234567899",
    ...  "SK9611000000002918599669", "DE33100205000001194700")]
    ['QR Platba', 'PAY by square', 'SEPA QR']
    """
    country = country_of(iban)
    if country == "CZ":
        return Standard.QR_PLATBA
    if currency != "EUR":
        raise NoCodeError(NoCode.WRONG_CURRENCY)
    return Standard.PAY_BY_SQUARE if country == "SK" else Standard.SEPA


def payments(asked: Iterable[Payment], total: Decimal, message: str) -> tuple[Payment, ...]:
    """Return the payments of a block: one for each invoice, or one for all if they are many.

    Together they are always the total, to the last decimal: also where the total is another one
    than the sum of what is left of each.

    :param asked: what is left of each, credits deducted; parts of an invoice are paid at once
    :param total: what the block asks for
    :param message: what a payment for all carries

    >>> two = Payment("FA 1", Decimal(5), "1"), Payment("FA 2", Decimal(7), "2")
    >>> [(c.number, str(c.amount)) for c in payments([*two, two[0]], Decimal(17), "UP 1")]
    [('FA 1', '10'), ('FA 2', '7')]
    >>> [(c.number, str(c.amount), c.reference) for c in payments(two, Decimal(9), "UP 1")]
    [('', '9', 'UP 1')]
    """
    if total <= 0:
        return ()
    invoices: dict[tuple[str, str, str], Payment] = {}
    for payment in asked:
        key = payment.number, payment.symbol, payment.reference
        first = invoices.get(key)
        invoices[key] = _together(first, payment) if first else payment
    each = tuple(payment for payment in invoices.values() if payment.amount > 0)
    fits = len(invoices) <= MOST_CODES and all(payment.number for payment in invoices.values())
    if fits and sum(payment.amount for payment in each) == total:
        return each
    return (Payment("", total, reference=message),)


def _together(first: Payment, second: Payment) -> Payment:
    """Return two parts of an invoice as one payment: at once, unless both are still to come."""
    due = min(first.due, second.due) if first.due and second.due else None
    return replace(first, amount=first.amount + second.amount, due=due)


def code_of(account: Account, currency: str, payment: Payment) -> PaymentCode:
    """Return the code of a payment.

    :param currency: its code
    :raises NoCodeError: if there is none
    """
    standard = standard_of(account.iban, currency)
    order = _order(account, currency, payment)
    if payment.number and not order.symbol and country_of(account.iban) in WITH_SYMBOLS:
        raise NoCodeError(NoCode.NO_SYMBOL)
    values = {
        "account": account.name or account.iban,
        "amount": payment.amount,
        "variable_symbol": order.symbol,
        "message": order.message,
        "due_date": payment.due,
    }
    return PaymentCode(standard, _WRITERS[standard](order), payment.number, values)


def _order(account: Account, currency: str, payment: Payment) -> PaymentOrder:
    """Return what a payer is to enter: a symbol is a part of the text where banks have none."""
    symbol, message = payment.symbol, payment.reference or payment.number
    if country_of(account.iban) not in WITH_SYMBOLS:
        symbol, message = "", f"{symbol} {message}".strip()
    return PaymentOrder(
        iban=account.iban,
        amount=payment.amount,
        currency=currency,
        symbol=symbol,
        message=message,
        payee=account.payee,
        bic=account.bic,
        due=payment.due,
    )


def codes(
    account: Account, currency: str, asked: Iterable[Payment], total: Decimal, message: str
) -> tuple[PaymentCode, ...]:
    """Return the codes of a block; a payment that has none is left out.

    :param currency: its code; otherwise as :func:`payments`
    """
    found = []
    for payment in payments(asked, total, message):
        try:
            found.append(code_of(account, currency, payment))
        except NoCodeError:
            continue  # the readiness page says why; a letter is right without it
    return tuple(found)
