from odoo import api, models
from odoo.tools import SQL

from .words_queries import SIGNS, STOPS, WORDS

#: Tables on which decisions about all customers rest, beside what :data:`queries.TERMS` says: what
#: is the same for all companies, what fields say that nobody filled in, and which program decides.
SHARED = (
    "account.account",
    "account.journal",
    "res.currency",
    "res.currency.rate",
    "res.lang",
    "ir.default",
    "ir.module.module",
)


class UpominkyReader(models.AbstractModel):
    """Tells whether decisions that were kept still hold, without deciding again."""

    _inherit = "upominky.reader"

    @api.model
    def _signs(self):
        """Return queries of what decisions rest on: the door for add-ons, see `docs/extending.md`.

        :rtype: dict[str, str]
        """
        return dict(SIGNS)

    @api.model
    def _words(self, company, facts, terms):
        """Return the query of a word for each customer with something for the preview.

        Two that are the same mean that nothing was written, since, of what :meth:`_customers` reads
        of the customer, and that the terms are the same.

        :param Facts facts: see :meth:`_facts`
        :param str terms: of :meth:`_shared_word`
        :rtype: SQL
        """
        self._flush()
        signs = {name: SQL(query) for name, query in self._signs().items()}
        if stops := self._stops_of_all(company, list(facts.accounts)):
            said = [repr(mine) for mine in stops.values()]
            signs["stop"] = SQL(STOPS, items=list(stops), said=said)
        return SQL(
            WORDS,
            company=company.id,
            accounts=list(facts.accounts),
            today=facts.company.today,
            signs=SQL(" UNION ALL ").join(self._numbered(*sign) for sign in signs.items()),
            terms=terms,
        )

    def _numbered(self, name, query):
        """Return the query of a sign with a number in the place of its text."""
        return SQL(
            "SELECT customer_id, hashtextextended(%s || ' ' || sign, 0) AS number "
            "FROM (%s) AS found (customer_id, sign)",
            name,
            query,
        )

    @api.model
    def _shared_word(self, company, facts):
        """Return a word for what is the same for all customers, and for the reader's language.

        :param Facts facts: see :meth:`_facts`
        :rtype: str
        """
        for name in SHARED:
            self.env[name].flush_model()
        tables = (SQL.identifier(self.env[name]._table) for name in SHARED)
        query = "(SELECT SUM(hashtextextended(CONCAT_WS(' ', xmin, ctid), 0))::text FROM %s)"
        sums = SQL(", ").join(SQL(query, table) for table in tables)
        rows = self.env.execute_query(SQL("SELECT %s", sums))
        lang, mode = self.env.lang, facts.company.mode
        own = company.partner_id.lang
        return " ".join(map(str, [facts.terms, facts.company.today, mode, lang, own, rows]))
