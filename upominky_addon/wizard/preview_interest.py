from odoo import api, models

from ..core.charges import NOT_BILLED, Asked, segments_of
from ..core.interest import UnknownInterestError, total
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
        due = self._asked_interest(rows, customers)
        if not due:
            return
        items = [row["move_line_id"] for row, _charges in due]
        debts = self.env["upominky.reader"]._debts(items)
        billed = self.env["upominky.reminder"]._billed_of(items)
        terms = self.company_id._upominky_legal_terms()
        # Read together, not one by one.
        partners = self.env["res.partner"].browse({row["partner_id"] for row, _charges in due})
        partners.mapped("upominky_kind")
        for row, charges in due:
            item = row["move_line_id"]
            done = billed.get(item, NOT_BILLED)
            asked = debts[item], charges
            amount, missing = self._interest_of(row, asked, terms, until=today, billed=done)
            if missing:
                row["detail"] = missing
            elif amount and not customers[row["partner_id"]].credits:
                row["detail"] = self.env._("with interest of %s", amount)

    @api.model
    def _asked_interest(self, rows, customers):
        """Return the rows that ask interest, with what the level of their reminder asks.

        It is asked on no invoice of interest.

        :rtype: list[tuple[dict, core.charges.Charges]]
        """
        charges = self._interest_of_levels(rows)
        issued = [row for row in rows if row["reason"] in ISSUED]
        moves = self.env["account.move"].browse({row["move_id"] for row in issued})
        of_interest = set(moves.filtered("upominky_is_interest").ids) if charges else set()
        highest = _highest_levels(issued, customers)
        found = []
        for row in issued:
            level = highest.get((row["partner_id"], row["level_id"]), row["level_id"])
            if level in charges and row["move_id"] not in of_interest:
                found.append((row, charges[level]))
        return found

    @api.model
    def _interest_of_levels(self, rows):
        """Return what the levels of rows ask, of those that ask interest.

        :rtype: dict[int, core.charges.Charges]
        """
        ids = {row["level_id"] for row in rows if row["level_id"]}
        asked = {level.id: level._charges() for level in self.env["upominky.level"].browse(ids)}
        return {id: charges for id, charges in asked.items() if charges.interest is not Asked.NONE}

    def _interest_of(self, row, asked, terms, **options):
        """Return the interest of one row in words, or a sentence about what is missing.

        :param asked: its debt, and what its level asks
        """
        company = self.company_id
        partner = self.env["res.partner"].browse(row["partner_id"])
        currency = self.env["res.currency"].browse(row["currency_id"])
        kind = partner._upominky_effective_kind()
        try:
            found = segments_of(*asked, kind, terms, quantum=quantum(currency), **options)
        except UnknownInterestError as error:
            reminders = self.env["upominky.reminder"]
            return None, reminders._missing_text(error, terms, kind, company, partner)
        amount = total(found)
        return amount and currency.format(float(amount)), None


def _highest_levels(rows, customers):
    """Return under which level rows go out where a rule puts a customer's together.

    What needs approval goes out by itself; see :func:`core.plan.plan`.

    :rtype: dict[tuple[int, int], int]
    """
    found = {}
    for customer_id in {row["partner_id"] for row in rows}:
        rule = customers[customer_id].rule
        if not rule or rule.grouping != "highest_level":
            continue
        due = {row["level_id"] for row in rows if row["partner_id"] == customer_id}
        together = [level for level in rule.levels if level.id in due and not level.approval]
        highest = max(together, key=lambda level: level.order, default=None)
        found |= {(customer_id, level.id): highest.id for level in together}
    return found
