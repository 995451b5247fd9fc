from base64 import b64decode

from odoo import api, models
from odoo.exceptions import UserError

#: What of a letter nobody changes; the rest, as a token to read it by, is not of it.
FIXED = frozenset(
    {
        "name",
        "raw",
        "datas",
        "db_datas",
        "mimetype",
        "type",
        "url",
        "res_model",
        "res_id",
        "res_field",
        "company_id",
        "public",
    }
)
#: In a context: a step of the program takes a letter back that nobody got. A caller of Odoo's
#: methods can give names and numbers, but not this.
_UNLOCKED = object()


def unlocked(letters):
    """Return letters that may be deleted: nobody got them."""
    # sudo: the job took them back; no user may delete a letter.
    return letters.sudo().with_context(upominky_unlocked=_UNLOCKED)


class IrAttachment(models.Model):
    """Letters are kept as they went out: whoever asks, by whatever way, changes none."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Refuse to change a letter; to write what is there already, as moving files does, is none.

        :raises UserError: naming the reminder
        """
        if FIXED & vals.keys():
            reminders = self._upominky_reminders()
            for reminder in reminders:
                if reminder.letter_id._upominky_differs(vals):
                    raise UserError(self._upominky_kept_text(reminder))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_letters(self):
        """Refuse to delete a letter.

        :raises UserError: naming the reminder
        """
        if self.env.context.get("upominky_unlocked") is not _UNLOCKED:
            for reminder in self._upominky_reminders():
                raise UserError(self._upominky_kept_text(reminder))

    def _upominky_reminders(self):
        """Return the reminders whose letters these are."""
        # sudo: a letter is kept whether or not the caller sees its reminder.
        reminders = self.env["upominky.reminder"].sudo()
        return reminders.search([("letter_id", "in", self.ids)]) if self.ids else reminders

    def _upominky_differs(self, vals):
        """Say whether values would change a letter."""
        for name in FIXED & vals.keys():
            if name == "datas":
                if b64decode(vals[name] or b"") != self.raw:
                    return True
            elif (vals[name] or False) != (self._upominky_value(name) or False):
                return True
        return False

    def _upominky_value(self, name):
        field = self._fields[name]
        return self[name].id if field.type == "many2one" else self[name]

    @api.model
    def _upominky_kept_text(self, reminder):
        return self.env._(
            "This is the letter of %s as it went out. It is kept: nobody can change or delete it.",
            reminder.name,
        )
