from base64 import b64decode

from odoo import api, fields, models
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
        "upominky_is_letter",
    }
)
IS_LETTER = "upominky_is_letter"
#: In a context: a step of the program takes a letter back that nobody got. A caller of Odoo's
#: methods can give names and numbers, but not this.
_UNLOCKED = object()


def unlocked(letters):
    """Return letters that may be deleted: nobody got them."""
    # sudo: the job took them back; no user may delete a letter.
    return letters.sudo().with_context(upominky_unlocked=_UNLOCKED)


def _without_letter(vals):
    return {name: value for name, value in vals.items() if name != IS_LETTER}


class IrAttachment(models.Model):
    """Letters are kept as they went out: whoever asks, by whatever way, changes none."""

    _inherit = "ir.attachment"

    upominky_is_letter = fields.Boolean(
        string="Letter of a Reminder",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="It went out with a reminder, or is to: nobody can change or delete it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take no file for a letter because a caller says so."""
        if not self._upominky_is_unlocked():
            vals_list = [_without_letter(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change a letter; to write what is there already, as moving files does, is none.

        :raises UserError: naming the reminder
        """
        if FIXED & vals.keys():
            for letter in self._upominky_letters():
                if letter._upominky_differs(vals, FIXED):
                    raise UserError(letter._upominky_kept_text())
            if not self._upominky_is_unlocked():
                vals = _without_letter(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_letters(self):
        """Refuse to delete a letter.

        :raises UserError: naming the reminder
        """
        if not self._upominky_is_unlocked():
            for letter in self._upominky_letters():
                raise UserError(letter._upominky_kept_text())

    @api.model
    def _upominky_is_unlocked(self):
        return self.env.context.get("upominky_unlocked") is _UNLOCKED

    def _upominky_letters(self):
        """Return those that are letters of reminders that are there still."""
        # sudo: a letter is kept whether or not the caller sees its reminder.
        letters = self.sudo().filtered(IS_LETTER)
        there = self.env["upominky.reminder"].sudo().browse(letters.mapped("res_id")).exists()
        return letters.filtered(lambda letter: letter.res_id in there.ids)

    def _upominky_differs(self, vals, fixed):
        """Say whether values would change some of what is fixed of a file."""
        for name in fixed & vals.keys():
            if name == "datas":
                if b64decode(vals[name] or b"") != self.raw:
                    return True
            elif (vals[name] or False) != (self._upominky_value(name) or False):
                return True
        return False

    def _upominky_value(self, name):
        field = self._fields[name]
        return self[name].id if field.type == "many2one" else self[name]

    def _upominky_kept_text(self):
        # sudo: a letter is kept whether or not the caller sees its reminder.
        reminder = self.env["upominky.reminder"].sudo().browse(self.res_id)
        return self.env._(
            "This is the letter of %s as it went out. It is kept: nobody can change or delete it.",
            reminder.name,
        )
