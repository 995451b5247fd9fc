from io import BytesIO

from odoo import models
from odoo.exceptions import UserError

from ....core.lifecycle import UNFINISHED, Reminder
from ...base.said import say
from ...base.trusted import taken_back, trusted
from ...letters.paper import REPORT

#: Letters that are printed at once: they are made within the request of the person who asks.
MOST_PRINTED = 200


class UpominkyReminder(models.Model):
    """Letters that people print: the kept one, else what the message would say now.

    What would be said now is found out in a transaction that is always taken back.
    """

    _inherit = "upominky.reminder"

    def action_print_letter(self):
        """Print the letters of reminders, as one PDF."""
        self._check_user_may()
        self._refuse_many_letters()
        # sudo: whoever may read reminders may print them; the report's own settings decide nothing.
        report = trusted(self).env.ref(REPORT)
        return report.with_env(self.env).report_action(self.ids, config=False)

    def _print_letters(self):
        """Return the letters in PDF, by id of the reminder.

        :raises UserError: if one of them cannot be printed, with the reason
        :rtype: dict[int, bytes]
        """
        self._check_user_may()
        self._refuse_many_letters()
        kept = self.filtered(lambda reminder: reminder._is_letter_out())
        letters = {reminder.id: reminder._kept_letter() for reminder in kept}
        others = self - kept
        if self.env.su:  # a step of the program, as a template that attaches the report
            letters |= {
                one.id: one._letter_pdf(one._letter_page(one._letter_day())) for one in others
            }
        else:
            # What was read is let go before: a page takes long, and the jobs wait for nobody's.
            pages = others._pages_now()
            letters |= {one.id: one._letter_pdf(pages[one.id]) for one in others}
        return {id: letters[id] for id in self.ids}

    def _pages_now(self):
        """Return what the letters would say now, by id of the reminder.

        :raises UserError: if one of them cannot be printed, with the reason
        """
        self._check_user_may()
        found = {}

        def say_now(reminder):
            found[reminder.id] = reminder._page_now()

        # sudo: what it would say is read whole, as the jobs do; the right was checked.
        me = trusted(self)
        with taken_back(me.env) as env:
            mine = me.with_env(env)
            refused = mine._refusals(say_now)
        if len(refused) == len(self) == 1:
            raise UserError(next(iter(refused.values())))
        if refused:
            named = [self._of_reminder(id, words) for id, words in refused.items()]
            raise UserError("\n".join(self._shown(named)))
        return found

    def _of_reminder(self, id, words):
        return say(self.env, "of_reminder", reminder=self.browse(id).name, problem=words)

    def _page_now(self):
        """Return the page of a letter as it would go out now; the reminder is changed by it.

        One that is to be e-mailed says that it was not, one that failed or came back is there to be
        posted; but a final notice only as it was approved. What was sent without a letter has no
        other than a copy.

        :raises UserError: if it would not
        """
        self._refuse_elsewhere()
        if self._is_to_go_out():
            self._bring_up_to_date()
        if not self._open_lines():
            raise UserError(say(self.env, "no_letter", reminder=self.name))
        return self._letter_page(self._letter_day(), self._letter_note())

    def _is_to_go_out(self):
        """Say whether it is still to reach somebody, also another way than the one that failed."""
        return self.state in UNFINISHED and not self._is_frozen()

    def _letter_note(self):
        """Return what stands above a page that is not the letter that went out: `_paper_note`."""
        if not self._is_to_go_out():
            return "copy"
        waits = self.to_send and self.state == Reminder.ISSUED
        unread = self.state == Reminder.TO_APPROVE or (self.is_final and self._unfit())
        return "draft" if waits or unread else None

    def _refuse_many_letters(self):
        """Refuse more letters than are made at once, and none.

        :raises UserError: with how many
        """
        if not self:
            raise UserError(self.env._("Choose reminders to print."))
        if len(self) > MOST_PRINTED:
            raise UserError(
                self.env._("At most %s letters are printed at once: choose fewer.", MOST_PRINTED)
            )


class IrActionsReport(models.Model):
    """The letter is an ordinary report, which is written by WeasyPrint instead of wkhtmltopdf."""

    _inherit = "ir.actions.report"

    def _upominky_letters(self, report_ref, ids):
        """Return the reminders whose letters are meant, None if it is another report."""
        ours = self.env.ref(REPORT, raise_if_not_found=False)
        # sudo: which report is meant is no secret.
        if not ours or self._get_report(report_ref).id != ours.sudo().id:
            return None
        return self.env["upominky.reminder"].browse(dict.fromkeys(ids or ()))

    # EXTENDS 'base'
    def _render_qweb_html(self, report_ref, docids, data=None):
        letters = self._upominky_letters(report_ref, docids)
        if letters is None:
            return super()._render_qweb_html(report_ref, docids, data)
        letters._refuse_many_letters()
        return "\n".join(letters._pages_now().values()).encode(), "html"

    # EXTENDS 'base'
    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        letters = self._upominky_letters(report_ref, res_ids)
        if letters is None:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        made = letters._print_letters()
        return {id: {"stream": BytesIO(pdf), "attachment": None} for id, pdf in made.items()}
