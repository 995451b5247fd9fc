import logging

from odoo import models
from odoo.exceptions import UserError

from ...core.lifecycle import State
from ...core.recipient import EMAIL
from ..base.logs import log_problem
from ..base.said import say, words_of
from ..base.transactions import COLLISIONS, OF_DATABASE, attempt, start_again

_logger = logging.getLogger(__name__)


class UpominkyReminder(models.Model):
    """The files of the invoices of a reminder: which of them go along, and which are missing.

    As the letter they follow what the message says until somebody has it, or may have it; from
    then on everybody gets the same.
    """

    _inherit = "upominky.reminder"

    def _are_invoices_out(self):
        """Say whether somebody has the invoices that went with it, or may have them."""
        self.ensure_one()
        return bool(self.invoices_as) and (self._is_known(EMAIL) or self._came_back())

    def _came_back(self):
        """Say whether an e-mail of it was taken and came back.

        What it carried was sent all the same: the history tells of it, and a program may have it.
        """
        return self._is_in({State.BOUNCED}, EMAIL)

    def _files_again(self):
        """Return which of the files that went out go out once more: the very same bytes.

        Somebody else has them where the reminder stands as it was sent. Where nobody has them, it
        is read anew: it carries nothing of what is not asked for any more, and no file that says
        something else than the invoice does by now.

        :rtype: upominky.reminder.file
        """
        if self._is_known(EMAIL):
            return self.file_ids
        asked = self._own_invoices()
        return self.file_ids.filtered(
            lambda row: row.move_id in asked and row.attachment_id in row.move_id._upominky_files()
        )

    def _invoices_left_out(self):
        """Return the invoices that it asks for whose files are not what went out any more."""
        if not self._are_invoices_out() or self.invoices_as != "files":
            return self.env["account.move"]
        again = self._files_again()
        changed = (self.file_ids - again).move_id & self._own_invoices()
        return changed - again.move_id

    def _carries_invoices(self):
        """Say whether invoices go with its messages; with one that went out without, none later."""
        self.ensure_one()
        if self._are_invoices_out():
            return True
        return self.level_id.attach_invoices == "pdf" and not self._is_known(EMAIL)

    def _own_invoices(self):
        """Return the invoices that it asks for."""
        return self._asked_moves().filtered(lambda m: m.is_sale_document(include_receipts=True))

    def _other_entries(self):
        """Return what it asks for that is no invoice, and so has no file: opening entries."""
        return self._asked_moves() - self._own_invoices()

    def _asked_moves(self):
        return self._open_lines().move_id

    def _invoices_without_file(self):
        return self._own_invoices().filtered(lambda move: not move.invoice_pdf_report_id)

    def _is_e_mailed(self):
        """Say whether it goes to anybody by e-mail: no other way takes files along."""
        return any(recipient.channel == EMAIL for recipient in self._recipients())

    def _lack_files(self):
        """Return those that cannot go out before the job has made files of their invoices."""
        return self.filtered(
            lambda reminder: (
                reminder._carries_invoices()
                and not reminder._are_invoices_out()
                and reminder._is_e_mailed()
                and reminder._invoices_without_file()
            )
        )

    def _drop_files(self):
        """Forget files of invoices that nobody got."""
        if mine := self.filtered("invoices_as"):
            mine.file_ids.unlink()
            mine.invoices_as = False

    # EXTENDS 'upominky.reminder'
    def _mark_sent(self, day, way, number=None, proof=None):
        """Forget the files of a message that did not go out: this reminder went another way."""
        result = super()._mark_sent(day, way, number, proof)
        self.filtered(lambda r: r.invoices_as and not r._is_mailed())._drop_files()
        return result

    # EXTENDS 'upominky.reminder'
    def _cancel(self, reason, keep_counted=False):
        unmailed = self.filtered(lambda r: r.invoices_as and not r._are_invoices_out())
        unmailed.filtered(lambda r: not r._is_mailed())._drop_files()
        return super()._cancel(reason, keep_counted)


class UpominkySend(models.AbstractModel):
    """Files of invoices are made by job 2 between the messages of a slice, one after the other.

    A file takes a second: each is made in a transaction of its own, in which nothing is locked
    before it is there. Then its reminder is read and written anew.
    """

    _inherit = "upominky.send"

    def _with_files(self, worker, reminders):
        """Return the reminders whose files are there; the worker has the others made.

        One whose file could not be made fails.
        """
        lacking = reminders._lack_files()
        for reminder in lacking:
            moves = reminder._invoices_without_file()
            if problem := next(filter(None, map(worker.unmade.get, moves.ids)), None):
                self._fail_reminder(reminder, UserError(problem))
                worker.failed += 1
            else:
                worker.lacking.add(reminder.id)
        return reminders - lacking

    def _make_files(self, worker):
        """Make the files that reminders in hand lack.

        :return: ids of those reminders, and whether there is time for more
        """
        ids = sorted(worker.lacking)
        worker.lacking.clear()
        if self.env.context.get("upominky_by_hand"):  # nobody's request waits for files
            return [], True
        for reminder in self.env["upominky.reminder"].browse(ids):
            for move_id in reminder._invoices_without_file().ids:
                made = self._make_file(worker, move_id)
                if self._is_time_up():
                    return ids, False
                if not made:
                    break  # it fails whatever becomes of the others
        return ids, True

    def _make_file(self, worker, move_id):
        """Make the file of one invoice; why it cannot be made is noted with the worker.

        :return: whether its reminder may go on
        """
        invoice = self.env["account.move"].browse(move_id)
        try:
            attempt(self.env, invoice._upominky_make_pdf)
        except COLLISIONS:  # somebody else writes it time and again: it is read anew
            return True
        except OF_DATABASE:
            raise
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "The PDF of invoice %s cannot be made", move_id)
            words = {"invoice": invoice.name, "error": words_of(problem)}
            worker.unmade[move_id] = say(self.env, "invoice_pdf_not_made", **words)
            return False
        return True
