"""SEPA payment code: EPC069-12 version 2 of the European Payments Council ("GiroCode").

A payment in euro to an account in the Single Euro Payments Area. The code itself wants the error
correction level M and at most version 13.
"""

import re

from .payment_order import (
    NoCode,
    NoCodeError,
    PaymentOrder,
    compact_iban,
    is_checked,
    known_bic,
    one_line,
    plain_amount,
)

#: Letters of an amount, a name and a message; bytes of all.
MAX_AMOUNT, MAX_PAYEE, MAX_MESSAGE, MAX_BYTES = 12, 70, 140, 331
#: Bytes of a name that leave room for a message.
MAX_PAYEE_BYTES = 140
#: Countries of the Single Euro Payments Area (EPC409-09), by the first two letters of the IBAN:
#: those of the European Economic Area, where no BIC is asked for, and the others.
_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
EEA = frozenset(_EEA.split())
SEPA = EEA | {"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"}
_CREDITOR_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")


def epc(order: PaymentOrder) -> str:
    """Return the content of the code, in UTF-8 as it says itself.

    :raises NoCodeError: if the payment cannot be said

    >>> from decimal import Decimal
    >>> order = PaymentOrder(
    ...     "DE33100205000001194700", Decimal(20), "EUR", message="Spende", payee="Wikimedia"
    ... )
    >>> epc(order).splitlines()[4:]
    ['', 'Wikimedia', 'DE33100205000001194700', 'EUR20.00', '', '', 'Spende']
    """
    iban = _account(order)
    payee = _cut(one_line(order.payee), MAX_PAYEE, MAX_PAYEE_BYTES)
    if not payee:
        raise NoCodeError(NoCode.NO_PAYEE)
    bic = known_bic(order.bic)
    if not bic and iban[:2] not in EEA:
        raise NoCodeError(NoCode.NO_BIC)
    amount = f"EUR{plain_amount(order.amount, MAX_AMOUNT)}"
    head = ["BCD", "002", "1", "SCT", bic, payee, iban, amount, ""]
    lines = [*head, *_reference(order, head)]
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def _account(order: PaymentOrder) -> str:
    iban = compact_iban(order.iban)
    if order.currency != "EUR":
        raise NoCodeError(NoCode.WRONG_CURRENCY)
    if iban[:2] not in SEPA:
        raise NoCodeError(NoCode.WRONG_COUNTRY)
    return iban


def _reference(order: PaymentOrder, head: list[str]) -> tuple[str, str]:
    """Return the structured reference (ISO 11649) or the text: never both."""
    text = one_line(order.message)
    structured = "".join(text.upper().split())
    if _CREDITOR_REFERENCE.fullmatch(structured) and is_checked(structured):
        return structured, ""
    room = MAX_BYTES - len("\n".join([*head, "", ""]).encode())
    return "", _cut(text, MAX_MESSAGE, room)


def _cut(text: str, most_letters: int, most_bytes: int) -> str:
    """Return the beginning of a text that has room.

    >>> _cut("ěšč", 9, 5)
    'ěš'
    """
    return text[:most_letters].encode()[:most_bytes].decode(errors="ignore").strip()
