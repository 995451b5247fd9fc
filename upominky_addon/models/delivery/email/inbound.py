import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.tools import email_normalize

from ....core.mail_text import clean, header, is_automatic
from ....core.receipt import Reported, read_report
from ...base.logs import log_problem, where

_logger = logging.getLogger(__name__)
TRIES = 3
#: Characters of an address (RFC 5321, 4.5.3.1.3).
MAX_ADDRESS = 254


class MailThread(models.AbstractModel):
    """Reports about reminders (DSN, MDN, bounces), taken out before Odoo routes a message.

    Odoo takes every multipart/report for a bounce, also of a message that was delivered or read.
    """

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        # EXTENDS 'mail': a report with a broken part would be lost, its fields may be fine
        try:
            parsed = super().message_parse(message, save_original=save_original)
            # A database takes no NUL: the message would be lost in the search for its Message-ID.
            texts = {key: value for key, value in parsed.items() if isinstance(value, str)}
            return parsed | {key: text.replace("\0", "") for key, text in texts.items()}
        except (psycopg2.Error, TypeError):
            raise
        except Exception:
            if not self._upominky_find_reported(message)[0]:
                raise
            _logger.info("A report about a payment reminder has parts that cannot be read")
            return self._upominky_bare_parse(message)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        # EXTENDS 'mail'
        for attempt in range(1, TRIES + 1):
            try:
                if self._upominky_settle_report(message, message_dict):
                    return []
                break
            except psycopg2.errors.SerializationFailure:
                # The fetching job would lose the message. Its transaction holds this one only;
                # whoever else calls repeats its own.
                if attempt == TRIES or "default_fetchmail_server_id" not in self.env.context:
                    raise
                self.env.cr.rollback()
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS 'mail': who is away is no answer, see upominky.reminder.message_update
        here = self.with_context(upominky_automatic=is_automatic(message))
        return super(MailThread, here)._message_route_process(message, message_dict, routes)

    @api.model
    def _upominky_settle_report(self, message, message_dict):
        """Settle a report about a reminder.

        :return: whether the message is one; then nobody else has to do with it
        """
        delivery, report = self._upominky_find_reported(message)
        if not delivery:
            return False
        event = None
        with self._upominky_alone(delivery):
            event = delivery._receive(report, self._upominky_sender_of(message))
        if event == Reported.FAILED and message_dict.get("is_bounce"):
            with self._upominky_alone(delivery):  # Odoo counts it on the contact
                self._routing_handle_bounce(message, message_dict)
        return True

    @api.model
    def _upominky_sender_of(self, message):
        """Return the address that a message gives as its own, whatever name stands before it."""
        given = header(message, "From")
        return clean(email_normalize(given, strict=False) or given, MAX_ADDRESS)

    @contextmanager
    def _upominky_alone(self, delivery):
        """Let what goes wrong with a report end here: its sender may be anybody."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.Error:
            raise
        except Exception as problem:
            told = "A report about delivery %s could not be settled"
            log_problem(_logger, problem, told, delivery.id)

    @api.model
    def _upominky_find_reported(self, message):
        """Return the delivery that a message reports about, and the report, or nothing twice."""
        Delivery = self.env["upominky.delivery"]
        try:
            report = read_report(message)
        except Exception as problem:
            _logger.info("A message cannot be read as a report: %s", where(problem))
            report = None
        delivery = Delivery._find_reported(report) if report else Delivery
        lang = delivery.company_id.partner_id.lang or "en_US"
        return delivery.with_context(lang=lang), report

    @api.model
    def _upominky_bare_parse(self, message):
        """Return what :meth:`message_process` needs of a message that only ends here."""
        text = dict.fromkeys(
            ("email_from", "to", "cc", "recipients", "references", "in_reply_to"), ""
        )
        message_id = next((v for k, v in message.raw_items() if k.lower() == "message-id"), "")
        return {**text, "message_type": "email", "message_id": str(message_id).strip(), "body": ""}
