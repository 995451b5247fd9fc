import logging
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from ...core.events import RESEND
from ...core.plan import plan
from ...core.resend import plan_resend
from ..base.logs import log_problem
from ..base.said import first_line, parts_of, said, say
from ..base.transactions import again, attempt, commit, start_again

_logger = logging.getLogger(__name__)

CHUNK = 500


class UpominkyGenerate(models.AbstractModel):
    """Job 1: read the customers of a chunk, decide, create their reminders, commit."""

    _name = "upominky.generate"
    _description = "Automatic Generation of Reminders"
    _inherit = ["upominky.writer"]

    @api.model
    def _cron_generate(self):
        """Issue what people asked for, then what is due today, in every company."""
        try:
            self._go_through_companies()
        except Exception as problem:
            start_again(self.env)
            self.env["upominky.run"]._note_crash("generate", problem, "issuing_broken_off")
            raise
        self.env["upominky.kept"]._refresh()

    def _go_through_companies(self):
        companies = self.env["res.company"].search([])
        asked = [
            (run.company_id, partial(self._go_on_by_hand_in, run))
            for run in self.env["upominky.run"]._asked_to_issue(companies)
        ]
        for company, turn in [*asked, *((company, self._generate_in) for company in companies)]:
            if not self._take_turn(company, turn):
                self.env.ref("upominky_addon.cron_generate")._trigger()
                return

    def _generate_in(self, company):
        if company._upominky_is_off():
            return True
        return self.with_company(company)._generate(company)

    def _go_on_by_hand_in(self, run, company):
        return self.with_company(company)._go_on_by_hand(run)

    def _take_turn(self, company, turn):
        """Let a company have its turn; an error ends this turn alone, with a sentence on its run.

        :param turn: called with the company; says whether it came to the end in its time
        """
        try:
            return turn(company)
        except Exception as error:
            problem = error
            start_again(self.env)
            log_problem(_logger, problem, "Issuing for company %s was broken off", company.id)
            attempt(self.env, partial(self._break_off, company, problem))
            self.env["upominky.run"]._tell_trouble(company)
            return True

    def _break_off(self, company, problem):
        """Close the company's runs with a sentence about what broke them off."""
        Run = self.env["upominky.run"]
        run = Run._issuing(company)[:1]
        if not run:
            run = Run.create(
                {
                    "company_id": company.id,
                    "kind": "generate",
                    "date": company._upominky_today(),
                }
            )
        run._add_error(say(self.env, "issuing_broken_off", problem=first_line(problem)))
        run.state = "dead"

    @api.model
    def _generate(self, company):
        """Issue what is due today in one company.

        :return: whether it came to the end in the time it had
        """
        run = self._open_run(company)
        facts = self.env["upominky.reader"]._facts(company, run.date)
        self._list_customers(run, facts)
        left = run._remaining()
        while left:
            if company._upominky_is_off():  # since: the run waits, as if stopped
                return True
            done, left = self._step(run, facts)
            if not self._commit(done, left):
                return not left
        run.write({"state": "done", "customer_ids": False, "place": 0})
        self._commit(0, 0)
        self._end(run)
        return True

    def _end(self, run):
        """Tell what a run of job 1 did: the log, and people where something went wrong."""
        run._log_end(failed=len(parts_of(run.error)))
        run._tell_trouble(run.company_id)

    def _open_run(self, company):
        """Go on with today's run, or open one; it is committed before its list is made."""
        today = company._upominky_today()
        run = self.env["upominky.run"]._unfinished(company, today)
        if not run:
            run = run.create({"company_id": company.id, "kind": "generate", "date": today})
            self._commit(0, 1)
        return run

    def _list_customers(self, run, facts):
        """Write down whom a new run is to go through."""
        if run.customer_ids:
            return
        if facts.has_filters:
            self.env["upominky.rule"]._remember_in(run.company_id)
        customers = self.env["upominky.reader"]._candidates(run.company_id, facts)
        run.customer_ids = [c for c in customers if not facts.company.stop(c)]
        self._commit(0, run._remaining())

    def _commit(self, processed, remaining):
        """Make the chunk durable and say whether there is time for another one."""
        return commit(self.env, processed, remaining)

    # ---------------------------------------------------------------- chunk

    def _step(self, run, facts):
        """Issue the reminders of the next customers; one bad customer does not stop the others.

        :return: how many customers were gone through, and how many are left
        """

        def take():
            with self.env.cr.savepoint():
                return self._take(run, facts, self._issue_all)

        try:
            return again(self.env, take)
        except Exception as problem:
            log_problem(_logger, problem, "Run %s: a chunk failed, going on one by one", run.id)
        return self._take(run, facts, self._one_by_one)

    def _take(self, run, facts, issue):
        """Take the next customers under the run's lock, so that no worker skips or doubles any."""
        customers, left = run._take(CHUNK)
        # A rule that was archived or changed since the last chunk issues nothing by what it was.
        facts = self.env["upominky.reader"]._facts_now(run.company_id, facts)
        issue(run, customers, facts)
        return len(customers), left

    def _one_by_one(self, run, customers, facts=None, by_hand=None):
        """After a failed chunk, issue customer by customer and note whose turn failed."""
        for customer_id in customers:
            try:
                with self.env.cr.savepoint():
                    if by_hand is None:
                        self._issue_all(run, [customer_id], facts)
                    else:
                        self._issue(run, [customer_id], by_hand)
            except Exception as problem:
                log_problem(_logger, problem, "Run %s: customer %s failed", run.id, customer_id)
                name = self.env["res.partner"].browse(customer_id).display_name
                run._add_error(self._failed_text(name, problem))

    def _failed_text(self, name, problem):
        """Say why a customer got no reminder; a refusal says itself what is to be done."""
        if isinstance(problem, UserError):
            return say(self.env, "of_customer", customer=name, problem=said(problem))
        return say(self.env, "customer_failed", customer=name, problem=first_line(problem))

    def _issue_all(self, run, customer_ids, facts=None):
        """Do what is due for some customers, or what a person chose of theirs."""
        if run.item_ids:  # a person chose what is to be issued
            self._issue(run, customer_ids, run.item_ids, facts)
            return
        facts = facts or self.env["upominky.reader"]._facts(run.company_id, run.date)
        self._issue_due(run, customer_ids, facts)

    def _issue_due(self, run, customer_ids, facts):
        """Do what is due for some customers, event by event: the door for add-ons.

        :param Facts facts: what was read about the company
        """
        self._issue(run, customer_ids, facts=facts)
        self._resend(run, customer_ids, facts=facts)

    def _issue(self, run, customer_ids, by_hand=None, facts=None):
        """Decide about some customers and create their reminders.

        :param by_hand: ids of receivables that a person chose, None for the job
        :param Facts facts: what was read about the company already
        :return: the reminders
        """
        reader = self.env["upominky.reader"]
        facts = facts or reader._facts(run.company_id, run.date)
        customers = reader._customers(run.company_id, customer_ids, facts=facts)
        chosen = None if by_hand is None else frozenset(by_hand)
        wanted = [
            (customer, reminder)
            for customer in customers.values()
            for reminder in plan(customer, facts.company, chosen).reminders
        ]
        return self._create(run, wanted, by_hand is not None, facts)

    def _resend(self, run, customer_ids, by_hand=False, only=None, facts=None):
        """Issue summaries of what customers were reminded of and have not paid.

        :param only: ids of receivables that a person chose, None for all that were mailed
        :return: the reminders
        """
        reader = self.env["upominky.reader"]
        # The rule ships inactive: by hand it serves all the same.
        facts = facts or reader._facts(run.company_id, run.date, archived=by_hand)
        wanted = self._summaries(run, customer_ids, by_hand, only, facts)
        if not by_hand:  # who sends by hand holds them already
            self.env["res.partner"].browse(customer.id for customer, _ in wanted)._upominky_lock()
        return self._create(run, wanted, by_hand, facts, RESEND.code)

    def _summaries(self, run, customer_ids, by_hand, only, facts):
        """Decide which customers get a summary, and of what; takes what :meth:`_resend` takes.

        :return: core customers, each with its core reminder
        """
        reader = self.env["upominky.reader"]
        customers = self._covered(run, customer_ids, RESEND.code, facts)
        if not customers:
            return []
        mailed, last = reader._mailed(run.company_id, list(customers))
        mailed = mailed if only is None else mailed & set(only)
        wanted = []
        for customer in customers.values():
            day = last.get(customer.id)
            summary, _code = plan_resend(customer, facts.company, mailed, day, by_hand)
            wanted += [(customer, summary)] if summary else []
        return wanted

    def _covered(self, run, customer_ids, event, facts):
        """Return those customers whom a rule of an event covers, with that rule.

        :param str event: code of the event
        :rtype: dict[int, core.plan.Customer]
        """
        reader = self.env["upominky.reader"]
        rules = reader._rules(run.company_id, customer_ids, event, facts)
        return self._with_rules(run, rules, facts)

    def _with_rules(self, run, rules, facts):
        """Return those customers that have a rule, with it, as far as they owe anything.

        :param dict rules: the rule by customer, as the core knows it
        :rtype: dict[int, core.plan.Customer]
        """
        ids = [customer_id for customer_id, rule in rules.items() if rule]
        if not ids:
            return {}
        reader = self.env["upominky.reader"]
        return reader._customers(run.company_id, ids, rules=rules, facts=facts)
