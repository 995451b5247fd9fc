from odoo import models

#: What Odoo asks of a field whose changes it tells.
TOLD = ("string", "type", "selection", "currency_field")


class UpominkyReminder(models.Model):
    """The changes of state of many reminders, told in their histories at once.

    Odoo tells them one document after the other: of a step with many that was three quarters of its
    time.
    """

    _inherit = "upominky.reminder"

    # EXTENDS 'mail'
    def _message_track(self, fields_iter, initial_values_dict):
        """Log the changes of many in one batch, with what Odoo would have logged for each."""
        if len(self) == 1 or not fields_iter or self._has_words_of_its_own():
            return super()._message_track(fields_iter, initial_values_dict)
        told = self.fields_get(fields_iter, attributes=TOLD)
        there = self.exists()
        tracking = {r.id: r._mail_track(told, initial_values_dict[r.id]) for r in there}
        if any(r._is_posted(tracking[r.id][0], initial_values_dict[r.id]) for r in there):
            return super()._message_track(fields_iter, initial_values_dict)
        changed = there.filtered(lambda r: tracking[r.id][1])
        changed._log_tracked(tracking)
        return tracking

    def _log_tracked(self, tracking):
        """Log changes, as Odoo would for each of these alone.

        :param dict tracking: of Odoo's ``_mail_track``, by reminder id
        """
        bodies = {r.id: r._track_get_default_log_message(tracking[r.id][0]) for r in self}
        messages = self._message_log_batch(bodies)
        # sudo: as Odoo, which keeps the changes past the rights of whoever made them.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message, reminder in zip(messages, self, strict=True)
                for _command, _id, values in tracking[reminder.id][1]
            ]
        )

    def _has_words_of_its_own(self):
        """Say whether somebody gave a change an author or a text of its own."""
        data = self.env.cr.precommit.data
        given = [data.get(f"mail.tracking.{what}.{self._name}") for what in ("message", "author")]
        return any(given)

    def _is_posted(self, changes, initial):
        """Say whether a change has a subtype, by which it is told to followers."""
        return bool(changes and self._track_subtype({name: initial[name] for name in changes}))
