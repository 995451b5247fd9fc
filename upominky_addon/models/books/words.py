from odoo import api, models
from odoo.tools import SQL

from .words_queries import SIGNS, WORDS

#: Small tables on which decisions about all customers rest, beside what :data:`queries.TERMS` says.
SHARED = ("account_account", "account_journal", "res_currency", "res_currency_rate", "res_lang")


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
    def _words(self, company, facts):
        """Return the query of a word for each customer with something for the preview.

        Two that are the same mean that nothing was written, since, of what :meth:`_customers` reads
        of the customer, and that company, rules, day and language are the same.

        :param Facts facts: see :meth:`_facts`
        :rtype: SQL
        """
        self._flush()
        signs = [
            f"SELECT customer_id, hashtextextended('{name} ' || sign, 0) AS number "  # noqa: S608
            f"FROM ({query}) AS found (customer_id, sign)"
            for name, query in self._signs().items()
        ]
        return SQL(
            WORDS,
            company=company.id,
            accounts=list(facts.accounts),
            today=facts.company.today,
            signs=SQL(" UNION ALL ".join(signs)),
            terms=self._shared_word(company, facts),
        )

    def _shared_word(self, company, facts):
        """Return a word for what is the same for all customers, and for the reader's language."""
        for name in ("account.account", "account.journal", "res.currency", "res.currency.rate"):
            self.env[name].flush_model()
        counts = [
            SQL("SELECT SUM(hashtextextended(CONCAT_WS(' ', xmin, ctid), 0)) FROM %s", table)
            for table in map(SQL.identifier, SHARED)
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(counts))
        lang, mode = self.env.lang, facts.company.mode
        own = company.partner_id.lang
        return " ".join(map(str, [facts.terms, facts.company.today, mode, lang, own, rows]))
