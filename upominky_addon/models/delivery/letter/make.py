import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.ir_qweb import QWebError

from ....core import file_names
from ...base.logs import log_problem
from ...base.said import first_line, say
from ...letters import pdf
from ...letters.letter import Batch
from ...letters.pdf import NoRendererError, TooSlowError, missing, write_pdf

_logger = logging.getLogger(__name__)


class UpominkyLevel(models.Model):
    _inherit = "upominky.level"

    @api.constrains("attach_letter", "send_letter")
    def _check_attach_letter(self):
        """Refuse a level whose letters could not be made, where a person can see it."""
        for level in self.filtered(lambda level: level.attach_letter or level.send_letter):
            if words := missing():
                sentence = say(self.env, "level_no_renderer", level=level.name, error=words)
                raise ValidationError(sentence)


class UpominkyReminder(models.Model):
    """The letter of a reminder: the page that says what its message says, and the PDF of it."""

    _inherit = "upominky.reminder"

    def _letter_day(self):
        """Return the day that stands on the letter: when it was sent, else today."""
        return self.sent_date or self.company_id._upominky_today()

    def _letter_page(self, day, note=None):
        """Return the letter as a page in HTML, in the language of the reminder.

        There is one for all contacts, as one is kept.

        :param date day: the day that stands on it
        :param str note: what stands above it, of :meth:`_paper_note`
        :raises UserError: if it cannot be written
        :rtype: str
        """
        self.ensure_one()
        me = self.with_context(upominky_lang=False, upominky_batch=Batch())
        subject, body = me._render()[me.id]
        try:
            return me._paper_html(subject, body, day, note)
        except (psycopg2.Error, UserError):
            raise
        except Exception as error:
            log_problem(_logger, error, "The letter of reminder %s cannot be written", self.id)
            raise UserError(say(self.env, "letter_not_written", error=_cause(error))) from error

    def _letter_pdf(self, page):
        """Return a page as a PDF.

        :raises UserError: if it cannot be made
        :rtype: bytes
        """
        try:
            return write_pdf(page)
        except NoRendererError as error:
            raise UserError(say(self.env, "no_renderer", error=str(error))) from error
        except TooSlowError as error:
            seconds = pdf.MOST_SECONDS
            raise UserError(say(self.env, "letter_too_slow", seconds=seconds)) from error
        except Exception as error:
            log_problem(_logger, error, "The letter of reminder %s cannot be made", self.id)
            words = first_line(error)
            raise UserError(say(self.env, "letter_not_made", error=words)) from error

    def _letter_file_name(self):
        """Return what the file of the letter is called, in the language of its reader."""
        me = self.with_context(upominky_lang=False)._in_its_language()
        return file_names.of_letter(me.event_title or me.env._("Reminder"), self.name or "")


def _cause(error):
    """Return what is wrong with a template, and in which element of it.

    :param Exception error: what was raised when it was rendered
    """
    cause = error
    while cause and not isinstance(cause, QWebError):
        cause = cause.__cause__ or cause.__context__
    return f"{cause.qweb.error} ({cause.qweb.element})" if cause else first_line(error)
