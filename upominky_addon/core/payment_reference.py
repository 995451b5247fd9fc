"""What a payment is to carry: a variable symbol, or a message for the recipient.

A variable symbol is a number of at most ten digits (SPAYD, key ``X-VS``; the Czech and Slovak
payment orders). A reference of other kinds cannot be typed where banks ask for one.
"""

from dataclasses import dataclass

#: Digits of a variable symbol, at most.
MAX_SYMBOL = 10


@dataclass(frozen=True, slots=True)
class PaymentReference:
    """What the payer enters: ``symbol`` where banks ask for digits, else ``message``.

    One of them, or none where the number of the debt says it already.
    """

    symbol: str = ""
    message: str = ""


def payment_reference(reference: str | None, *numbers: str | None) -> PaymentReference:
    """Return how a payment is marked.

    :param reference: what the invoice says is to be entered
    :param numbers: those by which the letter names the debt; no message repeats one of them

    >>> payment_reference("20260177", "FA 2026/0177")
    PaymentReference(symbol='20260177', message='')
    >>> payment_reference("FA 2026/0177", "VF/12")
    PaymentReference(symbol='', message='FA 2026/0177')
    >>> payment_reference("FA 2026/0177", "FA 2026/0177")
    PaymentReference(symbol='', message='')
    """
    text = (reference or "").strip()
    if is_symbol(text):
        return PaymentReference(symbol=text)
    if text in {(number or "").strip() for number in numbers}:
        return PaymentReference()
    return PaymentReference(message=text)


def is_symbol(text: str) -> bool:
    """Say whether a text can be entered as a variable symbol."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_SYMBOL
