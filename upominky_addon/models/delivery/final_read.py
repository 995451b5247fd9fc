from odoo import fields, models
from odoo.exceptions import UserError

from ...core.final_notice import may_approve
from ...core.lifecycle import Reminder
from ..base.said import say
from .final import word_of

#: In the context of the button on a form: the id of the notice, and its word as it was shown.
READ = "upominky_read"


class UpominkyReminder(models.Model):
    """A final notice is approved as whoever approves it has read it (SPEC rule 40).

    Between the reading and the approval a colleague may change the letter or its template, and the
    step itself may be taken by the job, later. So what was shown goes along with the approval.
    """

    _inherit = "upominky.reminder"

    read_word = fields.Char(
        compute="_compute_read_word", help="SHA-256 of what a final notice is made of by now."
    )
    rewritten_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Who changed this letter, where a person did.",
    )

    def _compute_read_word(self):
        for reminder in self:
            waits = reminder.is_final and reminder.state == Reminder.TO_APPROVE
            reminder.read_word = waits and reminder._origin._word_read()

    # ---------------------------------------------------------------- as read

    def _word_read(self):
        """Return a word for all that a final notice is made of: the same word, the same notice.

        Its text is not rendered for it: with hundreds of them at once there is no time for that.
        What changes by itself from day to day is not in it.
        """
        self.ensure_one()
        # sudo: what it is made of is sent, whoever approves.
        me = self.sudo()
        try:
            said = [*me._sources_said(), *me._books_said()]
        except UserError as error:  # without a sender, say: it is not approved as it is
            said = [str(error)]
        return word_of(said)

    def _sources_said(self):
        """Return the texts that are rendered for it, in each language that somebody gets it in."""
        said = [self.own_subject, self.own_introduction, self.own_lang]
        for lang in self._languages_sent():
            mine = self.with_context(lang=lang or None)
            template = mine._template()
            said += [lang, template.subject, template.body_html, mine.level_id.text_template]
        return said

    # EXTENDS 'upominky.reminder'
    def _read_by_caller(self):
        """Return what the caller read: what a form showed, else what there is as he asks.

        What is done at once needs none: what there is now is what he asks for.
        """
        given = self.env.context.get(READ)
        if len(self) == 1 and isinstance(given, list | tuple) and len(given) == 2:
            id, word = given
            if id == self.id and word:
                return {"words": {str(id): str(word)}}
        if not self._is_left():
            return {}
        # sudo: which of them are final notices decides how they are approved.
        final = self.sudo().filtered(lambda r: r.is_final and r.state == Reminder.TO_APPROVE)
        words = {str(reminder.id): reminder._word_read() for reminder in final}
        return {"words": words} if words else {}

    # EXTENDS 'upominky.reminder'
    def _steps(self):
        steps = super()._steps()
        _take, check = steps["approve"]
        return {**steps, "approve": (self._approve_read, lambda words=None: check())}

    def _approve_read(self, words=None):
        """Approve; a final notice that is not any more what was read waits on.

        :param dict words: of :meth:`_word_read`, by id as text; of others none is asked
        """
        words = words or {}
        changed = self.filtered(
            lambda r: (
                r.is_final
                and r.state == Reminder.TO_APPROVE
                and words.get(str(r.id), "") not in ("", r._word_read())
            )
        )
        if changed:
            changed._refuse_issuer()
            for reminder in changed:
                reminder._back_to_approval(say(self.env, "final_read_again"))
        (self - changed)._approve()

    # --------------------------------------------------------------- four eyes

    # EXTENDS 'upominky.reminder'
    def _write_letter(self, values):
        result = super()._write_letter(values)
        self.rewritten_by_id = values.get("own_introduction") and self.env.uid
        return result

    # EXTENDS 'upominky.reminder'
    def _refuse_issuer(self):
        """Refuse it to whoever wrote what it says, too.

        :raises UserError: naming the reminder and the person
        """
        result = super()._refuse_issuer()
        for reminder in self:
            writer, four_eyes = reminder.rewritten_by_id, reminder.company_id.upominky_four_eyes
            if not may_approve(writer.id or None, self.env.uid, four_eyes):
                values = {"reminder": reminder.name, "user": writer.name}
                raise UserError(say(self.env, "final_by_writer", **values))
        return result
