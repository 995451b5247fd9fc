"""QR Platba: a payment as a Short Payment Descriptor (SPAYD 1.0, Czech Banking Association).

Only digits, capital letters and ``space $ % * + - . / :`` are used: those of a QR code's
alphanumeric mode, which makes the code small and which every bank reads. The code itself wants the
error correction level M.
"""

import re

from .payment_order import (
    PaymentOrder,
    checked_currency,
    checked_symbol,
    compact_iban,
    known_bic,
    plain_amount,
    plain_day,
    plain_letters,
)

#: Letters of an amount, a message and a payee's name, at most.
MAX_AMOUNT, MAX_MESSAGE, MAX_PAYEE = 10, 60, 35
_OTHERS = re.compile(r"[^0-9A-Z $%*+\-./:]+")


def spayd(order: PaymentOrder) -> str:
    """Return the content of the code.

    :raises NoCodeError: if the payment cannot be said

    >>> from decimal import Decimal
    >>> spayd(PaymentOrder("CZ5508000000001234567899", Decimal(480), "EUR", "20260130"))
    'SPD*1.0*ACC:CZ5508000000001234567899*AM:480.00*CC:EUR*X-VS:20260130'
    """
    keys = {
        "ACC": _account(order),
        "AM": plain_amount(order.amount, MAX_AMOUNT),
        "CC": checked_currency(order.currency),
        "DT": plain_day(order.due),
        "MSG": _value(order.message, MAX_MESSAGE),
        "RN": _value(order.payee, MAX_PAYEE),
        "X-VS": checked_symbol(order.symbol),
    }
    return "*".join(["SPD", "1.0", *(f"{key}:{value}" for key, value in keys.items() if value)])


def _account(order: PaymentOrder) -> str:
    return "+".join(filter(None, (compact_iban(order.iban), known_bic(order.bic))))


def _value(text: str, most_letters: int) -> str:
    """Return a text as a value: cut, in the letters of the code, those that mean something escaped.

    >>> _value("Zaplaťte 2 % * (ihned)!", 60)
    'ZAPLATTE 2 %25 %2A IHNED'
    """
    letters = " ".join(_OTHERS.sub(" ", plain_letters(text).upper()).split())
    found = ""
    for letter in letters:
        escaped = {"%": "%25", "*": "%2A"}.get(letter, letter)
        if len(found) + len(escaped) > most_letters:
            break
        found += escaped
    return found.strip()
