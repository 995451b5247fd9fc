"""Interest and costs in a letter: the calculation line by line, and what is claimed altogether.

Amounts are ``Decimal`` in the currency of their row; currencies are never added together.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .money import ZERO
from .payment_codes import PaymentCode


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Days of an invoice on which its balance and its rate stayed, the last one included.

    ``percent`` is a year's; ``amount`` the interest of these days.
    """

    number: str
    currency: str
    first: date
    last: date
    days: int
    base: Decimal
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is claimed in one currency. ``total`` is all of it together.

    ``billed`` are interest and costs that were billed before, by invoices that are asked for too:
    they are no principal.
    """

    currency: str
    principal: Decimal
    interest: Decimal
    costs: Decimal
    billed: Decimal = field(default=ZERO, kw_only=True)
    total: Decimal

    @property
    def beside(self) -> Decimal:
        """Return what is claimed beside the principal."""
        return self.interest + self.costs


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment of interest and costs alone, in a currency in which no block asks for anything.

    So no block names an account for it. ``account`` is nothing where the creditor has none in the
    currency; ``symbol`` or ``message`` is what the payment is to carry.
    """

    currency: str
    amount: Decimal
    account: str = ""
    bank: str = ""
    symbol: str = ""
    message: str = ""
    codes: tuple[PaymentCode, ...] = ()


def told_apart(claimed: Claimed, billed: Decimal) -> Claimed:
    """Return what is claimed with what was billed before apart from the principal.

    >>> ten, one, none = Decimal(10), Decimal(1), Decimal(0)
    >>> found = told_apart(Claimed("CZK", ten, one, none, ten + one), Decimal(3))
    >>> str(found.principal), str(found.billed), str(found.total)
    ('7', '3', '11')
    """
    return replace(claimed, principal=claimed.principal - billed, billed=billed)


@dataclass(frozen=True, slots=True)
class LetterClaim:
    """What a letter claims beside the total to pay of its blocks.

    ``left_out``: how many rows are not in it, but in the list of them all; ``payments`` are those
    that no block has the account of.
    """

    rows: tuple[Reckoned, ...]
    sums: tuple[Claimed, ...]
    left_out: int = 0
    payments: tuple[OwnPayment, ...] = ()

    @property
    def until(self) -> date | None:
        """Return the last day that interest is asked for, None where none is."""
        return max((row.last for row in self.rows), default=None)

    def first(self, most: int) -> "LetterClaim":
        """Return it with its first rows; its sums stay those of all of them.

        >>> row = Reckoned("FV 1", "CZK", date.min, date.min, 1, *(Decimal(1),) * 3)
        >>> found = LetterClaim((row,) * 3, ()).first(2)
        >>> len(found.rows), found.left_out
        (2, 1)
        """
        rows = self.rows[: max(0, most)]
        return replace(self, rows=rows, left_out=self.left_out + len(self.rows) - len(rows))
