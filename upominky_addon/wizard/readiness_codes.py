from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.payment_codes import Payment, code_of
from ..core.payment_order import NoCode, NoCodeError
from ..models.base.amounts import exact
from ..models.books.receivables import receivables
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
        without_symbol = [0, 0]
        for bank, currency, missing, most in self._payments_asked():
            why = self._why_no_code(bank, currency, Payment("1", most, SOME_SYMBOL))
            if why is None and any(missing):
                unmarked = self._why_no_code(bank, currency, Payment("1", Decimal(1)))
                if unmarked == NoCode.NO_SYMBOL:
                    without_symbol = [
                        sum(pair) for pair in zip(without_symbol, missing, strict=True)
                    ]
            if why is not None and bank:
                yield no_code_text(self.env, why, bank.acc_number, currency.name)
            elif why is not None:
                yield self.env._(
                    "Unpaid invoices in %s name no account to pay to, and the company has none: "
                    "enter a bank account of the company.",
                    currency.name,
                )
        yield from self._without_symbol_texts(*without_symbol)

    def _without_symbol_texts(self, invoices, openings):
        """Yield sentences about what has no code for want of a variable symbol.

        :param int invoices: how many
        :param int openings: how many items of opening entries
        """
        if invoices:
            yield self.env._(
                "Unpaid invoices whose payment reference is no variable symbol, so that they have "
                "no code of their own: %s. A symbol has digits only, ten at most: correct the "
                "reference on them, or have invoices numbered so.",
                invoices,
            )
        if openings:
            yield self.env._(
                "Items of opening entries, which have no variable symbol and so no code of their "
                "own: %s. Their customers find the account and the amount in the message.",
                openings,
            )

    def _payments_asked(self):
        """Return what is paid to which account: how much of it lacks a symbol, and the most of one.

        :rtype: list[tuple[res.partner.bank, res.currency, tuple[int, int], Decimal]]
        """
        items = self.env["account.move.line"]
        owed = items._search(receivables() & Domain("company_id", "=", self.company_id.id))
        self.env["account.move"].flush_model(["partner_bank_id", "payment_reference", "move_type"])
        items.flush_model(["amount_residual_currency", "currency_id", "move_id", "name"])
        rows = self.env.execute_query(SQL(PAYMENTS, owed.subselect()))
        return [self._payment_asked(*row[:2], row[2:4], row[4]) for row in rows]

    def _payment_asked(self, bank_id, currency_id, missing, most):
        bank = self.env["res.partner.bank"].browse(bank_id or ()).filtered("active")
        currency = self.env["res.currency"].browse(currency_id)
        if not bank:
            nobody = self.env["res.partner"]
            reminders = self.env["upominky.reminder"]
            bank = reminders._account_for(self.company_id, currency, nobody)
        return bank, currency, missing, exact(float(most), currency)

    @api.model
    def _why_no_code(self, bank, currency, claim):
        """Return why a payment has no code, None if it has."""
        try:
            code_of(bank._upominky_account(), currency.name, claim)
        except NoCodeError as error:
            return error.code
        return None
