"""How interest and costs are paid in a currency in which no invoice of the letter is.

The flat cost is in the company's currency: a customer whose invoices are in another one finds no
account for it among them. All texts of this module are read by customers.
"""

from odoo import api, models

from ...core.letter_claim import OwnPayment
from ...core.mail_text import clean
from ...core.payment_codes import codes
from .placeholders import MAX_PART


class UpominkyReminder(models.Model):
    """Payments of interest and costs that no block of the letter has the account of."""

    _inherit = "upominky.reminder"

    def _own_payment(self, claimed, currency):
        """Return how what is claimed in a currency is paid.

        :param core.letter_claim.Claimed claimed: what is claimed in it
        :param res.currency currency: in which no block of the letter asks for anything
        :rtype: core.letter_claim.OwnPayment
        """
        account, amount = self._own_account(currency), claimed.beside
        symbol, message, paid = self._own_reference(currency, amount)
        # sudo: what the level says is done, whoever sends.
        has_code = account and self.level_id.sudo().payment_code
        written = account._upominky_account() if has_code else None
        return OwnPayment(
            currency.name,
            amount,
            account=account.acc_number or "",
            bank=account.bank_id.name or "",
            symbol=symbol,
            message=message,
            codes=codes(written, currency.name, paid, amount, self.name) if has_code else (),
        )

    def _own_account(self, currency):
        """Return the company's account in a currency, as Odoo chooses it; none in another one.

        An account without a currency is in the company's.
        """
        # sudo: the account to pay to is in the letter, whoever sends it.
        company = self.company_id.sudo()
        accounts = company.partner_id.bank_ids
        if not accounts:
            return accounts
        chosen = self._account_for(company, currency, self.partner_id)
        if not chosen.currency_id or chosen.currency_id == currency:
            return chosen
        mine = accounts.filtered(lambda a: a.allow_out_payment and a.currency_id == currency)
        return mine[:1]

    def _own_reference(self, currency, amount):
        """Return what the payment is to carry: symbol, message, and what its code pays.

        What is asked of a single invoice is paid by its own reference, what of several by the
        number of the reminder.
        """
        with_interest = self.interest_ids.filtered(lambda r: r.currency_id == currency).line_id
        lines = self._open_lines().filtered(lambda li: li.flat_cost or li in with_interest)
        if len({line._number() for line in lines}) != 1:
            return "", self.name, ()
        payment = lines[0]._code_payment(amount)
        message = "" if payment.symbol else payment.reference or payment.number
        return payment.symbol, message, (payment,)

    # ------------------------------------------------------------------ texts

    def _own_payment_texts(self, payment, writer):
        """Return what a letter says of such a payment: lines, and its codes with their pictures.

        :param Writer writer: of the letter
        """
        return {
            "lines": self._own_payment_lines(payment, writer),
            "codes": [
                {
                    "image": self._code_image(code, writer, payment.currency),
                    "title": code.standard,
                    "rows": [
                        (writer.label(column), text, column.strong)
                        for column, text in writer.code_rows(code, payment.currency)
                    ],
                }
                for code in payment.codes
            ],
        }

    def _own_payment_lines(self, payment, writer):
        amount = writer.amount(payment.amount, payment.currency)
        if not payment.account:
            return [self._ask_for_account_text(amount)]
        account = f"{payment.account} ({payment.bank})" if payment.bank else payment.account
        texts = {"variable_symbol": payment.symbol, "payment_message": payment.message}
        pay = self.env._("Pay %(amount)s to account: %(account)s", amount=amount, account=account)
        reference = clean(self._reference_as_text(texts) or "", MAX_PART)
        return [pay, reference] if reference else [pay]

    def _ask_for_account_text(self, amount):
        company = self.company_id
        if contact := company.email or company.phone:
            words = {"amount": amount, "contact": contact}
            return self.env._(
                "Please ask us to which account to pay %(amount)s: %(contact)s", **words
            )
        return self.env._("Please ask us to which account to pay %s.", amount)

    def _own_payments_as_text(self, payments, writer):
        """Return what a letter says of such payments, as lines that can be read aloud."""
        lines = []
        for payment in payments:
            lines += self._own_payment_lines(payment, writer)
            for code in payment.codes:
                rows = writer.code_rows(code, payment.currency)
                said = ", ".join(f"{writer.label(column)}: {text}" for column, text in rows)
                lines.append(self.env._("Payment of all of it: %s", said))
        return "\n".join(lines)

    # ----------------------------------------------------------------- values

    @api.model
    def _own_payment_values(self, payment):
        """Return such a payment as values of a plain-text template, empty where there is none."""
        return {
            "account": payment.account if payment else "",
            "bank": payment.bank if payment else "",
            "variable_symbol": payment.symbol if payment else "",
            "payment_message": payment.message if payment else "",
        }
