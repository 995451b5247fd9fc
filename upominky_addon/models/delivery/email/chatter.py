import json

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

from ....core.mail_text import visible
from ...letters.letter import once
from ...letters.plain import MARK, bare

BODIES = """
    UPDATE mail_message
       SET body = kept.body
      FROM json_to_recordset(%s) AS kept (id int, body text)
     WHERE mail_message.id = kept.id
"""


class UpominkyReminder(models.Model):
    """What was mailed is kept in the history of its reminder."""

    _inherit = "upominky.reminder"

    def _keep_messages(self, kept):
        """Write each message into its chatter: a new one, or over the attempt that failed.

        :param kept: deliveries with the values of their messages, and the bodies
        """
        # sudo: messages of the job are the reminder's, not those of the user who pressed a button.
        Message = self.env["mail.message"].sudo()
        new = [(d, values) for d, values, _body in kept if not d.mail_message_id]
        created = Message.create([values for _delivery, values in new])
        for (delivery, _values), message in zip(new, created, strict=True):
            delivery.mail_message_id = message
        for delivery, values, _body in kept:
            if delivery.mail_message_id not in created:
                # sudo: as above; it is the delivery's own message.
                delivery.mail_message_id.sudo().write(values)
            delivery.write(
                {"message_id": values["message_id"], "run_id": delivery.reminder_id.send_run_id.id}
            )
        self._keep_bodies(kept)

    def _keep_bodies(self, kept):
        """Write the bodies of messages, all in one statement, cleaned as the field cleans them.

        Half of the time that a message takes would go into cleaning its table, which is the
        add-on's own and has its texts escaped: that part is put in again after the rest is clean.
        """
        # sudo: as in _keep_messages; the statement names these messages alone.
        messages = self.env["upominky.delivery"].union(*(d for d, _v, _b in kept)).sudo()
        messages = messages.mail_message_id
        rows = [
            {"id": delivery.mail_message_id.id, "body": delivery.reminder_id._clean_body(body)}
            for delivery, _values, body in kept
        ]
        messages.flush_recordset()
        self.env.cr.execute(SQL(BODIES, json.dumps(rows)))
        messages.invalidate_recordset(["body"])

    def _clean_body(self, body):
        """Return a rendered body as the chatter shows it: without anything that runs.

        :param Markup body: what the template gave, without the frame
        :rtype: Markup
        """
        return self._with_code_urls(self._clean(body))

    def _clean(self, body):
        table = self._letter_table()
        # What a template says around the table is often the same for many.
        text = bare(body, table)
        clean = once(self.env, ("clean", text), lambda: self._sanitized(text))
        if clean.count(MARK) != 1:
            return self._sanitized(str(body))
        return Markup(str(clean).replace(MARK, table))  # a Markup would escape the table

    def _letter_table(self):
        """Return the table of invoices as it stands in a rendered body."""
        key = "table", self.id, self._language()
        return once(self.env, key, lambda: visible(self._in_its_language().invoice_table))

    def _sanitized(self, text):
        Message = self.env["mail.message"]
        return Message._fields["body"].convert_to_cache(text, Message) or Markup()
