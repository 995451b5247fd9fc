from odoo import api, models

from ..core.charges import NOT_BILLED, Asked, NoRegimeError, segments_of
from ..core.interest import MissingLawError, MissingRateError, total
from ..core.plan import ISSUED
from ..models.base.amounts import quantum


class UpominkyPreview(models.TransientModel):
    """The interest of what the preview would issue, or why that would fail (SPEC rule 38)."""

    _inherit = "upominky.preview"

    def _tell_interest(self, rows, customers, today):
        """Write into rows that would be issued how much interest they ask, or what is missing.

        How much is left out where a customer has open credits: they are shared with the reminder.

        :param rows: of :func:`decision_values`
        :param dict customers: core customers by id
        :param date today: the company's calendar date
        """
        charges = self._interest_of_levels(rows)
        due = [r for r in rows if r["reason"] in ISSUED and r["level_id"] in charges]
        if not due:
            return
        items = [row["move_line_id"] for row in due]
        debts = self.env["upominky.reader"]._debts(items)
        billed = self.env["upominky.reminder"]._billed_of(items)
        terms = self.company_id._upominky_legal_terms()
        for row in due:
            item = row["move_line_id"]
            since = billed.get(item, NOT_BILLED).since
            asked = debts[item], charges[row["level_id"]]
            amount, missing = self._interest_of(row, asked, terms, until=today, since=since)
            if missing:
                row["detail"] = missing
            elif amount and not customers[row["partner_id"]].credits:
                row["detail"] = self.env._("with interest of %s", amount)

    @api.model
    def _interest_of_levels(self, rows):
        """Return what the levels of rows ask, of those that ask interest.

        :rtype: dict[int, core.charges.Charges]
        """
        ids = {row["level_id"] for row in rows if row["level_id"]}
        asked = {level.id: level._charges() for level in self.env["upominky.level"].browse(ids)}
        return {id: charges for id, charges in asked.items() if charges.interest is not Asked.NONE}

    def _interest_of(self, row, asked, terms, **days):
        """Return the interest of one row in words, or a sentence about what is missing.

        :param asked: its debt, and what its level asks
        """
        company, partner = self.company_id, self.env["res.partner"].browse(row["partner_id"])
        currency = self.env["res.currency"].browse(row["currency_id"])
        kind = partner._upominky_effective_kind()
        try:
            found = segments_of(*asked, kind, terms, quantum=quantum(currency), **days)
        except (NoRegimeError, MissingLawError, MissingRateError) as error:
            reminders = self.env["upominky.reminder"]
            return None, reminders._missing_text(error, terms, kind, company, partner)
        amount = total(found)
        return amount and currency.format(float(amount)), None
