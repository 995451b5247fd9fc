import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.mail_build import Attachment
from ...base.said import say
from ...ir_attachment import unlocked
from ...letters.paper import fingerprint

KIND = "application/pdf"


class UpominkyReminder(models.Model):
    """The letter that goes with the e-mails of a reminder, kept with it as it went out.

    It follows what the messages say: made anew until somebody has it, or may have it; from then on
    each further contact, each retry and each repetition gets the very same bytes.
    """

    _inherit = "upominky.reminder"

    letter_id = fields.Many2one(
        "ir.attachment",
        string="Letter as It Went Out",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The letter as it went out with the message. Nobody can change or delete it.",
    )
    letter_sha256 = fields.Char(
        string="SHA-256 of the Letter",
        readonly=True,
        copy=False,
        help="Tells whether a file is the letter as it went out.",
    )
    letter_page = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the page that the letter was made from."
    )

    letter_for_post = fields.Boolean(
        readonly=True, copy=False, help="The kept letter was printed; e-mails go without it."
    )
    letter_is_out = fields.Boolean(compute="_compute_letter_is_out")

    @api.depends("letter_id", "state", "delivery_ids.state")
    def _compute_letter_is_out(self):
        for reminder in self:
            reminder.letter_is_out = reminder._is_letter_out()

    # -------------------------------------------------------------- actions

    def action_open_letter(self):
        """Open the letter in the browser as it went out."""
        self._check_user_may()
        self.check_access("read")
        self.ensure_one()
        if not self._is_letter_out():
            raise UserError(self.env._("No letter of it has gone out: print it instead."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.letter_id.id}",
            "target": "new",
        }

    # ------------------------------------------------------------- business

    def _is_letter_out(self):
        """Say whether somebody has the kept letter, or may have it."""
        return bool(self.letter_id) and self._is_fixed()

    def _carries_letter(self):
        """Say whether its messages carry the letter; of one that went out without, none later."""
        self.ensure_one()
        if self._is_letter_out():
            return not self.letter_for_post
        return self.level_id.attach_letter and not self._is_frozen()

    def _letter_is_due(self):
        """Say whether a letter is to be made before a message of it goes out."""
        return self._carries_letter() and not self._is_letter_out()

    def _letter_to_send(self):
        """Return the letter that goes with a message: the kept one, or one that is kept from now.

        :raises UserError: if it cannot be made, or the kept one is damaged
        :rtype: core.mail_build.Attachment
        """
        self.ensure_one()
        if not self._is_letter_out():
            self._keep_current_letter()
        # sudo: who may read the reminder may read its letter.
        name = self.letter_id.sudo().name
        return Attachment(name, KIND, self._kept_letter())

    def _keep_current_letter(self):
        """Keep the letter as it is now, unless the kept one says the same.

        :raises UserError: if it cannot be made
        """
        page = self._letter_page(self._letter_day())
        if not self.letter_id or self.letter_page != fingerprint(page):
            self._keep_letter(page)

    def _keep_letter(self, page):
        """Make a letter of a page and keep it, in the place of one that nobody got."""
        data = self._letter_pdf(page)
        old = self.letter_id
        values = {
            "name": self._letter_file_name(),
            "raw": data,
            "mimetype": KIND,
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "upominky_is_letter": True,
        }
        letter = unlocked(self.env["ir.attachment"]).create(values).with_env(self.env)
        self.write(
            {
                "letter_id": letter.id,
                "letter_sha256": hashlib.sha256(data).hexdigest(),
                "letter_page": fingerprint(page),
                "letter_address": self._address_in_window(),
            }
        )
        if not self._is_told():  # one that came back stays in the history
            unlocked(old).unlink()

    def _kept_letter(self):
        """Return the kept letter, as it was made.

        :raises UserError: if its file is not what was kept
        :rtype: bytes
        """
        # sudo: who may read the reminder may read its letter.
        data = self.letter_id.sudo().raw or b""
        if hashlib.sha256(data).hexdigest() != self.letter_sha256:
            raise UserError(say(self.env, "letter_damaged", reminder=self.name))
        return data

    def _drop_letter(self, keep_file=False):
        """Forget letters that nobody got, or that are not what went out in the end."""
        letters = self.letter_id
        gone = ("letter_id", "letter_sha256", "letter_page", "letter_address", "letter_for_post")
        self.write(dict.fromkeys(gone, False))
        if not keep_file:
            unlocked(letters).unlink()

    # EXTENDS 'upominky.reminder'
    def _note_prepared(self):
        """Count what is to be made with its message as unprepared: it may kill a worker, too."""
        dropped = self.filtered(lambda r: r.letter_id and not r._carries_letter())
        dropped.filtered(lambda r: not r._is_told())._drop_letter()
        due = self.filtered(lambda reminder: reminder._letter_is_due())
        if due:
            due._touch()
        return super(UpominkyReminder, self - due)._note_prepared()

    # EXTENDS 'upominky.reminder'
    def _mark_sent(self, day, way, number=None, proof=None):
        """Forget a letter that a message was to carry: what was posted is another one.

        The letter of a final notice is kept as it went out now: it is the proof of what was said.
        What a message carried that came back, or was refused, stays in the history.
        """
        out = self.filtered(lambda reminder: reminder._is_letter_out())
        result = super()._mark_sent(day, way, number, proof)
        others = (self - self.filtered("is_final") - out).filtered("letter_id")
        others.filtered(lambda reminder: not reminder._is_told())._drop_letter()
        others.filtered("letter_id")._drop_letter(keep_file=True)
        for reminder in self.filtered("is_final"):
            reminder._keep_marked(reminder in out)
        return result

    def _keep_marked(self, was_out):
        """Keep the letter of a final notice that a person marked as sent.

        :param bool was_out: whether the kept one was with somebody, or on paper, before that
        :raises UserError: if it cannot be made, or the kept one is damaged
        """
        if was_out:
            self._kept_letter()
            return
        self._keep_current_letter()

    # EXTENDS 'upominky.reminder'
    def _cancel(self, reason, keep_counted=False):
        unmailed = self.filtered(lambda r: r.letter_id and not r._is_letter_out())
        unmailed.filtered(lambda r: not r._is_told())._drop_letter()
        return super()._cancel(reason, keep_counted)
