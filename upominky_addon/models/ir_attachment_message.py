from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.lifecycle import TOLD, State
from .delivery.queries import FILES_OUT
from .ir_attachment import IS_LETTER

#: What of a file a message says of it: the file as it was sent is what is in the history.
CONTENT = frozenset({"name", "raw", "datas", "db_datas", "mimetype", "type", "url"})
#: States of deliveries whose message somebody had, or may have, or is getting now.
OUT = TOLD | {State.BOUNCED, State.SENDING}


class IrAttachment(models.Model):
    """Files of a template that went out with a reminder stay what they were.

    The history of a reminder shows the very files of its template. To send others, they are taken
    out of the template, and others are put in.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        """Refuse to change what went out; to write what is there already changes nothing.

        :raises UserError: naming the file and a reminder
        """
        if CONTENT & vals.keys():
            for file, reminder in self._upominky_went_out():
                if file._upominky_differs(vals, CONTENT):
                    raise UserError(file._upominky_went_out_text(reminder))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_went_out(self):
        """Refuse to delete what went out.

        :raises UserError: naming the file and a reminder
        """
        for file, reminder in [] if self._upominky_is_unlocked() else self._upominky_went_out():
            raise UserError(file._upominky_went_out_text(reminder))

    def _upominky_went_out(self):
        """Return those of these files that went out with a message, each with a reminder.

        Letters and the files of invoices are looked after elsewhere.

        :rtype: list[tuple]
        """
        # sudo: a file is kept whether or not the caller sees it, or the reminder it went out with.
        me = self.sudo().filtered(lambda f: f.res_model != "account.move" and not f[IS_LETTER])
        if not me:
            return []
        me.env["upominky.delivery"].flush_model(["mail_message_id", "state", "reminder_id"])
        rows = me.env.execute_query(SQL(FILES_OUT, files=list(me.ids), states=sorted(OUT)))
        reminders = me.env["upominky.reminder"]
        return [(me.browse(file), reminders.browse(reminder)) for file, reminder in rows]

    def _upominky_went_out_text(self, reminder):
        return self.env._(
            "“%(file)s” went out with the reminder %(reminder)s and is kept as it was. To send "
            "another file from now on, take this one out of the template and add the other; archive"
            " a template that is not used any more.",
            file=self.name,
            reminder=reminder.name,
        )
