from odoo import models
from odoo.exceptions import UserError

from ..base.said import say

#: More reasons than these do not fit on a notification; all are in the book.
SHOWN = 5


def states_text(records, left_out):
    """Return how many reminders or deliveries are in which state, in words."""
    env = records.env
    counts = [
        (label, len(records.filtered(lambda record, state=state: record.state == state)))
        for state, label in records._fields["state"]._description_selection(env)
    ]
    counts.append((env._("Left out"), left_out))
    return ", ".join(f"{label}: {count}" for label, count in counts if count) + "."


class UpominkyReminder(models.Model):
    """How people are told what came of a step that they took with reminders."""

    _inherit = "upominky.reminder"

    def _tell(self, title, refused, wanted=None, deliveries=None):
        """Return a notification of how many are in which state now, and what went wrong why.

        :param str title: what was done
        :param dict refused: sentences of the reminders that were left out, by id
        :param str wanted: the state that all were to take, where one is no trouble for that reason
        :param deliveries: what was sent, where that and not the state of the reminders is the news
        :raises UserError: with the reasons, if all of them were left out
        """
        if not self:
            return True
        if len(refused) == len(self):
            raise UserError("\n".join(self._shown([*refused.values()])))
        done = self.filtered(lambda reminder: reminder.id not in refused)
        counted = done if deliveries is None else deliveries
        failed = counted.filtered(lambda record: record.state == "failed")
        troubled = done.filtered(lambda reminder: reminder.state != wanted)
        reasons = [*filter(None, (r._trouble() for r in troubled)), *refused.values()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": " ".join([states_text(counted, len(refused)), *self._shown(reasons)]),
                "type": "danger" if failed else "warning" if reasons else "success",
                "sticky": bool(reasons),
                # Closes the dialog if there is one, and reads the view anew.
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _trouble(self):
        """Return a sentence about what keeps the reminder from the customer, if anything does."""
        if self.state == "cancelled":
            return say(self.env, "of_reminder", reminder=self.name, problem=self.cancel_reason)
        return self.error and say(self.env, "of_reminder", reminder=self.name, problem=self.error)

    def _shown(self, reasons):
        if len(reasons) <= SHOWN:
            return reasons
        more = self.env._(
            "… and %s more: see their history in the reminder book.", len(reasons) - SHOWN
        )
        return [*reasons[:SHOWN], more]

    def _ask(self, model, title):
        """Open a dialog about these reminders.

        :param str model: the dialog's model, with a field ``reminder_ids``
        """
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_ids": self.ids},
        }
