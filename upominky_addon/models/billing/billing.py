from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.charges import NOT_BILLED, Asked, Billed, Charges, NoRegimeError, segments_of
from ...core.interest import MissingLawError, MissingRateError, total
from ...core.money import ZERO
from ..base.amounts import exact, quantum
from ..base.dates import day_text
from ..base.trusted import trusted
from .queries import BILLED, FORGET_DEAD, LAST_LEVELS


class UpominkyBilling(models.AbstractModel):
    """Bills interest and costs: a draft invoice for each customer and currency (SPEC rule 39)."""

    _name = "upominky.billing"
    _description = "Billing of Interest"

    @api.model
    def _bill(self, company, item_ids):
        """Make draft invoices of what receivables owe in interest and costs, and was not billed.

        The invoices are made with the rights of the caller; he must have been asked for his right
        to the receivables.

        :param item_ids: of receivables of one company, see :data:`.queries.LATE`
        :raises UserError: if nothing is to be billed, or a rate is missing
        """
        # sudo: what is owed is read whole; the invoice is made with the caller's rights.
        items = trusted(self.env["account.move.line"]).browse(item_ids)
        # Two who press at once: the second one waits, is told by the database, and begins anew.
        items.partner_id.commercial_partner_id._upominky_claim()
        self._forget_dead(items)
        bills = self._owed(company, items)
        if not bills:
            raise UserError(
                self.env._(
                    "Nothing is to be billed: no interest is owed on these invoices, or it was "
                    "billed already."
                )
            )
        return self.env["account.move"].union(
            *(self._make_bill(company, *key, parts) for key, parts in bills.items())
        )

    @api.model
    def _forget_dead(self, items):
        """Take away what was billed by invoices that were cancelled or credited in full."""
        self.env.flush_all()
        self.env.cr.execute(SQL(FORGET_DEAD, items.ids))
        self.env["upominky.billed"].invalidate_model()

    # ------------------------------------------------------------ what is owed

    @api.model
    def _owed(self, company, items):
        """Return what is to be billed: by customer and currency, receivables with what of them.

        :rtype: dict[tuple, list[tuple]]
        """
        reminders = items.env["upominky.reminder"]
        billed, costs = reminders._billed_of(items.ids), reminders._costs_of_items(items.ids)
        debts, charges = reminders.env["upominky.reader"]._debts(items.ids), self._charges_of(items)
        terms, until = company._upominky_legal_terms(), company._upominky_today()
        bills = defaultdict(list)
        for item in items.sorted(lambda i: (i.date_maturity, i.id)):
            partner = item.partner_id.commercial_partner_id
            done = billed.get(item.id, NOT_BILLED)
            options = {"until": until, "since": done.since, "quantum": quantum(item.currency_id)}
            segments = self._unbilled(item, debts[item.id], charges[item], terms, **options)
            if segments:
                bills[partner, item.currency_id].append((item, "interest", segments))
            if costs.get(item.id) and not done.cost:
                bills[partner, company.currency_id].append((item, "cost", costs[item.id]))
        return bills

    @api.model
    def _charges_of(self, items):
        """Return what the last reminder asked of each receivable; of others the law asks.

        :rtype: dict[account.move.line, Charges]
        """
        levels = dict(self.env.execute_query(SQL(LAST_LEVELS, items.ids)))
        level = items.env["upominky.level"].browse
        asked = {item: level(levels.get(item.id) or ())._charges() for item in items}
        by_law = Charges(Asked.STATUTORY)
        return {item: charges if charges else by_law for item, charges in asked.items()}

    @api.model
    def _unbilled(self, item, debt, charges, terms, **options):
        """Return the interest of the days of a receivable that were not billed.

        :raises UserError: if it is not known
        """
        kind = item.partner_id._upominky_effective_kind()
        try:
            found = segments_of(debt, charges, kind, terms, **options)
        except (NoRegimeError, MissingLawError, MissingRateError) as error:
            raise UserError(self._unknown_text(item, error)) from error
        return found if total(found) > ZERO else ()

    @api.model
    def _unknown_text(self, item, error):
        if isinstance(error, MissingRateError):
            return self.env._(
                "Interest of %(invoice)s cannot be worked out: there is no base rate for the "
                "half-year from %(day)s. Add it under Rates of Interest.",
                invoice=item.move_id.name,
                day=day_text(self.env, error.day),
            )
        return self.env._(
            "Interest of %s cannot be worked out: it is not known by which law. Choose one in the "
            "settings, or correct the kind of customer.",
            item.move_id.name,
        )

    # -------------------------------------------------------------- invoices

    @api.model
    def _make_bill(self, company, partner, currency, parts):
        """Make one draft invoice, and note what it bills."""
        there = self.with_context(lang=partner.lang or company.partner_id.lang).with_company(
            company
        )
        settings = trusted(company)
        values = {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "upominky_is_interest": True,
            "invoice_line_ids": [
                Command.create(there._bill_line(settings, *part)) for part in parts
            ],
        }
        if settings.upominky_interest_journal_id:
            values["journal_id"] = settings.upominky_interest_journal_id.id
        bill = self.env["account.move"].with_company(company).create(values)
        self._note_billed(company, currency, bill, parts)
        return bill

    @api.model
    def _bill_line(self, settings, item, kind, what):
        writer = self.env["upominky.reminder"]
        is_cost = kind == "cost"
        name = self._cost_words(item) if is_cost else self._interest_words(item, what, writer)
        values = {
            "name": name,
            "quantity": 1,
            "price_unit": float(what if is_cost else total(what)),
            "tax_ids": [Command.set(settings.upominky_interest_tax_ids.ids)],
        }
        account = settings.upominky_interest_account_id
        return {**values, "account_id": account.id} if account else values

    @api.model
    def _note_billed(self, company, currency, bill, parts):
        rows = []
        for item, kind, what in parts:
            days = {} if kind == "cost" else {"date_from": what[0].first, "date_to": what[-1].last}
            amount = what if kind == "cost" else total(what)
            links = {"move_line_id": item.id, "billed_move_id": bill.id, "company_id": company.id}
            rows.append(
                {
                    **links,
                    **days,
                    "kind": kind,
                    "currency_id": currency.id,
                    "amount": float(exact(float(amount), currency)),
                }
            )
        # sudo: what was billed is noted by the program alone.
        trusted(self.env["upominky.billed"]).create(rows)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    # EXTENDS 'upominky.reminder'
    @api.model
    def _billed_of(self, item_ids):
        self.env["upominky.billed"].flush_model()
        self.env["account.move"].flush_model(["state", "payment_state"])
        rows = self.env.execute_query(SQL(BILLED, list(item_ids)))
        return {item: Billed(until, cost) for item, until, cost in rows}

    def action_upominky_bill_interest(self):
        """Bill interest and costs of what these reminders ask for."""
        self._check_user_may()
        # sudo: which invoices are asked for is on the reminder, which the caller reads.
        return self.sudo().line_ids.move_id.with_env(self.env).action_upominky_bill_interest()
