"""Amounts as the reader writes them."""


def totals_text(env, totals):
    """Return totals in a line, each currency by itself, by its name.

    :param totals: amounts by currency id
    """
    currencies = env["res.currency"].browse(totals).sorted("name")
    return " · ".join(currency.format(float(totals[currency.id])) for currency in currencies)
