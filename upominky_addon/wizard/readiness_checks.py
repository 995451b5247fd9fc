import smtplib
import ssl
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.base.dates import moment_text

#: A job that should have run so long ago has no scheduler that runs it.
LATE = timedelta(hours=1)


class UpominkyReadiness(models.TransientModel):
    """The conditions that lie outside the books: the mail server and the jobs."""

    _inherit = "upominky.readiness"

    # --------------------------------------------------------- 1 mail server

    @api.model
    def _connect_error(self, server, address):
        """Return what is wrong with a mail server and what to do, None if it works.

        :param address: the one that reminders would leave from; whoever looks may have none
        """
        if not address:
            return self.env._(
                "The outgoing mail server “%s” could not be tried: there is no address to write "
                "from. Enter the e-mail address of the company.",
                server.name,
            )
        try:
            server.with_context(upominky_test_from=address).test_smtp_connection()
        except UserError as error:
            return self._server_text(server, error)
        return None

    def _server_text(self, server, error):
        """Return a sentence about what a mail server did, with the words that it came from last.

        :param UserError error: Odoo's own, which knows what caused it
        """
        cause = error.__cause__
        words = {"server": server.name, "words": " ".join(str(error).split())}
        if isinstance(cause, smtplib.SMTPResponseException):
            answer = cause.smtp_error
            answer = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
            words["words"] = " ".join(f"{cause.smtp_code} {answer}".split())
        if isinstance(cause, smtplib.SMTPAuthenticationError):
            return self.env._(
                "The outgoing mail server “%(server)s” does not accept the user name or the "
                "password: enter them anew there, and test the connection. Its words: %(words)s",
                **words,
            )
        if isinstance(cause, ssl.SSLError):
            return self.env._(
                "The outgoing mail server “%(server)s” could not be spoken to in safety: choose "
                "another encryption there, or have its certificate renewed. Its words: %(words)s",
                **words,
            )
        if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException):
            return self.env._(
                "The outgoing mail server “%(server)s” cannot be reached: check its name, port "
                "and encryption. What came of it: %(words)s",
                **words,
            )
        return self.env._(
            "The outgoing mail server “%(server)s” takes no messages: check its settings, or ask "
            "who runs it. Its words: %(words)s",
            **words,
        )

    # ---------------------------------------------------------------- 2 jobs

    def _check_jobs(self):
        off, late, failing, planned = [], [], [], []
        field = self.env["upominky.settings.job"]._fields["job"]
        for xmlid, name in field._description_selection(self.env):
            job = self.env.ref(f"upominky_addon.{xmlid}")
            if not job.active:
                off.append(name)
            elif job.nextcall < fields.Datetime.now() - LATE:
                late.append(name)
            if job.failure_count:
                failing.append(self._failing_text(name, job))
            planned.append(f"{name} {moment_text(self.env, self._next_call(job))}")
        if off:
            return "missing", self.env._(
                "Switched off: %s. Switch it on in the settings.", ", ".join(off)
            )
        if failing:
            return "missing", " ".join(failing)
        if late:
            return "missing", self.env._(
                "Should have run by now: %s. The program's scheduler is not running, or is busy.",
                ", ".join(late),
            )
        return "done", self.env._("Next runs: %s.", ", ".join(planned))

    def _failing_text(self, name, job):
        return self.env._(
            "“%(job)s” failed as a whole, times in a row: %(count)s, the last time %(when)s. What "
            "was to be done then was not; the server's log says why.",
            job=name,
            count=job.failure_count,
            when=moment_text(self.env, job.lastcall),
        )

    def _check_runs(self):
        """Say what the jobs could not do, until it was read or done after all."""
        runs = self.env["upominky.run"]._troubles(self.company_id)
        if not runs:
            return "done", self.env._("No run went wrong, or somebody has read what did.")
        state = "missing" if "dead" in runs.mapped("state") else "note"
        return state, " ".join(run._trouble_text() for run in runs)

    def _next_call(self, job):
        """Return when a job runs next: also before its turn, where it asked to be called."""
        called = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", job.id), ("call_at", ">", fields.Datetime.now())],
            order="call_at",
            limit=1,
        )
        return min(called.call_at or job.nextcall, job.nextcall)
