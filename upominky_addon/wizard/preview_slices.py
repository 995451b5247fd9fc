from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.plan import plan
from ..models.base.slices import in_slice
from .decision import CHUNK, decided, decision_values

#: Notes whom a preview is about, from the beginning, also where the user has one under way.
BEGIN = """
    INSERT INTO upominky_preview AS preview
           (user_id, company_id, day, terms, customer_ids, place, create_date, write_date)
    VALUES (%(user)s, %(company)s, %(day)s, %(terms)s, to_jsonb(%(customers)s::int[]), 0,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
        ON CONFLICT (user_id, company_id) WHERE is_whole IS NOT TRUE DO UPDATE
       SET day = EXCLUDED.day,
           terms = EXCLUDED.terms,
           customer_ids = EXCLUDED.customer_ids,
           place = 0,
           write_date = EXCLUDED.write_date
"""
#: What another window ended meanwhile is under way for this transaction still: here it is told so.
HOLD = "SELECT FROM upominky_preview WHERE id = ANY(%s) FOR NO KEY UPDATE"
#: Rows of previews: hundreds of thousands, maybe.
FORGET_ROWS = "DELETE FROM upominky_preview_line WHERE preview_id = ANY(%s)"


class UpominkyPreview(models.TransientModel):
    """A user's preview of a company: of many customers it is decided in slices.

    Each slice decides on customers as they are by then, as the jobs do with their chunks. Until the
    last one the user sees the preview before, which is whole; whoever leaves and opens it once more
    gets it from the beginning. Only the program reads these records.
    """

    _name = "upominky.preview"
    _description = "Payment Reminders under Preview"
    _inherit = ["upominky.context", "upominky.customer.list"]

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True, help="The preview is of this day.")
    terms = fields.Char(required=True, help="Word of the rules that it is decided by.")
    is_whole = fields.Boolean(help="All customers are decided on, in all companies.")

    _one_under_way = models.UniqueIndex("(user_id, company_id) WHERE is_whole IS NOT TRUE")

    @api.model
    def _decide(self, days, go_on):
        """Decide what job 1 would do on a day, from the beginning or further on: one slice.

        :param dict days: the day by company
        :param bool go_on: whether it is the next slice
        :raises UserError: if it is, and another preview is under way by now, or none
        :return: None at the end, else on how many customers is decided, and on how many is to be
        :rtype: tuple[int, int] | None
        """
        if go_on and self._is_done_elsewhere(days):
            return None
        facts = {c: self.env["upominky.reader"]._facts(c, day) for c, day in days.items()}
        if not go_on:
            self._forget(self._mine(is_whole=False).filtered(lambda p: p.company_id not in days))
        for company, mine in facts.items():
            # What was decided by other rules before is not what will happen.
            if not go_on or self._of(company).terms != mine.terms:
                self._begin(company, mine)
        if in_slice(lambda: any(self._decide_some(*each) for each in facts.items())):
            return self._progress()
        self._show()
        return None

    def _mine(self, is_whole):
        return self.search([("user_id", "=", self.env.uid), ("is_whole", "=", is_whole)])

    def _of(self, company):
        """Return the preview of a company that is under way."""
        return self._mine(is_whole=False).filtered(lambda preview: preview.company_id == company)

    def _is_done_elsewhere(self, days):
        """Say whether the preview was decided to its end in another window.

        :raises UserError: if it is not under way either
        """
        under_way = self._days_of(self._mine(is_whole=False))
        if under_way == days:
            return False
        # Beside one of another day what is whole is from before, not what was asked for here.
        if not under_way and self._days_of(self._mine(is_whole=True)) == days:
            return True
        raise UserError(
            self.env._(
                "This preview is not under way any more: another one was opened, or it is of "
                "another day by now. Open it once more."
            )
        )

    def _days_of(self, previews):
        return {preview.company_id: preview.day for preview in previews}

    def _forget(self, previews):
        """Drop previews and their rows."""
        self.env["upominky.preview.line"].flush_model()
        self._forget_rows(previews)
        previews.unlink()

    def _forget_rows(self, previews):
        self.env.cr.execute(SQL(FORGET_ROWS, previews.ids))
        self.env["upominky.preview.line"].invalidate_model(flush=False)

    def _begin(self, company, facts):
        """Take down whom the preview is about; nothing is decided about them yet.

        :param Facts facts: see :meth:`upominky.reader._facts`, of the day of the preview
        """
        before = self._of(company)
        self.env.cr.execute(SQL(HOLD, before.ids))
        self._forget_rows(before)
        day = facts.company.today
        basis = {
            "user": self.env.uid,
            "company": company.id,
            "day": day,
            "terms": facts.terms,
            "customers": self.env["upominky.reader"]._shown_customers(company, day),
        }
        self.flush_model()
        self.env.cr.execute(SQL(BEGIN, **basis))
        self.invalidate_model(flush=False)

    def _decide_some(self, company, facts):
        """Decide on the next customers of a company, and write their rows.

        :param Facts facts: see :meth:`upominky.reader._facts`, of the day of the preview
        :return: whether any are left
        """
        preview = self._of(company)
        customers, left = preview._take(CHUNK)
        if customers:
            found = self.env["upominky.reader"]._customers(company, customers, facts=facts)
            rows = [row for c in found.values() for row in self._rows(c, facts.company, company)]
            preview._tell_interest(rows, found, facts.company.today)
            whose = {"preview_id": preview.id, "user_id": self.env.uid, "company_id": company.id}
            self.env["upominky.writer"]._insert("upominky.preview.line", rows, **whose)
            self.env["upominky.preview.line"].invalidate_model(flush=False)
        return left > 0

    def _rows(self, customer, facts, company):
        lines = self.env["upominky.preview.line"]
        for item, decision in decided(customer, plan(customer, facts)):
            if decision:
                yield {
                    **decision_values(item, decision, customer, facts.today),
                    "detail": lines._detail(item, decision, customer, facts, company),
                }

    def _progress(self):
        """Return on how many customers is decided, and on how many is to be."""
        previews = self._mine(is_whole=False)
        total = sum(len(preview.customer_ids or ()) for preview in previews)
        return total - sum(preview._remaining() for preview in previews), total

    def _show(self):
        """Put what is decided to its end in the place of the preview before."""
        self._forget(self._mine(is_whole=True))
        self._mine(is_whole=False).is_whole = True
