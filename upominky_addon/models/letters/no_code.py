"""Why a payment has no code, in words: what is wrong, and what to do."""

from odoo.tools import LazyTranslate

from ...core.payment_order import NoCode

_lt = LazyTranslate(__name__)

#: Of an account, or of a payment to it.
SENTENCES = {
    NoCode.NO_IBAN: _lt(
        "“%(account)s” is no IBAN, so payments to it have no code: enter the account as an IBAN."
    ),
    NoCode.NO_BIC: _lt(
        "Payments to “%(account)s” have no code without a BIC: enter that of its bank."
    ),
    NoCode.WRONG_COUNTRY: _lt(
        "“%(account)s” lies outside the SEPA area, so payments to it have no code: name another "
        "account on invoices in %(currency)s."
    ),
    NoCode.WRONG_CURRENCY: _lt(
        "There is no code for payments in %(currency)s to “%(account)s”: name another account on "
        "invoices in that currency, or leave them without one."
    ),
    NoCode.NOTHING_TO_PAY: _lt("Nothing is left to pay, so there is no code."),
    NoCode.AMOUNT_TOO_LONG: _lt(
        "The amount is larger than a code for “%(account)s” can say: it has to be typed in."
    ),
    NoCode.AMOUNT_TOO_FINE: _lt(
        "An amount in %(currency)s with more than two decimals has no code: it has to be typed in."
    ),
    NoCode.NO_PAYEE: _lt(
        "Payments to “%(account)s” have no code without a payee: enter the account's holder."
    ),
}
#: Of what a payment is to carry.
SYMBOL = _lt(
    "The payment reference is no variable symbol, so there is no code: enter one, digits only and "
    "ten at most."
)


def no_code_text(env, code, account, currency):
    """Return a sentence about an account, or a payment to it, that has no code.

    :param core.payment_order.NoCode code: why
    :param str account: how it is written
    :param str currency: the code of the payment's currency
    """
    sentence = env._(SENTENCES.get(code, SYMBOL))
    return sentence % {"account": account, "currency": currency}
