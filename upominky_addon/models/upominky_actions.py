from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class UpominkyReminder(models.Model):
    """What people do with reminders: each button checks the right, then uses what the jobs use."""

    _inherit = "upominky.reminder"

    def _check_user_may(self):
        """Refuse callers who may not work with reminders, whatever way they call."""
        self.check_access("read")
        if not self.env.user.has_group("upominky_addon.group_user") and not self.env.su:
            raise AccessError(
                self.env._("You need the right “Upomínky: user” to work with payment reminders.")
            )

    def action_approve(self):
        """Approve reminders that wait for it: they are read again and go out with the next run."""
        self._check_user_may()
        # sudo: users may approve, but write no field of a reminder themselves.
        waiting = self.sudo().filtered(lambda reminder: reminder.state == "to_approve")
        waiting._recheck()
        for reminder in waiting.filtered(lambda reminder: reminder.state == "to_approve"):
            now = fields.Datetime.now()
            reminder._set_state(
                "issued",
                approved_date=reminder.company_id._upominky_today(),
                next_try=now if reminder.to_send else False,
            )
        return True

    def action_send_now(self):
        """Send reminders at once, also those that were issued without being sent."""
        self._check_user_may()
        # sudo: users may send, but write no field of a reminder themselves.
        self.env["upominky.send"].sudo()._send_by_hand(self.sudo())
        return True

    def action_retry(self):
        """Send failed reminders again, to the contacts that have not accepted them yet."""
        self._check_user_may()
        # sudo: users may send, but write no field of a reminder themselves.
        failed = self.sudo().filtered(lambda reminder: reminder.state in ("failed", "sent"))
        self.env["upominky.send"].sudo()._send_by_hand(failed)
        return True

    def action_mark_sent(self, date=None):
        """Record that unsent reminders reached the customer another way (post, data box, phone).

        :param date: the day it was sent, default the company's today
        """
        self._check_user_may()
        # sudo: users may mark reminders, but write no field of them themselves.
        for reminder in self.sudo().filtered(
            lambda r: r.state in ("to_approve", "issued", "failed")
        ):
            reminder.delivery_ids._cancel_queued()
            day = date or reminder.company_id._upominky_today()
            reminder._set_state(
                "sent", sent_by_hand=True, sent_date=day, error=False, next_try=False
            )
            reminder._message_log(
                body=self.env._("Marked as sent by hand on %s.", fields.Date.to_string(day))
            )
        return True

    def action_cancel(self, reason=None):
        """Cancel reminders. Before mailing their invoices may be issued again; after it they count.

        :param str reason: required for a reminder that was mailed
        """
        self._check_user_may()
        # sudo: users may cancel, but write no field of a reminder themselves.
        for reminder in self.sudo().filtered(lambda r: r.state != "cancelled"):
            if reminder._is_mailed() and not reason:
                raise UserError(
                    self.env._("%s was mailed: give a reason to cancel it.", reminder.name)
                )
            reminder._cancel(reason or self.env._("Cancelled by %s", self.env.user.name))
        return True

    def action_open_form(self):
        """Open one reminder, from a list on another form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_upominky_rules(self):
        """Open the rules and levels, one click from the book."""
        return self.env["ir.actions.act_window"]._for_xml_id("upominky_addon.action_upominky_rule")
