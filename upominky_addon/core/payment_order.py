"""A payment that somebody is asked to make, and why it cannot be said by a code.

The formats are :mod:`.spayd`, :mod:`.paybysquare` and :mod:`.epc`; this is what they share.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .payment_reference import is_symbol

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: Letters of an IBAN (ISO 13616 registry), of the countries whose formats are for theirs alone.
_LENGTHS = {"CZ": 24, "SK": 24}
#: Letters of a text that are looked at: no format has room for a tenth of it.
_LOOKED_AT = 2_000
#: Letters that no decomposition takes the stroke or the ligature off.
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ı": "i", "–": "-", "—": "-", "’": "'"}
)


class NoCode(StrEnum):
    """Why there is no payment code."""

    NO_IBAN = "no_iban"
    NO_BIC = "no_bic"
    WRONG_COUNTRY = "wrong_country"
    WRONG_CURRENCY = "wrong_currency"
    NOTHING_TO_PAY = "nothing_to_pay"
    AMOUNT_TOO_LONG = "amount_too_long"
    AMOUNT_TOO_FINE = "amount_too_fine"
    NO_PAYEE = "no_payee"
    WRONG_SYMBOL = "wrong_symbol"
    NO_SYMBOL = "no_symbol"


class NoCodeError(ValueError):
    """A payment that cannot be said by a code; ``code`` is a :class:`NoCode`."""

    def __init__(self, code: NoCode):
        super().__init__(str(code))
        self.code = code


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What a payer is to enter: an account, an amount, and how the payment is marked.

    ``amount`` is in ``currency`` (ISO 4217); ``symbol`` is the variable symbol, digits or nothing;
    ``message`` is for the payee to read, ``payee`` the name of the account's owner. ``due`` is the
    day to pay by; without it, and of the day when it is entered, at once.
    """

    iban: str
    amount: Decimal
    currency: str
    symbol: str = ""
    message: str = ""
    payee: str = ""
    bic: str = ""
    due: date | None = None


def compact_iban(text: str) -> str:
    """Return an IBAN without spaces (ISO 13616), checked.

    :raises NoCodeError: if it is none

    >>> compact_iban("cz55 0800 0000 0012 3456 7899")
    'CZ5508000000001234567899'
    """
    iban = "".join((text or "").upper().split())
    if not (_IBAN.fullmatch(iban) and is_checked(iban)):
        raise NoCodeError(NoCode.NO_IBAN)
    if len(iban) != _LENGTHS.get(iban[:2], len(iban)):
        raise NoCodeError(NoCode.NO_IBAN)
    return iban


def is_checked(number: str) -> bool:
    """Say whether the two check digits of an IBAN or an RF reference hold (ISO 7064, mod 97-10).

    >>> is_checked("RF18539007547034"), is_checked("RF19539007547034")
    (True, False)
    """
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1


def country_of(text: str) -> str:
    """Return the country (ISO 3166) of an IBAN.

    :raises NoCodeError: if it is none
    """
    return compact_iban(text)[:2]


def plain_amount(amount: Decimal, most_letters: int) -> str:
    """Return an amount with a point and two decimals.

    :param most_letters: how many letters the format has room for
    :raises NoCodeError: if nothing is to be paid, or the amount is too long or has more decimals

    >>> plain_amount(Decimal("12100"), 10)
    '12100.00'
    """
    if not amount.is_finite() or amount <= 0:
        raise NoCodeError(NoCode.NOTHING_TO_PAY)
    text = f"{amount:.2f}"
    if Decimal(text) != amount:
        raise NoCodeError(NoCode.AMOUNT_TOO_FINE)
    if len(text) > most_letters:
        raise NoCodeError(NoCode.AMOUNT_TOO_LONG)
    return text


def checked_currency(text: str) -> str:
    """Return the code of a currency (ISO 4217).

    :raises NoCodeError: if it is none, as one that somebody made up
    """
    if not _CURRENCY.fullmatch(text):
        raise NoCodeError(NoCode.WRONG_CURRENCY)
    return text


def plain_day(day: date | None) -> str:
    """Return a day as the formats write it, nothing for none.

    >>> plain_day(date(2026, 6, 5)), plain_day(None)
    ('20260605', '')
    """
    return f"{day:%Y%m%d}" if day else ""


def known_bic(text: str) -> str:
    """Return a BIC (ISO 9362), nothing where it is none.

    >>> known_bic("gibaczpx"), known_bic("GIBA")
    ('GIBACZPX', '')
    """
    bic = "".join(text.upper().split())
    return bic if _BIC.fullmatch(bic) else ""


def checked_symbol(text: str) -> str:
    """Return a variable symbol, or nothing.

    :raises NoCodeError: if it is no number of at most ten digits
    """
    if text and not is_symbol(text):
        raise NoCodeError(NoCode.WRONG_SYMBOL)
    return text


def plain_letters(text: str) -> str:
    """Return a text in the letters of ASCII, without accents; what has none is a space.

    >>> plain_letters("Přepravní služby Łódź – 2 %")
    'Prepravni sluzby Lodz - 2 %'
    """
    parts = unicodedata.normalize("NFKD", text[:_LOOKED_AT].translate(_PLAIN))
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return one_line("".join(letter if letter.isascii() else " " for letter in bare))


def one_line(text: str) -> str:
    r"""Return a text in one line: what is not to be seen, and every row of spaces, is one space.

    >>> one_line(" a\tb\n\x00c ")
    'a b c'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text[:_LOOKED_AT]).split())
