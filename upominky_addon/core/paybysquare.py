"""PAY by square 1.2: the payment code of Slovak banks (Slovak Banking Association).

Payments in euro to Slovak accounts; no other banks read it. The code itself wants the error
correction level M.
"""

import lzma
import zlib
from base64 import b32hexencode

from .payment_order import (
    NoCode,
    NoCodeError,
    PaymentOrder,
    checked_symbol,
    compact_iban,
    plain_amount,
    plain_day,
    plain_letters,
)

#: Letters of an amount, a note and a name, at most.
MAX_AMOUNT, MAX_NOTE, MAX_PAYEE = 15, 140, 70
#: The format's third version, of April 2025, which asks for the payee's name.
VERSION = 2
#: What the format fixes of LZMA; the decoder is told nothing of it.
_FILTER = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 17, "lc": 3, "lp": 0, "pb": 2}


def pay_by_square(order: PaymentOrder) -> str:
    """Return the content of the code.

    :raises NoCodeError: if the payment cannot be said
    """
    iban = compact_iban(order.iban)
    if iban[:2] != "SK":
        raise NoCodeError(NoCode.WRONG_COUNTRY)
    if order.currency != "EUR":
        raise NoCodeError(NoCode.WRONG_CURRENCY)
    payee = plain_letters(order.payee)[:MAX_PAYEE].strip()
    if not payee:
        raise NoCodeError(NoCode.NO_PAYEE)
    return encode(_fields(order, iban, payee), VERSION)


def _fields(order: PaymentOrder, iban: str, payee: str) -> list[str]:
    amount = plain_amount(order.amount, MAX_AMOUNT)
    note = plain_letters(order.message)[:MAX_NOTE].strip()
    one_payment = ["", "1", "1", amount, "EUR", plain_day(order.due)]
    symbols = [checked_symbol(order.symbol), "", ""]  # variable, constant, specific
    marks = [*symbols, "", note]  # an originator's reference stands instead of symbols
    account = ["1", iban, ""]
    no_others = ["0", "0"]  # neither a standing order nor a direct debit
    return [*one_payment, *marks, *account, *no_others, payee, "", ""]


def encode(fields: list[str], version: int) -> str:
    """Return a sequence of fields as the text of the code.

    :param version: of the format, 0 to 2

    >>> encode("||".split("|"), 0)[:2]
    '00'
    """
    payload = "\t".join(fields).encode()
    checked = zlib.crc32(payload).to_bytes(4, "little") + payload
    body = lzma.compress(checked, format=lzma.FORMAT_RAW, filters=[_FILTER])
    head = bytes([version, 0]) + len(checked).to_bytes(2, "little")
    return b32hexencode(head + body).decode().rstrip("=")
