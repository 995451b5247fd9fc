from datetime import UTC, timedelta

from odoo import fields, models
from odoo.tools import config

from ...core.plan import plan
from ...core.reasons import Code
from ..base.dates import moment_text
from ..base.trusted import trusted

#: Of more customers the overview tells only how many may be due, not what is due: it opens at once.
DECIDED = 500


class UpominkyOverview(models.AbstractModel):
    """What the jobs did last and will do next, and what keeps them from it."""

    _inherit = "upominky.overview"

    def _mode(self, company):
        """Return the mode in words, and what is missing for reminders to go out."""
        # sudo: what is checked belongs to administrators; only sentences about it are told.
        checks = trusted(self.env["upominky.readiness"]).new({"company_id": company.id})
        _state, mode = checks._check_mode()
        found = [
            checks._check_jobs(),
            checks._check_rules(),
            checks._check_mode(),
            checks._check_address(),
        ]
        if company.upominky_bank_days:
            found.append(checks._check_bank())
        if company.upominky_calendar_id:
            found.append(checks._check_calendar())
        missing = [text for state, text in found if state == "missing"]
        if refused := company._upominky_mail_problem():
            missing.insert(0, refused)
        if not self._has_mail_server():
            missing.insert(0, self.env._("No outgoing mail server is set."))
        return {
            "mode": company._upominky_effective_mode(),
            "text": mode,
            "missing": missing,
            "troubles": self._troubles(company),
            "is_new": self._is_new(company),
        }

    def _is_new(self, company):
        """Say whether the company has yet to see its first reminder, and the user may lead it."""
        if not self.env.user.has_group("upominky_addon.group_manager"):
            return False
        domain = [("company_id", "=", company.id), ("state", "!=", "cancelled")]
        return not self.env["upominky.reminder"].search_count(domain, limit=1)

    def _has_mail_server(self):
        """Say whether a mail server is set; whether it works is asked on the readiness page."""
        # sudo: that there is one is no secret.
        servers = self.env["ir.mail_server"].sudo().search_count([], limit=1)
        return bool(servers) or config["smtp_server"] not in (None, False, "", "localhost")

    def _troubles(self, company):
        """Return what the jobs could not do, until it was read or done after all."""
        runs = self.env["upominky.run"]._troubles(company)
        return [{"id": run.id, "text": run._trouble_text()} for run in runs]

    def _last_run(self, company, kind):
        domain = [("company_id", "=", company.id), ("kind", "=", kind)]
        return self.env["upominky.run"].search(domain, limit=1)

    def _last_night(self, company):
        """Return the sending runs since the last issuing: one night, however many calls it took.

        Without an issuing on its day or the day before, those of the day of the last one.
        """
        last = self._last_run(company, "send")
        if not last:
            return last
        of_company = [("company_id", "=", company.id), ("id", "<", last.id)]
        day_before = last.date - timedelta(days=1)
        issuing = self.env["upominky.run"].search(
            [*of_company, ("kind", "=", "generate"), ("date", ">=", day_before)], limit=1
        )
        since = [("id", ">", issuing.id)] if issuing else [("date", "=", last.date)]
        return last | self.env["upominky.run"].search([*of_company, ("kind", "=", "send"), *since])

    def _last_runs(self, company):
        """Return what the last issuing did, and the night of the last sending."""
        issuing = self._last_run(company, "generate")
        sending = self._last_night(company)
        return {
            "issued": bool(issuing)
            and {
                "when": moment_text(self.env, issuing.create_date),
                "count": issuing.issued_count,
                "error": bool(issuing.error),
            },
            "sent": bool(sending)
            and {
                "when": moment_text(self.env, sending[-1].create_date),
                "count": sum(sending.mapped("sent_count")),
                "failed": sum(sending.mapped("failed_count")),
            },
        }

    def _next_run(self, company):
        """Return when job 1 runs next; what it would do then is :meth:`_next_figures`."""
        if not self._is_planned(company):
            return {"next": False}
        # sudo: when the job runs is no secret.
        job = self.env.ref("upominky_addon.cron_generate").sudo()
        return {"next": {"when": moment_text(self.env, job.nextcall)}}

    def _is_planned(self, company):
        """Say whether job 1 will issue anything for a company by itself."""
        # sudo: whether the job is on is no secret.
        job = self.env.ref("upominky_addon.cron_generate").sudo()
        return job.active and not company._upominky_is_off()

    def _next_day(self, company):
        """Return the company's calendar date at the next run of job 1; of a late one, today."""
        # sudo: when the job runs is no secret.
        job = self.env.ref("upominky_addon.cron_generate").sudo()
        moment = max(job.nextcall, fields.Datetime.now()).replace(tzinfo=UTC)
        return moment.astimezone(company._upominky_timezone()).date()

    def _next_figures(self, company, day):
        """Return what job 1 would issue on a day, by the code that it runs.

        :return: how many customers, reminders, and customers without an address; of more than
            :data:`DECIDED` customers only how many may be due
        """
        # sudo: what the job would do is read whole; only numbers are told.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        facts = reader._facts(company, day)
        found = reader._kept_customers(company, day)
        if found is None:
            found = reader._issuable(company, facts)
        found |= reader._waited(company, facts)
        candidates = sorted(c for c in found if not facts.company.stop(c))
        if len(candidates) > DECIDED:
            return {"customers": len(candidates), "reminders": None, "no_email": 0}
        customers = reader._customers(company, candidates, facts=facts)
        plans = [plan(customer, facts.company) for customer in customers.values()]
        issuing = [found for found in plans if found.reminders]
        return {
            "customers": len(issuing),
            "reminders": sum(len(found.reminders) for found in issuing),
            "no_email": sum(
                any(decision.code == Code.NO_EMAIL for decision in found.decisions.values())
                for found in issuing
            ),
        }
