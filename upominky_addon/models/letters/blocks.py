from functools import partial

from odoo import api, models


class UpominkyReminder(models.Model):
    """The blocks of a letter: what is to be paid in one currency to one account."""

    _inherit = "upominky.reminder"

    def _is_of_one_invoice(self):
        """Say whether the letter is about a single invoice, whatever its instalments."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        return len({line._number() for line in lines}) == 1

    def _currency_blocks(self):
        """Return what the letter lists: lines, credits, total and account of each block.

        :rtype: list[dict]
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        return [
            block
            for currency in lines.currency_id.sorted("name")
            for block in self._blocks_of(
                currency,
                lines.filtered(lambda line, c=currency: line.currency_id == c),
                self.credit_ids.filtered(lambda credit, c=currency: credit.currency_id == c),
            )
        ]

    def _blocks_of(self, currency, lines, credits):
        """Return the blocks of one currency, that of the oldest debt first."""
        by_date = lines.sorted(lambda line: (line.due_date, line.id))
        chosen = self._chosen_account(currency, lines)
        of_lines = by_date.grouped(lambda line: line._account() or chosen)
        of_credits = credits.grouped(lambda credit: credit._account() or chosen)
        lost = credits.browse().union(*(of_credits[b] for b in of_credits.keys() - of_lines.keys()))
        blocks = []
        for account, mine in of_lines.items():
            deducted = of_credits.get(account, credits.browse()) | (
                lost if not blocks else lost[:0]
            )
            blocks.append(
                {
                    "currency": currency,
                    "money": partial(self._money_text, currency),
                    "lines": mine,
                    "credits": deducted,
                    "total": self._total_of(currency, mine, deducted, len(of_lines) == 1),
                    "bank": account,
                    "shares_currency": len(of_lines) > 1,
                }
            )
        return blocks

    def _total_of(self, currency, lines, credits, is_whole):
        """Return what is to be paid in a block: all of its currency where there is no other."""
        if is_whole:
            return (self.currency_totals or {}).get(currency.name, 0.0)
        return currency.round(sum(lines.mapped("amount_due")) - sum(credits.mapped("amount")))

    def _chosen_account(self, currency, lines):
        """Return the account for what names none: the one Odoo chooses for a new invoice."""
        # sudo: the account to pay to is in the letter, whoever sends it.
        company = self.company_id.sudo()
        if not company.partner_id.bank_ids or all(line._account() for line in lines):
            return company.partner_id.bank_ids.browse()
        return self._account_for(company, currency, self.partner_id)

    @api.model
    def _account_for(self, company, currency, partner):
        """Return the account that Odoo chooses for a new invoice of a company to a customer."""
        # sudo: as above, whatever invoices of the customer the sender may see.
        moves = self.env["account.move"].sudo().with_company(company)
        invoice = moves.new(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
            }
        )
        return invoice.partner_bank_id._origin


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    def _account(self):
        """Return the account that the invoice names, none where that was closed since."""
        # sudo: the account to pay to is in the letter, whoever sends it.
        return self.sudo().partner_bank_id.filtered("active")


class UpominkyReminderCredit(models.Model):
    _inherit = "upominky.reminder.credit"

    def _account(self):
        """Return the account of the invoices that it is deducted from, as theirs."""
        # sudo: as above, it is in the letter.
        return self.sudo().partner_bank_id.filtered("active")
