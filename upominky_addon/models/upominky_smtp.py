"""Handing one message to an SMTP server, and what its answer means (RFC 5321)."""

import smtplib
import ssl
from dataclasses import dataclass

from ..core.delivery import is_temporary
from ..core.receipt import dsn_options

#: How the body of DATA ends: after it, the message may have been accepted.
FINAL_DOT = b"\r\n.\r\n"
ANSWERS = range(200, 600)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not accepted. ``uncertain`` when it may have been, all the same."""

    code: int | None
    answer: str
    temporary: bool
    uncertain: bool = False


class Watch:
    """Watches a session for the final dot, before which a lost connection has sent nothing.

    Where the mail server is set up so, it asks for delivery reports as well (RFC 3461).
    """

    def __init__(self, session, delivery_receipt=False, read_receipt=False):
        self.dot_sent = False
        self.used = False
        self.session = session
        self.read_receipt = read_receipt
        self.envelope_id = None
        if isinstance(session, smtplib.SMTP):
            self._send, session.send = session.send, self._watched_send
        # Only a real session has extensions: tests and other add-ons may put a stand-in here.
        if delivery_receipt and hasattr(session, "has_extn"):
            self._send_message, session.send_message = session.send_message, self._ask_and_send

    def _ask_and_send(self, message, sender, recipients):
        """Send a message the way ``ir.mail_server`` does, and ask for a report about it.

        A message has one recipient, whose address ORCPT carries.
        """
        if not self.envelope_id or not self.session.has_extn("dsn"):
            return self._send_message(message, sender, recipients)
        mail_options, rcpt_options = dsn_options(self.envelope_id, recipients[0])
        return self._send_message(message, sender, recipients, mail_options, rcpt_options)

    def _watched_send(self, data):
        self._send(data)
        if isinstance(data, bytes) and data.endswith(FINAL_DOT):
            self.dot_sent = True

    def is_closed(self):
        """Say whether the server closed the connection after an earlier message."""
        return isinstance(self.session, smtplib.SMTP) and self.session.sock is None

    def start(self, envelope_id=None):
        """Forget the message before.

        :param str envelope_id: by which the next one is known in a delivery report
        """
        self.dot_sent = False
        self.envelope_id = envelope_id

    def quit(self):
        """End the session; a server that has gone already is fine."""
        try:
            if self.session and not self.is_closed():
                self.session.quit()
        except (smtplib.SMTPException, OSError):
            return


def root_cause(error):
    """Return what lies under the exceptions that Odoo wraps around smtplib's."""
    while not isinstance(error, (smtplib.SMTPException, OSError)) and error.__context__:
        error = error.__context__
    return error


def read_failure(error, dot_sent=False):
    """Say what an exception of the SMTP conversation means for the message.

    :param Exception error: what was raised, wrapped or not
    :param bool dot_sent: whether the whole message had been handed over
    :rtype: Failure
    """
    cause = root_cause(error)
    code, answer = _answer(cause)
    if code is not None and code in ANSWERS:
        return Failure(code, answer, is_temporary(code))
    if dot_sent:
        return Failure(None, answer, temporary=False, uncertain=True)
    lost = isinstance(cause, (smtplib.SMTPException, OSError)) and not isinstance(
        cause, smtplib.SMTPNotSupportedError
    )
    return Failure(None, answer, temporary=lost)


def _answer(cause):
    """Return the server's code and words, or None and the exception's words."""
    if isinstance(cause, smtplib.SMTPRecipientsRefused) and cause.recipients:
        code, words = next(iter(cause.recipients.values()))
        return code, _decode(words)
    if isinstance(cause, smtplib.SMTPResponseException):
        return cause.smtp_code, _decode(cause.smtp_error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return None, f"its certificate is not valid ({cause.verify_message})"
    words = cause.strerror if isinstance(cause, OSError) else ""
    return None, words or str(cause) or cause.__class__.__name__


def _decode(words):
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(text.split())
