"""Handing one message to an SMTP server, and what its answer means (RFC 5321)."""

import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum

from ....core.delivery import is_temporary
from ....core.mail_text import MAX_WORDS, clean
from ....core.receipt import dsn_options

#: How the body of DATA ends, which is sent in one piece.
FINAL_DOT = b"\r\n.\r\n"
ANSWERS = range(200, 600)
#: Answers that are about the login, whenever they come (RFC 4954, 6).
LOGIN_CODES = {530, 534, 535, 538}
ACCEPTING = range(200, 300)


class Trouble(Enum):
    """What the server's own words do not say."""

    CERTIFICATE = 1
    NOT_SMTP = 2
    LETTERS = 3
    MESSAGE = 4


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not accepted. ``uncertain`` when it may have been, all the same.

    ``in_session`` when no session could be opened.
    """

    code: int | None
    answer: str
    temporary: bool
    uncertain: bool = False
    trouble: Trouble | None = None
    in_session: bool = False

    def is_of_session(self):
        """Say whether the server refuses the sender, whatever the message.

        The login, the greeting, encryption that is not offered; or it asks for a login only when
        a message comes (RFC 4954, 6).
        """
        return not self.temporary and (self.in_session or self.code in LOGIN_CODES)

    def is_lost(self):
        """Say whether the conversation broke, so that nothing more can be read from it."""
        return self.code is None and (self.temporary or self.uncertain)


class Watch:
    """Watches a session for the body of DATA, before which a lost connection has sent nothing.

    Where the mail server is set up so, it asks for delivery reports as well (RFC 3461).
    """

    def __init__(self, session, delivery_receipt=False, read_receipt=False):
        self.body_begun = False
        self.used = False
        self.session = session
        self.read_receipt = read_receipt
        self.envelope_id = None
        if isinstance(session, smtplib.SMTP):
            self._send, session.send = session.send, self._watched_send
        # Only a real session has extensions: tests and other add-ons may put a stand-in here.
        self.asks = bool(
            delivery_receipt and hasattr(session, "has_extn") and session.has_extn("dsn")
        )
        if self.asks:
            self._send_message, session.send_message = session.send_message, self._ask_and_send

    def _ask_and_send(self, message, sender, recipients):
        """Send a message the way ``ir.mail_server`` does, and ask for a report about it.

        A message has one recipient, whose address ORCPT carries.
        """
        if not (self.asks and self.envelope_id):
            return self._send_message(message, sender, recipients)
        mail_options, rcpt_options = dsn_options(self.envelope_id, recipients[0])
        return self._send_message(message, sender, recipients, mail_options, rcpt_options)

    def _watched_send(self, data):
        if isinstance(data, bytes) and data.endswith(FINAL_DOT):
            self.body_begun = True
        self._send(data)

    def is_closed(self):
        """Say whether the server closed the connection after an earlier message."""
        return isinstance(self.session, smtplib.SMTP) and self.session.sock is None

    def start(self, envelope_id=None):
        """Forget the message before.

        :param str envelope_id: by which the next one is known in a delivery report; none: no
            report is asked for
        """
        self.body_begun = False
        self.envelope_id = envelope_id

    def leave(self):
        """Close a session whose answers cannot be relied on any more."""
        if isinstance(self.session, smtplib.SMTP):
            self.session.close()

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


def read_failure(error, body_begun=False):
    """Say what an exception of the SMTP conversation means for the message.

    :param Exception error: what was raised, wrapped or not
    :param bool body_begun: whether the message itself had begun to be handed over
    :return: None if the message was accepted all the same
    :rtype: Failure | None
    """
    cause = root_cause(error)
    code, answer, trouble = _answer(cause)
    if body_begun and code in ACCEPTING:  # smtplib takes 250 alone for a yes
        return None
    if code is not None and (code >= 400 or not body_begun):
        return Failure(code, answer, is_temporary(code))
    if body_begun:
        return Failure(None, answer, temporary=False, uncertain=True, trouble=trouble)
    lost = isinstance(cause, (smtplib.SMTPException, OSError)) and not isinstance(
        cause, smtplib.SMTPNotSupportedError
    )
    return Failure(None, answer, temporary=lost, trouble=trouble)


def _answer(cause):
    """Return the server's code and words, or None and the exception's words, and the trouble."""
    if isinstance(cause, smtplib.SMTPRecipientsRefused) and cause.recipients:
        return _checked(*next(iter(cause.recipients.values())))
    if isinstance(cause, smtplib.SMTPResponseException):
        return _checked(cause.smtp_code, cause.smtp_error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return None, clean(cause.verify_message, MAX_WORDS), Trouble.CERTIFICATE
    words = cause.strerror if isinstance(cause, OSError) else ""
    text = clean(words or str(cause) or cause.__class__.__name__, MAX_WORDS).rstrip(".")
    if isinstance(cause, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in text:
        return None, text, Trouble.LETTERS
    # What is neither the line's nor the server's lies in the message, which never left.
    mine = not isinstance(cause, (smtplib.SMTPException, OSError))
    return None, text, Trouble.MESSAGE if mine else None


def _checked(code, words):
    """Return an answer as a database takes it, and no code where it is none (RFC 5321, 4.2)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    text = clean(text, MAX_WORDS).rstrip(".")
    return (code, text, None) if code in ANSWERS else (None, text, Trouble.NOT_SMTP)
