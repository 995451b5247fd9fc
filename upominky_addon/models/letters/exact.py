"""Amounts of records as the letter has them."""

from decimal import Decimal


def exact(amount, currency):
    """Return an amount as a Decimal with its currency's places."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")
