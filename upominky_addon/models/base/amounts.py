"""Amounts: exact, and as the reader writes them."""

from decimal import Decimal


def exact(amount, currency):
    """Return an amount as a Decimal with its currency's places."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def quantum(currency):
    """Return what a currency is rounded to."""
    return Decimal(str(currency.rounding))


def totals_text(env, totals):
    """Return totals in a line, each currency by itself, by its name.

    :param totals: amounts by currency id
    """
    currencies = env["res.currency"].browse(totals).sorted("name")
    return " · ".join(currency.format(float(totals[currency.id])) for currency in currencies)
