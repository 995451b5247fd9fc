from odoo import api, fields, models

from ...core.carry import nearest


class AccountMove(models.Model):
    """What was billed of an invoice stays billed when the invoice is corrected.

    Reset to draft, changed and posted again it may have other receivables: Odoo deletes some of
    them and makes others. What was billed of one is then billed of the one that took its place.
    """

    _inherit = "account.move"

    # EXTENDS 'account'
    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._upominky_carry_billed()
        return posted

    def _upominky_carry_billed(self):
        # sudo: whoever posts an invoice need not read what was billed of it; it is noted for it.
        billed = self.env["upominky.billed"].sudo()
        lost = billed.search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        for move, rows in lost.grouped("move_id").items():
            for row in rows:
                item = move._upominky_item_due(row.due_date)
                row.write({"move_line_id": item.id, "is_carried": bool(item)})

    def _upominky_item_due(self, day):
        """Return the receivable of an invoice that is due nearest to a day, none if it has none."""
        items = self._upominky_items()
        by_id = {item.id: item.date_maturity for item in items}
        return items.browse(nearest(day, by_id) if day else None)


class UpominkyBilling(models.AbstractModel):
    _inherit = "upominky.billing"

    @api.model
    def _bills_now(self, line):
        """Yield what a line of an invoice bills, of receivables that are there.

        What it says of one whose place another one took is said of that one; of an invoice that is
        gone nothing is.

        :rtype: typing.Iterator[dict]
        """
        # sudo: whose place a receivable took decides, seen or not by whoever posts.
        items = self.env["account.move.line"].sudo()
        for row in line.upominky_bills or ():
            item = items.browse(row["move_line_id"]).exists()
            if not item:
                move = items.move_id.browse(row.get("move_id")).exists()
                item = move._upominky_item_due(fields.Date.to_date(row.get("due_date")))
            if item:
                yield {**row, "move_line_id": item.id, "move_id": item.move_id.id}
