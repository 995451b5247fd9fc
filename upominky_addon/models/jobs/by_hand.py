import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ...core.events import RESEND
from ..base.logs import log_problem
from ..base.said import say

_logger = logging.getLogger(__name__)


class UpominkyGenerate(models.AbstractModel):
    """What people issue at once: chosen invoices or customers, whatever the dates say."""

    _inherit = "upominky.generate"

    @api.model
    def _issue_by_hand(self, company, customer_ids, item_ids):
        """Issue the next level of receivables that a person chose, within that person's request.

        :param customer_ids: whose receivables they are
        :return: the run, finished
        :raises UserError: if somebody else issues some of them at the same moment
        """
        today = company._upominky_today()
        run = self.env["upominky.run"].create(
            {"company_id": company.id, "kind": "hand", "date": today, "state": "done"}
        )
        try:
            with self.env.cr.savepoint():
                self._issue(run, customer_ids, item_ids)
        except psycopg2.errors.UniqueViolation as collision:
            raise UserError(
                self.env._(
                    "Somebody else, or the job, has just issued a reminder of these invoices. "
                    "Close this window and start again to see what is left."
                )
            ) from collision
        except psycopg2.OperationalError:
            raise  # Odoo runs the request again, on what is in the books now
        except Exception as problem:
            log_problem(_logger, problem, "Run %s: issuing one by one", run.id)
            self._one_by_one(run, customer_ids, by_hand=frozenset(item_ids))
        return run

    @api.model
    def _go_on_by_hand(self, run):
        """Issue what a person chose and left to job 1, from where it was stopped.

        :return: whether it came to the end in the time it had
        """
        if run.date != run.company_id._upominky_today():
            return self._end_by_hand(run, say(self.env, "day_was_over"))
        facts = self.env["upominky.reader"]._facts(run.company_id, run.date)
        left = run._remaining()
        while left:
            if run.company_id._upominky_is_off():
                company = run.company_id.name
                return self._end_by_hand(run, say(self.env, "off_meanwhile", company=company))
            done, left = self._step(run, facts)
            if not self._commit(done, left):
                return not left
        return self._end_by_hand(run)

    def _end_by_hand(self, run, sentence=None):
        """Close a run; with a sentence it was broken off, and the person chooses anew."""
        if sentence:
            run._add_error(sentence)
        state = "dead" if sentence else "done"
        run.write({"state": state, "customer_ids": False, "item_ids": False})
        self._commit(0, 0)
        self._end(run)
        return True

    @api.model
    def _resend_by_hand(self, company, customer_ids, items=None):
        """Issue summaries for customers now, whatever the days since their last mail.

        :param customer_ids: of commercial partners
        :param items: ids of receivables to keep to, None for all that were mailed
        :return: the reminders
        """
        generate = self.with_company(company)
        run = self.env["upominky.run"].create(
            {"company_id": company.id, "kind": "hand", "date": company._upominky_today()}
        )
        reminders = generate._resend(run, customer_ids, by_hand=True, only=items)
        run.state = "done"
        return reminders


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def action_upominky_resend(self):
        """Show the lists of unpaid invoices that customers of reminders would get."""
        self._check_user_may()
        chosen = [
            (company, mine.partner_id, None) for company, mine in self.grouped("company_id").items()
        ]
        return self.env["upominky.resend"]._open(chosen)

    @api.model
    def _lists_of(self, company, customer_ids):
        """Return how many lists of unpaid invoices customers were ever issued, by their ids."""
        domain = self._lists_domain(company, customer_ids)
        counted = self._read_group(domain, ["partner_id"], ["__count"])
        return {customer.id: count for customer, count in counted}

    @api.model
    def _lists_waiting(self, company, customer_ids):
        """Return the lists of customers that were issued and are not out yet."""
        pending = [("to_send", "=", True), ("state", "in", ("to_approve", "issued"))]
        return self.search([*self._lists_domain(company, customer_ids), *pending])

    @api.model
    def _lists_domain(self, company, customer_ids):
        return [
            ("company_id", "=", company.id),
            ("partner_id", "in", customer_ids),
            ("event", "=", RESEND.code),
        ]


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_upominky_resend(self):
        """Show the lists of unpaid invoices that these customers would get."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return self.env["upominky.resend"]._open([(self.env.company, self, None)])


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_upominky_resend(self):
        """Show the lists of these unpaid invoices, for each of their customers."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        chosen = [
            (company, mine.partner_id, mine.line_ids.ids)
            for company, mine in self.grouped("company_id").items()
        ]
        return self.env["upominky.resend"]._open(chosen)
