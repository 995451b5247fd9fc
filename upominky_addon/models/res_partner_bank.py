from odoo import api, models
from odoo.tools import LazyTranslate

from ..core.payment_codes import Account, Payment, Standard, code_of, standard_of
from ..core.payment_order import NoCodeError
from ..core.payment_reference import payment_reference
from .letters.letter import exact
from .letters.no_code import no_code_text

_lt = LazyTranslate(__name__)

#: Methods of Odoo's QR hook: the standard, its label, and by which method another program has the
#: same. They come after all of those (``sct_qr`` is 20, ``czk_qr`` 50): an invoice that has a code
#: keeps it.
METHODS = {
    "upominky_spayd": (Standard.QR_PLATBA, _lt("QR Platba"), 60, "czk_qr"),
    "upominky_pay_by_square": (Standard.PAY_BY_SQUARE, _lt("PAY by square"), 61, "sk_qr"),
}
#: Points of the picture on an invoice.
SIDE = 180


class ResPartnerBank(models.Model):
    """QR Platba and PAY by square on Odoo's own invoices, aside where Odoo has its own.

    ``l10n_cz`` of 19.5 has ``czk_qr``, ``l10n_sk`` later ``sk_qr``.
    """

    _inherit = "res.partner.bank"

    # EXTENDS 'account'
    @api.model
    def _get_available_qr_methods(self):
        found = super()._get_available_qr_methods()
        if self.env.context.get("upominky_no_codes"):
            return found
        others = {code for code, _label, _sequence in found}
        return found + [
            (code, self.env._(label), sequence)
            for code, (_standard, label, sequence, same) in METHODS.items()
            if same not in others
        ]

    def _upominky_offering(self, company):
        """Return records that offer our methods to invoices only where a level has codes."""
        if self.env["upominky.level"]._have_codes(company):
            return self
        return self.with_context(upominky_no_codes=True)

    # EXTENDS 'account'
    def _build_qr_code_vals(  # noqa: PLR0917 - the hook is Odoo's
        self,
        amount,
        free_communication,
        structured_communication,
        currency,
        debtor_partner,
        qr_method=None,
        silent_errors=True,
    ):
        """Take another method where an invoice names one of ours that has stood aside since.

        Of itself an invoice takes one of ours only where reminders have codes: that the company
        has codes on invoices was said before there were any of ours.
        """
        if qr_method in METHODS and qr_method not in dict(
            self.get_available_qr_methods_in_sequence()
        ):
            qr_method = None
        company = self.company_id or self.env.company
        me = self if qr_method else self._upominky_offering(company)
        return super(ResPartnerBank, me)._build_qr_code_vals(
            amount,
            free_communication,
            structured_communication,
            currency,
            debtor_partner,
            qr_method,
            # An invoice whose payment no code can say is printed without one.
            silent_errors or qr_method in METHODS,
        )

    # EXTENDS 'account'
    def _get_error_messages_for_qr(self, qr_method, debtor_partner, currency):
        if qr_method not in METHODS:
            return super()._get_error_messages_for_qr(qr_method, debtor_partner, currency)
        try:
            is_mine = (
                standard_of(self.sanitized_acc_number or "", currency.name) is METHODS[qr_method][0]
            )
        except NoCodeError as error:
            return no_code_text(self.env, error.code, self.acc_number or "", currency.name)
        return None if is_mine else self._upominky_other_standard(qr_method)

    def _upominky_other_standard(self, qr_method):
        words = {"method": self.env._(METHODS[qr_method][1]), "account": self.acc_number or ""}
        return self.env._(
            "“%(account)s” is not paid to by %(method)s: choose another code.", **words
        )

    # EXTENDS 'account'
    def _check_for_qr_code_errors(  # noqa: PLR0917 - the hook is Odoo's
        self,
        qr_method,
        amount,
        currency,
        debtor_partner,
        free_communication,
        structured_communication,
    ):
        asked = (amount, currency, debtor_partner, free_communication, structured_communication)
        if qr_method not in METHODS:
            return super()._check_for_qr_code_errors(qr_method, *asked)
        try:
            self._upominky_payload(amount, currency, free_communication, structured_communication)
        except NoCodeError as error:
            return no_code_text(self.env, error.code, self.acc_number or "", currency.name)
        return None

    # EXTENDS 'account'
    def _get_qr_vals(  # noqa: PLR0917 - the hook is Odoo's
        self,
        qr_method,
        amount,
        currency,
        debtor_partner,
        free_communication,
        structured_communication,
    ):
        asked = (amount, currency, debtor_partner, free_communication, structured_communication)
        if qr_method not in METHODS:
            return super()._get_qr_vals(qr_method, *asked)
        return self._upominky_payload(
            amount, currency, free_communication, structured_communication
        )

    # EXTENDS 'account'
    def _get_qr_code_generation_params(  # noqa: PLR0917 - the hook is Odoo's
        self,
        qr_method,
        amount,
        currency,
        debtor_partner,
        free_communication,
        structured_communication,
    ):
        asked = (amount, currency, debtor_partner, free_communication, structured_communication)
        if qr_method not in METHODS:
            return super()._get_qr_code_generation_params(qr_method, *asked)
        return {
            "barcode_type": "QR",
            "barLevel": "M",  # as both standards ask; Odoo's is L
            "width": SIDE,
            "height": SIDE,
            "value": self._get_qr_vals(qr_method, *asked),
        }

    def _upominky_account(self):
        """Return the account as codes know it.

        :rtype: core.payment_codes.Account
        """
        return Account(
            iban=self.sanitized_acc_number or "",
            payee=self.acc_holder_name or self.partner_id.name or "",
            bic=self.bank_bic or "",
            name=self.acc_number or "",
        )

    def _upominky_payload(self, amount, currency, free, structured):
        """Return the content of the code of a payment.

        :param float amount: what is to be paid, in ``currency``
        :param str free: the number of what is paid
        :param str structured: what the payment is to carry
        :raises NoCodeError: if there is none
        """
        reference = payment_reference(structured or free)
        payment = Payment(
            number=free or structured or "",
            amount=exact(amount, currency),
            symbol=reference.symbol,
            reference=reference.message,
        )
        return code_of(self._upominky_account(), currency.name, payment).payload


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'account'
    def _generate_qr_code(self, silent_errors=False):
        """Print an invoice as before where no code of ours says how it is paid.

        Odoo keeps the method that it found once; one of ours that its account has no more is
        forgotten.
        """
        if self.qr_code_method in METHODS and self._upominky_other_account():
            self.qr_code_method = False
        banks = self.env["res.partner.bank"]
        offering = banks._upominky_offering(self.company_id)
        me = self if self.qr_code_method else self.with_env(offering.env)
        return super(AccountMove, me)._generate_qr_code(silent_errors)

    def _upominky_other_account(self):
        """Say whether the invoice names an account that its method is not for."""
        asked = self.qr_code_method, self.partner_id, self.currency_id
        return bool(self.partner_bank_id._get_error_messages_for_qr(*asked))
