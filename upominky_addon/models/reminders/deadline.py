from datetime import timedelta

from odoo import api, fields, models

from ...core.lifecycle import Reminder
from ...core.schedule import later


class UpominkyReminder(models.Model):
    """The day by which a reminder asks to pay (SPEC rule 34).

    It is counted from the day on which it is sent, and fixed by then: whoever sees the reminder
    before sees the day that it would have today.
    """

    _inherit = "upominky.reminder"

    deadline = fields.Date(
        string="Pay By",
        readonly=True,
        copy=False,
        help="The day by which the reminder asks to pay, fixed when it is sent.",
    )
    deadline_text = fields.Char(
        string="Day to Pay By",
        compute="_compute_deadline_text",
        search="_search_deadline_text",
    )

    @api.depends("deadline", "state", "level_id.deadline_days", "delivery_ids.state")
    @api.depends_context("lang")
    def _compute_deadline_text(self):
        for reminder in self:
            day = reminder._day_to_pay()
            reminder.deadline_text = day and reminder._day_text(day)

    def _search_deadline_text(self, operator, value):
        return [("deadline", operator, value)] if operator in ("in", "not in") else NotImplemented

    def _pay_by(self):
        """Return the day by which it asks to pay, None if it names none.

        The one that was fixed; before, that which it would have if it were sent today.

        :rtype: datetime.date | None
        """
        self.ensure_one()
        if self.state == Reminder.CANCELLED or self._is_fixed():
            return self.deadline or None
        return self._deadline_from(self.company_id._upominky_today())

    def _deadline_from(self, day):
        """Return the day by which to pay, None if the level names none.

        :param date day: when it is sent
        :rtype: datetime.date | None
        """
        # sudo: what the level says is done, whoever sends.
        days = self.level_id.sudo().deadline_days
        return later(day, timedelta(days=days)) if days else None

    def _deadline_sent(self, day):
        """Return the day by which to pay of one that was sent on a day: what is on paper stays.

        :param date day: when it was sent
        :rtype: datetime.date | None
        """
        return self.deadline or None if self._is_frozen() else self._deadline_from(day)

    # EXTENDS 'upominky.reminder'
    def _cancel(self, reason, keep_counted=False):
        """Forget what an attempt named that reached nobody: its invoices wait for no such day."""
        result = super()._cancel(reason, keep_counted)
        nobodys = self.filtered(lambda r: not r.sent_date and r._names_nobodys_day())
        nobodys.write({"deadline": False})
        return result

    def _names_nobodys_day(self):
        """Say whether nobody has, or may have, what names its day to pay by: nothing waits for it.

        A letter that lies there printed may be posted, or may have been, whatever was decided about
        its reminder: paper is with people, and they say what became of it. Until they say that it
        is not posted, the customer may have until that day.
        """
        self.ensure_one()
        return bool(self.deadline) and not self.sent_way and not self._is_frozen()

    def _fix_deadlines(self):
        """Note the days that the messages name which are about to be made; some may be out."""
        for day, mine in self.grouped(lambda reminder: reminder._day_to_pay() or False).items():
            changed = mine.filtered(lambda reminder, d=day: reminder.deadline != d)
            if changed:
                changed.write({"deadline": day})
