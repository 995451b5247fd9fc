from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.bills import Said, any_meets, read
from ...core.charges import (
    NOT_BILLED,
    Asked,
    Billed,
    Charges,
    lowered,
    runs,
    segments_of,
)
from ...core.interest import (
    MissingDayRateError,
    MissingRateError,
    Reduction,
    Regime,
    UnknownInterestError,
    total,
)
from ...core.money import ZERO
from ...core.plan import credits_today
from ..base.amounts import exact, quantum
from ..base.dates import day_text
from ..base.trusted import trusted
from .queries import BILLED, FORGET_DEAD, LAST_TERMS, LATE_OF_ITEMS

#: Invoices that are named as having billed something; the others are counted.
MOST_NAMED = 5


class UpominkyBilling(models.AbstractModel):
    """Bills interest and costs: a draft invoice for each customer and currency (SPEC rule 39)."""

    _name = "upominky.billing"
    _description = "Billing of Interest"

    @api.model
    def _bill(self, company, item_ids):
        """Make draft invoices of what receivables owe in interest and costs, and was not billed.

        The invoices are made with the rights of the caller; he must have been asked for his right
        to the receivables. What is not known of one receivable keeps no other from being billed.

        :param item_ids: of receivables of one company, see :data:`.queries.LATE`
        :return: the drafts, and sentences about receivables that were left out
        :rtype: tuple[account.move, list[str]]
        :raises UserError: if nothing is to be billed, with what is missing
        """
        # sudo: what is owed is read whole; the invoice is made with the caller's rights.
        items = trusted(self.env["account.move.line"]).browse(item_ids)
        # Two who press at once: the second one waits, is told by the database, and begins anew.
        items.partner_id.commercial_partner_id._upominky_reserve()
        self._forget_dead(items)
        bills, left_out = self._owed(company, items)
        if not bills:
            raise UserError("\n".join(left_out) or self._nothing_text(items))
        drafts = (self._make_bill(company, *key, parts) for key, parts in bills.items())
        return self.env["account.move"].union(*drafts), left_out

    @api.model
    def _nothing_text(self, items):
        """Say that nothing is to be billed, and which invoices billed it.

        :param account.move.line items: what was to be billed
        """
        # sudo: what was billed is read whole; an invoice is named to whoever bills.
        noted = trusted(self.env["upominky.billed"])
        bills = noted.search([("move_line_id", "in", items.ids)]).billed_move_id
        if not bills:
            return self.env._("Nothing is to be billed: no interest is owed on these invoices.")
        names = ", ".join(bills[:MOST_NAMED].mapped("display_name"))
        if len(bills) > MOST_NAMED:
            names = self._and_more(names, len(bills) - MOST_NAMED)
        return self.env._("Nothing is to be billed: it was billed already by %s.", names)

    @api.model
    def _and_more(self, names, count):
        return self.env._("%(names)s and %(count)s more", names=names, count=count)

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

        :return: that, and a sentence about each receivable whose interest is not known
        :rtype: tuple[dict[tuple, list[tuple]], list[str]]
        """
        known = self._known(company, items)
        bills, left_out = defaultdict(list), []
        for item in items.sorted(lambda i: (i.date_maturity, i.id)):
            try:
                segments = self._unbilled(item, known)
            except UnknownInterestError as error:
                left_out.append(self._unknown_text(item, error))
                continue
            partner = item.partner_id.commercial_partner_id
            if segments:
                bills[partner, item.currency_id].append((item, "interest", segments))
            if cost := self._unbilled_cost(item, known):
                bills[partner, company.currency_id].append((item, "cost", cost))
        return bills, left_out

    @api.model
    def _known(self, company, items):
        """Return what is read about receivables, of all of them together."""
        reminders = items.env["upominky.reminder"]
        terms = company._upominky_legal_terms()
        return SimpleNamespace(
            billed=reminders._billed_of(items.ids, drafts=True),
            costs=reminders._costs_of_items(items.ids),
            debts=self._debts(company, items),
            asked=self._asked(items, terms),
            until=company._upominky_today(),
        )

    @api.model
    def _debts(self, company, items):
        """Return what receivables came to, less what was paid, and less open credits.

        These are shared as a reminder of today would share them.

        :rtype: dict[int, core.interest.Debt]
        """
        reader = items.env["upominky.reader"].with_company(company)
        facts = reader._company(company, company._upominky_today())
        customers = reader._customers(company, items.partner_id.commercial_partner_id.ids)
        shares = {}
        for customer in customers.values():
            shares |= credits_today(customer, facts)
        credits = {share.credit_id for mine in shares.values() for share in mine}
        days = reader._credit_days(sorted(credits))
        moves = {item.id: item.move_id.id for item in items}
        return {
            item: lowered(
                debt,
                [
                    Reduction(days[share.credit_id].day_for(moves[item]), share.amount)
                    for share in shares.get(item, ())
                ],
            )
            for item, debt in reader._debts(items.ids).items()
        }

    @api.model
    def _asked(self, items, terms):
        """Return what the last reminder asked of each receivable, and by which law.

        Of those that no reminder asked anything of beside the debt, the law asks.

        :param core.charges.LegalTerms terms: of the company, today
        :rtype: dict[int, tuple[Charges, core.charges.LegalTerms]]
        """
        items.env["upominky.reminder"].flush_model()
        items.env["upominky.reminder.line"].flush_model()
        last = dict(items.env.execute_query(SQL(LAST_TERMS, items.ids)))
        by_law = Charges(Asked.STATUTORY), terms
        return {
            item: _terms_of(last[item], terms) if item in last else by_law for item in items.ids
        }

    @api.model
    def _unbilled(self, item, known):
        """Return the interest of the days of a receivable that were not billed.

        :raises NoRegimeError, MissingLawError, MissingRateError: if it is not known
        """
        charges, terms = known.asked[item.id]
        found = segments_of(
            known.debts[item.id],
            charges,
            item.partner_id._upominky_effective_kind(),
            terms,
            until=known.until,
            quantum=quantum(item.currency_id),
            billed=known.billed.get(item.id, NOT_BILLED),
        )
        return found if total(found) > ZERO else ()

    @api.model
    def _unbilled_cost(self, item, known):
        """Return the cost that was asked of a receivable and not billed; none from consumers."""
        if known.billed.get(item.id, NOT_BILLED).cost:
            return ZERO
        kind = item.partner_id._upominky_effective_kind()
        return Charges().cost(kind, before=known.costs.get(item.id, ZERO))

    @api.model
    def _unknown_text(self, item, error):
        if isinstance(error, MissingDayRateError):
            return self.env._(
                "Interest of %(invoice)s cannot be worked out: its delay began on %(day)s, and the "
                "rate of that day is not known. Add it under Rates of Interest.",
                invoice=item.move_id.name,
                day=day_text(self.env, error.day),
            )
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
        # sudo: by what a company bills interest is set by its managers, and used by all.
        settings = trusted(company)
        values = {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "upominky_is_interest": True,
            "invoice_line_ids": [
                Command.create(there._bill_line(settings, currency, *part)) for part in parts
            ],
        }
        if settings.upominky_interest_journal_id:
            values["journal_id"] = settings.upominky_interest_journal_id.id
        bill = self.env["account.move"].with_company(company).create(values)
        self._note_billed(bill.invoice_line_ids)
        return bill

    @api.model
    def _bill_line(self, settings, currency, item, kind, what):
        writer = self.env["upominky.reminder"]
        is_cost = kind == "cost"
        name = self._cost_words(item) if is_cost else self._interest_words(item, what, writer)
        values = {
            "name": name,
            "quantity": 1,
            "price_unit": float(what if is_cost else total(what)),
            "tax_ids": [Command.set(settings.upominky_interest_tax_ids.ids)],
            "upominky_bills": _bills(item, kind, what, currency),
        }
        account = settings.upominky_interest_account_id
        return {**values, "account_id": account.id} if account else values

    @api.model
    def _note_billed(self, lines):
        """Note what lines of invoices bill, as they say themselves."""
        rows = [
            {
                **row,
                "is_carried": row["move_line_id"] not in _said_items(line),
                "company_id": line.company_id.id,
                "currency_id": line.currency_id.id,
                "billed_move_id": line.move_id.id,
                "billed_line_id": line.id,
            }
            # sudo: what was billed is noted by the program alone.
            for line in lines.sudo()
            for row in self._bills_now(line)
        ]
        # sudo: what was billed is noted by the program alone.
        trusted(self.env["upominky.billed"]).create(rows)

    @api.model
    def _bill_again(self, bills):
        """Note what invoices bill that are copies, or whose days were free meanwhile.

        :raises UserError: if another invoice bills one of these days, or a cost, by now, or if
            another amount is owed on them
        """
        # sudo: what was billed is read whole.
        noted = trusted(self.env["upominky.billed"])
        # sudo: whoever posts an invoice need not read what it bills.
        lines = bills.sudo().invoice_line_ids.filtered("upominky_bills")
        ids = {row["move_line_id"] for line in lines for row in self._bills_now(line)}
        items = noted.env["account.move.line"].browse(ids)
        items.partner_id.commercial_partner_id._upominky_reserve()
        copies = lines - noted.search([("billed_line_id", "in", lines.ids)]).billed_line_id
        self._forget_dead(items)
        for line in copies:
            if other := self._noted_instead(self._said_by(line))[:1]:
                raise UserError(self._billed_text(other.move_line_id, other.billed_move_id))
        self._refuse_outdated(lines)
        self._note_billed(copies)

    @api.model
    def _said_by(self, line):
        """Return what a line bills of what is there; nothing if it says what it may not."""
        try:
            self._own_rows(line)
        except UserError:
            return ()
        return read(list(self._bills_now(line)))

    @api.model
    def _noted_instead(self, rows):
        """Return what was noted of the same days or costs."""
        # sudo: what was billed is read whole.
        noted = trusted(self.env["upominky.billed"])
        there = noted.search([("move_line_id", "in", [row.item for row in rows])])
        return there.filtered(lambda r: any_meets([_as_said(r)], rows))

    @api.model
    def _billed_text(self, item, other):
        """Return that another invoice bills what one does of a receivable."""
        return self.env._(
            "What this invoice bills of %(invoice)s is billed by %(other)s already. Cancel or "
            "credit one of the two, or take the line out of this one.",
            invoice=item.move_id.name,
            other=other.display_name,
        )


def _terms_of(asked, terms):
    """Return what a reminder asked, and by which law, as it is kept on it.

    :param dict asked: of ``upominky.reminder.claim_terms``
    """
    charges = Charges(Asked(asked["interest"]), Decimal(asked["percent"]))
    regime = asked["regime"] and Regime(asked["regime"])
    return charges, replace(terms, regime=regime or terms.regime)


def _as_said(row):
    """Return what was noted as a line says it."""
    if row.kind == "cost":
        return Said(row.move_line_id.id, row.kind)
    return Said(row.move_line_id.id, row.kind, row.date_from, row.date_to)


def _said_items(line):
    """Return ids of the receivables that a line says itself: another may have the place of one."""
    return {row["move_line_id"] for row in line.upominky_bills or ()}


def _bills(item, kind, what, currency):
    """Return what a line of an invoice bills, as it is kept on it: a row for each run of days.

    :param account.move.line item: the receivable
    """
    row = {
        "move_line_id": item.id,
        "move_id": item.move_id.id,
        "due_date": item.date_maturity.isoformat(),
        "kind": kind,
    }
    if kind == "cost":
        return [{**row, "amount": float(exact(float(what), currency))}]
    return [
        {
            **row,
            "date_from": run[0].first.isoformat(),
            "date_to": run[-1].last.isoformat(),
            "amount": float(exact(float(total(run)), currency)),
        }
        for run in runs(what)
    ]


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    # EXTENDS 'upominky.reminder'
    @api.model
    def _billed_of(self, item_ids, *, drafts=False):
        self.env["upominky.billed"].flush_model()
        for name in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[name].flush_model()
        rows = self.env.execute_query(SQL(BILLED, items=list(item_ids), drafts=drafts))
        days, costs = defaultdict(list), set()
        for item, kind, first, last in rows:
            if kind == "cost":
                costs.add(item)
            else:
                days[item].append((first, last))
        return {item: Billed(tuple(days[item]), item in costs) for item in {*days, *costs}}

    def action_upominky_bill_interest(self):
        """Bill interest and costs of what these reminders ask for."""
        self._check_user_may()
        # sudo: which invoices are asked for is on the reminder, which the caller reads.
        items = trusted(self).line_ids.move_line_id
        moves = items.move_id.with_env(self.env)
        moves.check_access("read")
        return moves._upominky_bill(LATE_OF_ITEMS, self.company_id, items.ids)
