from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.payment_codes import Claim, code_of
from ..core.payment_order import NoCode, NoCodeError
from ..models.base.amounts import exact
from ..models.books.receivables import unpaid_invoices
from ..models.letters.no_code import no_code_text
from ..models.letters.queries import PAYMENTS

#: Sentences that are shown, the others are counted.
SHOWN = 5
SOME_SYMBOL = "1"


class UpominkyReadiness(models.TransientModel):
    """Whether the messages of levels with payment codes will have them (SPEC rule 37)."""

    _inherit = "upominky.readiness"

    @api.model
    def _levels_with_codes(self):
        domain = [("payment_code", "=", True), ("rule_id.active", "=", True)]
        return self.env["upominky.level"].search(
            [*domain, ("rule_id.company_id", "=", self.company_id.id)]
        )

    def _check_codes(self, levels):
        """Say which accounts and how many unpaid invoices have no code, and what to do.

        :return: a state, and a sentence for each
        """
        warnings = [warning for warning in levels.mapped("code_warning") if warning]
        sentences = [*dict.fromkeys([*warnings, *self._missing_codes()])]
        if not sentences:
            return "done", self.env._("Levels with payment codes: %s.", len(levels))
        shown, more = sentences[:SHOWN], len(sentences) - SHOWN
        if more > 0:
            shown.append(self.env._("Other reasons like these: %s.", more))
        return "note", " ".join(shown)

    def _missing_codes(self):
        """Yield a sentence for each account to pay to, or lot of invoices, that has no code."""
        without_symbol = 0
        for bank, currency, missing, most in self._payments_asked():
            why = self._why_no_code(bank, currency, Claim("1", most, SOME_SYMBOL))
            if why is None and missing:
                unmarked = self._why_no_code(bank, currency, Claim("1", Decimal(1)))
                without_symbol += missing if unmarked == NoCode.NO_SYMBOL else 0
            if why is not None and bank:
                yield no_code_text(self.env, why, bank.acc_number, currency.name)
            elif why is not None:
                yield self.env._(
                    "Unpaid invoices in %s name no account to pay to, and the company has none: "
                    "enter a bank account of the company.",
                    currency.name,
                )
        if without_symbol:
            yield self.env._(
                "Unpaid invoices whose payment reference is no variable symbol, so that they have "
                "no code of their own: %s. A symbol has digits only, ten at most: correct the "
                "reference on them, or have invoices numbered so.",
                without_symbol,
            )

    def _payments_asked(self):
        """Return what is paid to which account: with how many lack a symbol, and the most of one.

        :rtype: list[tuple[res.partner.bank, res.currency, int, Decimal]]
        """
        company = self.company_id
        moves = self.env["account.move"]
        unpaid = moves._search(unpaid_invoices() & Domain("company_id", "=", company.id))
        moves.flush_model(["partner_bank_id", "payment_reference", "amount_residual"])
        rows = self.env.execute_query(SQL(PAYMENTS, unpaid.subselect()))
        return [self._payment_asked(company, *row) for row in rows]

    def _payment_asked(self, company, bank_id, currency_id, missing, most):
        bank = self.env["res.partner.bank"].browse(bank_id or ()).filtered("active")
        currency = self.env["res.currency"].browse(currency_id)
        if not bank:
            nobody = self.env["res.partner"]
            bank = self.env["upominky.reminder"]._account_for(company, currency, nobody)
        return bank, currency, missing, exact(float(most), currency)

    @api.model
    def _why_no_code(self, bank, currency, claim):
        """Return why a payment has no code, None if it has."""
        try:
            code_of(bank._upominky_account(), currency.name, claim)
        except NoCodeError as error:
            return error.code
        return None
