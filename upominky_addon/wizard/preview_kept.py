import hashlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.plan import plan
from ..core.reasons import Code
from .decision import decided, decision_values
from .preview_queries import (
    BASIS,
    COMPARE,
    COUNT_ROWS,
    DROP_ROWS,
    FORGET,
    FORGET_OTHERS,
    IS_WHOLE,
    TAKE,
)


class UpominkyPreviewCustomer(models.TransientModel):
    """On whom a user's preview was decided, and on what: who did not change is not decided again.

    Deciding on many takes longer than a request may: it goes slice by slice, and on from where it
    was left. Only the program reads these rows.
    """

    _name = "upominky.preview.customer"
    _description = "Customer Decided on in a Preview"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    # No link: whom a customer was merged into is another one, and is decided on anew.
    customer = fields.Integer(required=True, help="Id of the customer.")
    word = fields.Char(required=True, help="Of what the decision rests on.")
    day = fields.Date(required=True, help="Of the preview.")
    terms = fields.Char(required=True, help="Word of what is the same for all customers.")
    is_decided = fields.Boolean()
    row_count = fields.Integer(help="Rows of the preview.")

    _one_each = models.UniqueIndex("(user_id, company_id, customer)")
    _left_idx = models.Index("(user_id, company_id, customer) WHERE NOT is_decided")

    @api.model
    def _look_through(self, facts, go_on):
        """See on whom is to be decided: who changed since the preview of the user was decided.

        The next slice goes on as the first one began, unless something changed for all meanwhile.

        :param dict facts: of :meth:`upominky.reader._facts`, by company, on the day of the preview
        :param bool go_on: whether it is the next slice
        :raises UserError: if it is, and the preview is of another day now
        """
        if not go_on:
            others = {"user": self.env.uid, "companies": [company.id for company in facts]}
            for statement in FORGET_OTHERS:
                self.env.cr.execute(SQL(statement, **others))
        for company, mine in facts.items():
            terms = self._terms(company, mine)
            basis = self.env.execute_query(SQL(BASIS, **self._mine(company)))
            if go_on and basis and basis[0][0] != mine.company.today:
                raise UserError(
                    self.env._("The preview is of another day by now. Open it once more.")
                )
            if not go_on or not basis or basis[0][1] != terms:
                self._compare(company, mine, terms)
        self._forget_cached()

    def _terms(self, company, facts):
        word = self.env["upominky.reader"]._shared_word(company, facts)
        return hashlib.sha256(word.encode()).hexdigest()

    def _compare(self, company, facts, terms):
        """Mark who changed to be decided on, and forget what was decided about them."""
        mine = self._mine(company)
        self.env["upominky.preview.line"].flush_model()
        if not self.env.execute_query(SQL(IS_WHOLE, **mine))[0][0]:
            for statement in FORGET:
                self.env.cr.execute(SQL(statement, **mine))
        words = self.env["upominky.reader"]._words(company, facts, terms)
        basis = {"day": facts.company.today, "terms": terms}
        compare = SQL(COMPARE, words=words, **basis, **mine)
        changed = [row[0] for row in self.env.execute_query(compare)]
        self.env.cr.execute(SQL(DROP_ROWS, customers=changed, **mine))

    @api.model
    def _decide_some(self, company, facts):
        """Decide on the next customers, and write their rows.

        :param Facts facts: of the company, on the day of the preview
        :return: whether there were any
        """
        mine = self._mine(company)
        customers = [row[0] for row in self.env.execute_query(SQL(TAKE, **mine))]
        if not customers:
            return False
        found = self.env["upominky.reader"]._customers(company, customers, facts=facts)
        details = {}
        rows = [
            row for c in found.values() for row in self._rows(c, facts.company, company, details)
        ]
        whose = {"user_id": self.env.uid, "company_id": company.id}
        self.env["upominky.writer"]._insert("upominky.preview.line", rows, **whose)
        counts = Counter(row["partner_id"] for row in rows)
        written = {"customers": list(counts), "counts": list(counts.values())}
        self.env.cr.execute(SQL(COUNT_ROWS, **written, **mine))
        self._forget_cached()
        return True

    @api.model
    def _progress(self, companies):
        """Return on how many customers is decided, and on how many is to be.

        :rtype: tuple[int, int]
        """
        domain = [("user_id", "=", self.env.uid), ("company_id", "in", companies.ids)]
        total = self.search_count(domain)
        return total - self.search_count([*domain, ("is_decided", "=", False)]), total

    def _rows(self, customer, facts, company, details):
        """Yield the rows of a customer.

        :param dict details: the words of those before it: many wait for the same day
        """
        lines = self.env["upominky.preview.line"]
        for item, decision in decided(customer, plan(customer, facts)):
            if not decision:
                continue
            rule = customer.rule and customer.rule.id
            key = decision.code, decision.next_date, rule
            if decision.code == Code.ON_HOLD or key not in details:
                details[key] = lines._detail(item, decision, customer, facts, company)
            values = decision_values(item, decision, customer, facts.today)
            yield {**values, "detail": details[key]}

    def _mine(self, company):
        return {"user": self.env.uid, "company": company.id}

    def _forget_cached(self):
        for name in (self._name, "upominky.preview.line"):
            self.env[name].invalidate_model(flush=False)
