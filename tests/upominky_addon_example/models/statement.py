from datetime import date, timedelta
from functools import partial

from odoo import Command, api, models
from odoo.tools import LazyTranslate

from odoo.addons.upominky_addon.core.events import Event, Since
from odoo.addons.upominky_addon.core.recheck import recheck
from odoo.addons.upominky_addon.core.resend import summarise
from odoo.addons.upominky_addon.core.schedule import later

_lt = LazyTranslate(__name__)

STATEMENT = "statement"


def whatever_is_owed(_receivable, _today):
    """Say what a statement may list: also what is not overdue."""
    return True


EVENT = Event(
    STATEMENT,
    _lt("Statement"),
    _lt("STATEMENT: all that is not paid, overdue or not"),
    raises=False,
    since=Since.OWN,
    one_level=True,
    title=_lt("Statement of account"),
    recheck=partial(recheck, asks=whatever_is_owed),
)


def plan_statement(customer, company, last):
    """Return the statement that a customer gets today, None if there is none.

    :param date last: when it got the last one
    """
    level = customer.rule.levels[0]
    if last and company.today < later(last, timedelta(days=level.days)):
        return None
    everything = [receivable.id for receivable in customer.receivables]
    statement, _code = summarise(customer, company, customer.receivables, everything)
    return statement


class UpominkyEvent(models.AbstractModel):
    _inherit = "upominky.event"

    # EXTENDS 'upominky_addon'
    @api.model
    def _rows(self):
        return (*super()._rows(), EVENT)


class UpominkyReader(models.AbstractModel):
    _inherit = "upominky.reader"

    # EXTENDS 'upominky_addon'
    @api.model
    def _candidates(self, company, facts):
        found = super()._candidates(company, facts)
        if not facts.rules(STATEMENT):
            return found
        return sorted({*found, *self._due_customers(company, date.max)})


class UpominkyGenerate(models.AbstractModel):
    _inherit = "upominky.generate"

    # EXTENDS 'upominky_addon'
    def _issue_due(self, run, customer_ids, facts):
        super()._issue_due(run, customer_ids, facts)
        customers = self._covered(run, customer_ids, STATEMENT, facts)
        last = self._last_statements(run.company_id, list(customers)) if customers else {}
        planned = (
            (customer, plan_statement(customer, facts.company, last.get(customer.id)))
            for customer in customers.values()
        )
        wanted = [(customer, statement) for customer, statement in planned if statement]
        self._create(run, wanted, False, facts, STATEMENT)

    def _last_statements(self, company, customer_ids):
        """Return the day of each customer's last statement, in one query."""
        groups = self.env["upominky.reminder"]._read_group(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", customer_ids),
                ("event", "=", STATEMENT),
                ("state", "!=", "cancelled"),
            ],
            ["partner_id"],
            ["issue_date:max"],
        )
        return {partner.id: day for partner, day in groups}


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    _statement_unique = models.UniqueIndex(
        "(company_id, partner_id, rule_id, issue_date) "
        "WHERE event = 'statement' AND is_merged IS NOT TRUE AND state != 'cancelled'",
        "A customer gets one statement a day.",
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    # EXTENDS 'upominky_addon'
    def _upominky_default_rules(self):
        level = {
            "name": self.env._("Statement of account"),
            "days_overdue": 30,
            "mail_template_id": self._upominky_template("mail_template_resend").id,
        }
        rule = {
            "name": self.env._("All customers: statement of account"),
            "company_id": self.id,
            "event": STATEMENT,
            "sequence": 100,
            "active": False,
            "level_ids": [Command.create(level)],
        }
        return [*super()._upominky_default_rules(), rule]
