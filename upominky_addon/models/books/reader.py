from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core import schedule
from ...core.events import ISSUE, Since
from ...core.left_out import LeftOut
from ...core.money import Credit, Offset
from ...core.plan import Company, Customer
from ...core.reasons import Code
from ..base.amounts import quantum
from ..base.trusted import trusted
from ..rules.cover import Cover
from .facts import Covering, Facts, Languages, Rates
from .queries import (
    ITEMS,
    LAST_MAIL,
    MAILED,
    OF_CUSTOMERS,
    PAST,
    TERMS,
)
from .receivables import ACCOUNTS


class UpominkyReader(models.AbstractModel):
    """Reads what the core decides on: one wide query for the items, one for their history.

    It reads with SQL and so past the record rules: every query filters the company itself.
    """

    _name = "upominky.reader"
    _description = "Reader of Receivables"

    # -------------------------------------------------------------- company

    @api.model
    def _company(self, company, today):
        """Return what of ``company`` bears on its reminders.

        :param date today: the company's calendar date
        :rtype: core.plan.Company
        """
        # sudo: what the jobs do is told, and they see all pilots; Odoo's own forms, which may ask,
        # read archived ones too.
        company = trusted(company)
        return Company(
            today=today,
            start=company.upominky_start_date or None,
            mode=company._upominky_effective_mode(),
            pilots=frozenset(company._upominky_pilots().ids),
            rates=Rates(company, today),
            quantum=quantum(company.currency_id),
        )

    @api.model
    def _facts(self, company, today, archived=False):
        """Return what is the same for all customers of ``company``.

        :param date today: the company's calendar date
        :param bool archived: whether archived rules serve as well
        :rtype: Facts
        """
        rules = self.env["upominky.rule"].with_context(active_test=False)
        rules = rules.search([("company_id", "=", company.id)])
        levels = rules.level_ids
        responsible = self.env["upominky.reminder"]._responsible
        nobody = self.env["res.partner"]
        return Facts(
            company=self._company(company, today),
            accounts=tuple(self._accounts()),
            covers=self._covers(rules if archived else rules.filtered("active")),
            exclusions=rules._exclusions(),
            languages=Languages(company),
            currencies={c.id: c.name for c in self.env["upominky.reminder"]._currencies()},
            senders={
                level.id: responsible(company, level, level.rule_id, nobody).id for level in levels
            },
            archived=archived,
            terms=self._terms(company),
        )

    @api.model
    def _facts_now(self, company, facts):
        """Return facts as they are in this snapshot: what a rule was does not count any more.

        :param Facts facts: what was read before; the same if nothing of it changed
        """
        if facts.terms == self._terms(company):
            return facts
        return self._facts(company, facts.company.today, facts.archived)

    def _terms(self, company):
        """Return a word for the company's mode, rules, levels and tags; see :data:`TERMS`."""
        for name in ("res.company", "res.partner.category", "upominky.rule", "upominky.level"):
            self.env[name].flush_model()
        return self.env.execute_query(SQL(TERMS, company=company.id))[0][0]

    def _covers(self, rules):
        """Return the cover of each event by its code, of rules that were read already."""
        return {
            event.code: self._plain_cover(
                rules.filtered(lambda rule, code=event.code: rule.event == code)._as_cover()
            )
            for event in self.env["upominky.event"]._rows()
        }

    @api.model
    def _cover(self, company, event, archived=False):
        """Return what :meth:`upominky.rule._cover` does, with plain values for rules."""
        return self._plain_cover(self.env["upominky.rule"]._cover(company, event, archived))

    def _plain_cover(self, cover):
        """Return a cover with plain values for rules."""
        rules = self.env["upominky.rule"].union(*cover.rules())
        plain = {
            rule: Covering(rule.sequence, rule.id, rule._to_core(rule in cover.broken))
            for rule in rules
        }
        return Cover(
            {partner_id: plain[rule] for partner_id, rule in cover.by_partner.items()},
            {category_id: plain[rule] for category_id, rule in cover.by_tag.items()},
            plain.get(cover.general),
            tuple((plain[rule], query) for rule, query in cover.filters),
        )

    def _accounts(self):
        """Return ids of the accounts of customers' receivables; deposits have others."""
        # sudo: which accounts are receivable is no secret, and rows are filtered by company.
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        return accounts.search(list(ACCOUNTS), order="id").ids

    def _flush(self):
        for name in (
            "account.move",
            "account.move.line",
            "res.partner",
            "upominky.reminder",
            "upominky.reminder.line",
        ):
            self.env[name].flush_model()

    # ------------------------------------------------------------ customers

    @api.model
    def _customers(self, company, partner_ids=(), moves=None, rules=None, facts=None):
        """Return the open items of customers, with their rule, history and contacts.

        :param company: whose books
        :param partner_ids: commercial partners; or
        :param moves: invoices, when only these are asked for
        :param dict rules: the rule by customer, where it is not the effective one
        :param Facts facts: what was read about the company already
        :rtype: dict[int, core.plan.Customer]
        """
        accounts = list(facts.accounts) if facts else self._accounts()
        rows = self._items(company, accounts, partner_ids, moves)
        past = self._past([row["id"] for row in rows])
        by_customer = defaultdict(list)
        for row in rows:
            by_customer[row["customer_id"]].append(row)
        if rules is None:
            rules = self._rules(company, list(by_customer), facts=facts)
        contacts = self._contacts(company, rows, facts)
        known = [row for row in rows if row["kind"] == "receivable"]
        stops = self._all_stops(company, known, rules, facts) if known else {}
        return {
            customer_id: self._customer(
                customer_id,
                rows,
                rules.get(customer_id),
                past=past,
                contacts=contacts,
                stops=stops,
            )
            for customer_id, rows in by_customer.items()
        }

    def _all_stops(self, company, rows, rules, facts):
        """Return what stops receivables beside what lies in them: add-ons, and their rules."""
        stops = self._stops(company, rows)
        for item_id in self._left_out_items(rows, rules, facts):
            stops[item_id] = (schedule.Stop(Code.EXCLUDED_BY_RULE), *stops.get(item_id, ()))
        return stops

    def _left_out_items(self, rows, rules, facts):
        """Return ids of the items that their customers' rules leave out (SPEC rule 31).

        :param rows: of :data:`queries.ITEMS`, with ``id``, ``move_id`` and ``customer_id`` at least
        :param dict rules: the rule by customer, as the core knows it
        """
        leaving = {id: rule.id for id, rule in rules.items() if rule and rule.leaves_out}
        asked = [
            (row["id"], (leaving[row["customer_id"]], row["move_id"]))
            for row in rows
            if row["customer_id"] in leaving
        ]
        if not asked:
            return []
        Rule, mine = self.env["upominky.rule"], {rule_id for _item, (rule_id, _move) in asked}
        exclusions = facts.exclusions if facts else Rule.browse(mine)._exclusions()
        exclusions = {id: query for id, query in exclusions.items() if id in mine}
        left_out = Rule._left_out(exclusions, {move_id for _item, (_rule, move_id) in asked})
        return [item_id for item_id, key in asked if key in left_out]

    @api.model
    def _stops(self, company, rows):
        """Return what else stops receivables: the door for add-ons, see `docs/extending.md`.

        Whoever extends it adds to what ``super`` returns, in a number of queries that no row adds
        to, and registers its code in the table of reasons. What it reads should lie on the invoice
        or on a contact of the customer: what is prepared while they are written is made again.

        :param rows: of :data:`queries.ITEMS`, with ``id``, ``move_id`` and ``customer_id`` at least
        :rtype: dict[int, tuple[core.schedule.Stop, ...]]
        """
        return {}

    def _items(self, company, accounts, partner_ids, moves):
        if moves is not None:
            scope = SQL("item.move_id = ANY(%s)", moves.ids)
        else:
            scope = SQL(OF_CUSTOMERS, list(partner_ids))
        self._flush()
        self.env.cr.execute(SQL(ITEMS, **self._of_items(company, accounts, scope)))
        rows = self.env.cr.dictfetchall()
        for row in rows:  # Odoo's cursors would make floats of numeric
            row["residual"], row["credited"] = Decimal(row["residual"]), Decimal(row["credited"])
        return rows

    def _of_items(self, company, accounts, scope):
        """Return what :data:`ITEMS` asks for, and all that is built of it.

        :param SQL scope: which ``item`` are meant
        """
        holds = self._customer_holds(company)
        return {"company": company.id, "accounts": accounts, "scope": scope, **holds}

    def _customer_holds(self, company):
        """Return expressions for what ``company`` says of a ``customer``, as Odoo reads them."""
        # sudo: the reader goes past rights; see the class.
        Partner = self.env["res.partner"].sudo().with_company(company)
        names = {
            "excluded": "upominky_excluded",
            "customer_until": "upominky_hold_until",
            "customer_reason": "upominky_hold_reason",
        }
        return {
            key: Partner._fields[name].to_sql(Partner, "customer") for key, name in names.items()
        }

    def _past(self, item_ids):
        """Return the highest counted reminder of each item.

        :rtype: dict[int, core.schedule.Past]
        """
        rows = self.env.execute_query(SQL(PAST, items=list(item_ids)))
        return {
            item: schedule.Past(order, days, on, rule, bool(pending), deadline)
            for item, order, days, on, rule, pending, deadline in rows
        }

    def _rules(self, company, partner_ids, event=ISSUE.code, facts=None):
        """Return the effective rule of each customer for an event, as the core knows it."""
        cover = facts.covers[event] if facts else self._cover(company, event)
        tags = self._tags(partner_ids) if cover.by_tag else {}
        caught = self.env["upominky.rule"]._caught(cover, partner_ids)
        effective = self.env["upominky.rule"]._effective
        found = {p: effective(cover, p, tags.get(p, ()), caught.get(p)) for p in partner_ids}
        return {partner_id: rule and rule.core for partner_id, rule in found.items()}

    def _mailed(self, company, partner_ids):
        """Return what customers were mailed: ids of receivables, and the day of the last message.

        :rtype: tuple[set[int], dict[int, date]]
        """
        self._flush()
        whose = {"company": company.id, "partners": list(partner_ids)}
        raising = self.env["upominky.event"]._raising()
        rows = self.env.execute_query(SQL(MAILED, raising=raising, **whose))
        last = self.env.execute_query(SQL(LAST_MAIL, **self._mails(), **whose))
        return {row[0] for row in rows}, dict(last)

    def _mails(self):
        """Return which events have the messages that :data:`MAIL` asks for.

        :rtype: dict[str, list[str]]
        """
        table = self.env["upominky.event"]._rows()
        return {
            "reminding": [event.code for event in table if event.reminds],
            "repeating": [event.code for event in table if event.since is Since.LAST_MAIL],
        }

    def _tags(self, partner_ids):
        query = SQL(
            "SELECT partner_id, array_agg(category_id) FROM res_partner_res_partner_category_rel "
            "WHERE partner_id = ANY(%s) GROUP BY partner_id",
            list(partner_ids),
        )
        return dict(self.env.execute_query(query))

    # ----------------------------------------------------------------- rows

    def _customer(self, customer_id, rows, rule, *, past, contacts, stops):
        receivables, credits, offsets, left_out = [], [], [], []
        for row in rows:
            if row["kind"] == "receivable":
                whose = row["move_id"], row["customer_id"]
                mine = stops.get(row["id"], ())
                receivables.append(self._receivable(row, mine, contacts[whose]))
            elif row["kind"] == "credit":
                credits.append(self._credit(row))
            else:
                offsets.append(Offset(row["id"], row["currency_id"], row["residual"]))
                left_out += [self._left_out(row)] if row["kind"] == "left_out" else []
        return Customer(
            customer_id,
            rule,
            receivables=tuple(receivables),
            past={r.id: past[r.id] for r in receivables if r.id in past},
            credits=tuple(credits),
            offsets=tuple(offsets),
            left_out=tuple(left_out),
        )

    def _credit(self, row):
        return Credit(
            id=row["id"],
            currency=row["currency_id"],
            amount=-row["residual"],
            reverses=row["reversed_entry_id"],
            on=row["date"],
        )

    def _left_out(self, row):
        return LeftOut(
            id=row["id"],
            move_id=row["move_id"],
            currency=row["currency_id"],
            residual=row["residual"],
            due=row["due"],
            excluded=row["excluded"],
            no_followup=row["no_followup"],
        )

    def _receivable(self, row, stops, contacts):
        return schedule.Receivable(
            id=row["id"],
            move_id=row["move_id"],
            currency=row["currency_id"],
            due=row["due"],
            residual=row["residual"],
            excluded=row["excluded"],
            no_followup=row["no_followup"],
            blocked=bool(row["blocked"]),
            holds=tuple(
                schedule.Hold(row[f"{whose}_until"], row[f"{whose}_reason"])
                for whose in ("move", "customer")
                if row[f"{whose}_until"] or row[f"{whose}_reason"]
            ),
            account=row["account"],
            credited=row["credited"],
            stops=stops,
            **contacts,
        )
