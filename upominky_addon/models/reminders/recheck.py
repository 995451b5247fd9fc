from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...core.lifecycle import UNFINISHED, WAITING, Reminder
from ...core.plan import Customer


class UpominkyReminder(models.Model):
    """The recheck: an unmailed reminder is read anew before it is approved or sent."""

    _inherit = "upominky.reminder"

    def _recheck(self):
        """Bring unmailed reminders up to date; one with nothing left is cancelled with its reason.

        The reminders' rows are locked first. Mailed ones keep their amounts; what waits of them is
        withheld if nothing of it may be reminded any more.
        """
        if not self:
            return
        self._lock_rows()
        for company, mine in self.grouped("company_id").items():
            waiting = mine.filtered(lambda r: r.state in UNFINISHED or r._waits_for_more())
            waiting._recheck_company(company)
            waiting._work_out_charges(company._upominky_today())

    def _bring_up_to_date(self):
        """Read an unsent reminder again, as before it is sent, to show what would be sent.

        :raises UserError: if nothing of it would be
        """
        self._recheck()
        if self.state == Reminder.CANCELLED:
            raise UserError(self.env._("Nothing would be sent: %s", self.cancel_reason or ""))

    def _waits_for_more(self):
        """Say whether a message of a mailed reminder is still to go out."""
        states = self.delivery_ids.mapped("state")
        return self.state == Reminder.SENT and not WAITING.isdisjoint(states)

    def _recheck_company(self, company):
        for reminder, result, by_item, today in self._read_anew(company):
            reminder._take_over(result, by_item, today)

    def _read_anew(self, company):
        """Read reminders of a company again, one after the other; nothing is written.

        :return: each with what the core decides, its open lines by receivable, and the company's
            calendar date
        """
        reader = self.env["upominky.reader"].with_company(company)
        today = company._upominky_today()
        facts = reader._company(company, today)
        self._read_together()
        # A customer may have reminders of two rules, if it moved from one to the other.
        for rule in self.rule_id.with_context(active_test=False):
            mine = self.filtered(lambda reminder, r=rule: reminder.rule_id == r)
            core_rule = rule._to_core()
            ids = mine._commercial_partners().ids
            customers = reader._customers(company, ids, rules=dict.fromkeys(ids, core_rule))
            for reminder in mine:
                yield reminder, *reminder._read_one(customers, core_rule, facts), today

    def _commercial_partners(self):
        """Return who owes it now: a customer may have become a contact of another since."""
        # sudo: whom a contact belongs to is read whole, as the reader does.
        return self.sudo().partner_id.commercial_partner_id

    def _read_together(self):
        """Read invoices and items of all reminders at once, not reminder by reminder."""
        # sudo: balances are read whole; see _read_one.
        lines = self.line_ids.sudo()
        lines.move_line_id.mapped("amount_residual_currency")
        lines.move_id.mapped("name")

    def _read_one(self, customers, core_rule, facts):
        """Return what the core decides of a reminder, and its open lines by receivable."""
        lines = self._open_lines()
        # sudo: balances are read whole; what is shown is the reminder's own.
        items = lines.sudo().move_line_id
        by_item = {
            line.move_line_id.id: line
            for line in lines
            # An invoice that was changed to another currency is reminded anew, in that one.
            if line.currency_id == line.sudo().move_line_id.currency_id
        }
        paid = [
            i.id for i in items if i.parent_state == "posted" and not i.amount_residual_currency
        ]
        nobody = Customer(self.partner_id.id, core_rule, ())  # owes nothing any more
        customer = customers.get(self.partner_id.id, nobody)
        missing = self._missing(items, customer)
        event = self.env["upominky.event"]._row(self.event)
        result = event.recheck(
            by_item, paid, customer, facts, by_hand=self.by_hand, missing=missing
        )
        return result, by_item

    def _open_lines(self):
        return self.line_ids.filtered(lambda line: line.state == "open")

    def _take_over(self, result, by_item, today):
        """Write what became of one reminder; of one that is told, withhold what must not go out.

        :param core.recheck.Rechecked result: what the core decided
        :param dict by_item: its open lines by receivable
        :param date today: the company's calendar date
        """
        if self._is_fixed():
            if why := self._why_withheld(result, by_item):
                self._withhold(why)
            return
        lost = self._open_lines().filtered(lambda line: line.move_line_id.id not in by_item)
        self._write_lost(lost)
        self._apply_recheck(result, by_item, today)

    def _why_withheld(self, result, by_item):
        """Return why what waits of a told reminder does not go out, None if it may."""
        if not result.reason:
            return None
        whys = {by_item[item]: why for item, why in result.why.items() if item in by_item}
        return self._reason_sentence(result.reason, whys)

    def _apply_recheck(self, result, by_item, today):
        """Write what is left of one reminder.

        :param core.recheck.Rechecked result: what the core decided
        :param dict by_item: its open lines by receivable
        :param date today: the company's calendar date
        """
        if result.reason:
            gone = dict.fromkeys(by_item, "dropped") | dict(result.gone)
            self._write_gone(gone, by_item, result.why)
            self._cancel(self._reason_sentence(result.reason))
            return
        self._write_gone(result.gone, by_item, result.why)
        if not result.kept:  # of an event that asks for nothing: it stays as it was issued
            return
        for item in result.kept:
            line = by_item[item.id]
            values = {
                "amount_due": float(item.residual),
                "amount_credited": float(item.credited),
                "days_overdue": (today - item.due).days,
                "due_date": item.due,
            }
            changed = any(line[name] != value for name, value in values.items())
            if changed or line.partner_bank_id.id != (item.account or False):
                line.write({**values, "partner_bank_id": item.account})
        self._write_credits(result.credits)
        self._write_recipients(result.kept)
        currencies = self.env["res.currency"]
        totals = {currencies.browse(c).name: float(amount) for c, amount in result.totals.items()}
        if totals != self.currency_totals:
            self.currency_totals = totals

    def _refresh_recipients(self):
        """Read the contacts of reminders anew, also of those that were mailed to some."""
        for reminder, own in self._own_receivables():
            reminder._write_recipients(own, reminder._channels_there())

    def _own_receivables(self):
        """Yield reminders, each with those of its receivables that are owed still, read anew."""
        for company, mine in self.grouped("company_id").items():
            moves = mine.line_ids.move_id
            customers = self.env["upominky.reader"]._customers(company, moves=moves)
            for reminder in mine:
                customer = customers.get(reminder._commercial_partners().id)
                ids = set(reminder.line_ids.move_line_id.ids)
                items = customer.receivables if customer else ()
                own = tuple(item for item in items if item.id in ids)
                if own:
                    yield reminder, own

    def _write_gone(self, gone, by_item, why):
        alike = defaultdict(self.env["upominky.reminder.line"].browse)
        for item, state in gone.items():
            alike[state, why[item]] |= by_item[item]
        for (state, reason), lines in alike.items():
            lines.write({"state": state, "counted": False, "drop_reason": reason})

    def _write_credits(self, shares):
        """Replace the credits of the reminder, where they changed."""
        now = sorted((s.credit_id, float(s.amount), s.account or 0) for s in shares)
        before = ((c.move_line_id.id, c.amount, c.partner_bank_id.id or 0) for c in self.credit_ids)
        if now == sorted(before):
            return
        generate = self.env["upominky.generate"]
        labels = generate._credit_labels(shares)
        self.credit_ids.unlink()
        self.env["upominky.reminder.credit"].create(
            [
                {"reminder_id": self.id, **generate._credit(self.company_id, share, labels)}
                for share in shares
            ]
        )
