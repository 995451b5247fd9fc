"""What a final notice must contain before a suit may follow it (§ 142a of the Czech o.s.ř.).

Both parties with their numbers and seats, the claim and its ground, when it fell due, the account
and what the payment is to carry, and a deadline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

#: Days between the sending of the notice and the suit, at least.
LEAST_DAYS = 7
#: Days to pay that a final notice gives, unless told.
USUAL_DAYS = 14


class Lack(StrEnum):
    """What may be missing."""

    NUMBER = "number"
    STREET = "street"
    CITY = "city"
    ZIP = "zip"
    COUNTRY = "country"
    GROUND = "ground"
    DUE_DATE = "due_date"
    REFERENCE = "reference"
    ACCOUNT = "account"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Party:
    """A party as a notice names it.

    ``number`` is that of the company register or of a tax payer, which a private person
    (``is_private``) has not; ``has_zip`` says whether the country has postal codes.
    """

    number: str = ""
    street: str = ""
    city: str = ""
    zip: str = ""
    country: str = ""
    is_private: bool = False
    has_zip: bool = True

    def lacks(self) -> tuple[Lack, ...]:
        """Return what is missing of it.

        >>> [str(lack) for lack in Party("27082440", "Dlouhá 1", " ", "110 00", "CZ").lacks()]
        ['city']
        >>> Party("", "Dlouhá 1", "Praha", "110 00", "CZ", is_private=True).lacks()
        ()
        """
        wanted = [Lack.STREET, Lack.CITY, Lack.COUNTRY]
        if self.has_zip:
            wanted.insert(2, Lack.ZIP)
        if not self.is_private:
            wanted.insert(0, Lack.NUMBER)
        return tuple(lack for lack in wanted if not getattr(self, lack.value).strip())


@dataclass(frozen=True, slots=True)
class Debt:
    """One receivable as a notice names it; ``reference`` is what its payment is to carry."""

    number: str
    has_due_date: bool
    reference: str

    def lacks(self) -> tuple[Lack, ...]:
        """Return what is missing of it.

        >>> [str(lack) for lack in Debt("", True, "").lacks()]
        ['ground', 'reference']
        """
        said = (
            (Lack.GROUND, self.number),
            (Lack.DUE_DATE, self.has_due_date),
            (Lack.REFERENCE, self.reference or self.number),
        )
        return tuple(lack for lack, value in said if not value)


def is_too_short(days: int) -> bool:
    """Say whether a deadline of so many days is too short for a final notice.

    >>> is_too_short(6), is_too_short(7)
    (True, False)
    """
    return days < LEAST_DAYS


def may_approve(issuer: int | None, approver: int, four_eyes: bool) -> bool:
    """Say whether a person may approve a final notice.

    :param issuer: id of the user who issued it by hand, None for a job
    :param four_eyes: whether nobody may approve what he issued himself

    >>> may_approve(7, 7, True), may_approve(7, 8, True), may_approve(None, 7, True)
    (False, True, True)
    >>> may_approve(7, 7, False)
    True
    """
    return not (four_eyes and issuer == approver)


def accounts_lacking(blocks: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the currencies of those blocks that name no account, once each.

    :param blocks: pairs of a currency and an account

    >>> accounts_lacking([("CZK", "1/0100"), ("EUR", ""), ("EUR", "")])
    ('EUR',)
    """
    return tuple(dict.fromkeys(currency for currency, account in blocks if not account))
