from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from ..books.kept import unmarked
from ..books.watched import WATCHED
from .queries import KEPT_PAID_LINES, PAID_LINES

#: What is kept, by name, and what it follows from.
KEPT = "payment"
TERMS = sha256(repr((PAID_LINES, WATCHED)).encode()).hexdigest()


class UpominkyLinePayment(models.Model):
    """What was paid after a reminder, kept for the analysis; see :data:`PAID_LINES`."""

    _name = "upominky.line.payment"
    _description = "Payments After Reminders"
    _inherit = ["upominky.context"]
    _log_access = False
    # Where nothing paid is asked for, the database leaves out a join that is of one row at most.
    _of_line = models.UniqueIndex("(line_id)")

    # No foreign keys: they would lock what is kept, and nothing may be in its way.
    line_id = fields.Integer(required=True)
    item_id = fields.Integer(required=True, index=True)
    is_same = fields.Boolean()
    # Amounts as they are matched: they are told in the line's currency.
    paid_7 = fields.Float(digits=0)
    paid_14 = fields.Float(digits=0)
    paid_30 = fields.Float(digits=0)
    full_7 = fields.Boolean()
    full_14 = fields.Boolean()
    full_30 = fields.Boolean()
    paid_on = fields.Date()

    @api.model
    def _paid(self):
        """Return the query of what was paid after each reminder of which anything was."""
        self.env["upominky.reader"]._flush()
        marked = self.env["upominky.kept"]._changed(KEPT, TERMS)
        kept = marked is not None
        if kept and not marked:
            return SQL(KEPT_PAID_LINES, unmarked=unmarked(marked))
        parts = [self._worked_out(marked if kept else None)]
        parts += [SQL(KEPT_PAID_LINES, unmarked=unmarked(marked))] if kept else []
        names = self._names()
        found = SQL(" UNION ALL ").join(SQL("SELECT %s FROM (%s) AS part", names, p) for p in parts)
        # One row at most of each line, and the planner is told so.
        return SQL("SELECT DISTINCT ON (line_id) * FROM (%s) AS found", found)

    @api.model
    def _refill(self, items):
        """Work out anew what is kept of some items, or of all where it was never kept.

        :param items: ids of those that changed, None for all
        """
        kept = self.env["upominky.kept"]
        some = items if kept._holds(KEPT, TERMS) else None
        if some is not None and not some:
            return
        of = SQL("TRUE") if some is None else SQL("item_id = ANY(%s)", some)
        self.env.cr.execute(SQL("DELETE FROM upominky_line_payment WHERE %s", of))
        query = "INSERT INTO upominky_line_payment (%s) SELECT %s FROM (%s) AS found"
        names, found = self._names(), self._worked_out(some)
        self.env.cr.execute(SQL(query, names, names, found))
        kept._know("upominky_line_payment")
        kept._note(KEPT, TERMS)

    def _worked_out(self, items):
        scope = SQL("TRUE") if items is None else SQL("line.move_line_id = ANY(%s)", items)
        return SQL(PAID_LINES, scope=scope)

    def _names(self):
        """Return the columns in one order."""
        names = [name for name, field in self._fields.items() if field.store and name != "id"]
        return SQL(", ").join(SQL.identifier(name) for name in names)


class UpominkyKept(models.Model):
    _inherit = "upominky.kept"

    # EXTENDS 'upominky_addon'
    @api.model
    def _keepers(self):
        return [*super()._keepers(), self.env["upominky.line.payment"]]
