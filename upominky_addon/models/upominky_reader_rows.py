from odoo import models

from ..core import schedule
from ..core.left_out import LeftOut
from ..core.money import Credit, Offset
from ..core.plan import Customer


class UpominkyReader(models.AbstractModel):
    """Turns rows of :data:`queries.ITEMS` into what the core decides on."""

    _inherit = "upominky.reader"

    def _customer(self, customer_id, rows, rule, past, contacts):
        receivables, credits, offsets, left_out = [], [], [], []
        for row in rows:
            if row["kind"] == "receivable":
                whose = row["move_id"], row["customer_id"]
                receivables.append(self._receivable(row, contacts[whose]))
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

    def _receivable(self, row, contacts):
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
            **contacts,
        )
