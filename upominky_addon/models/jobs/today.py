from odoo import models

from ...core.events import NOTICE, THANKS
from ..base.trusted import trusted


class UpominkyGenerate(models.AbstractModel):
    """What notices and thanks job 1 would issue today, decided as it does; nothing is written."""

    _inherit = "upominky.generate"

    def _today_of(self, rule):
        """Return what a rule would issue today, also one that is switched off.

        :rtype: list[core.plan.Reminder]
        """
        company = rule.company_id
        here = self.with_company(company)
        reader = here.env["upominky.reader"]
        facts = reader._facts(company, company._upominky_today(), archived=True)
        run = here.env["upominky.run"].new({"company_id": company.id, "date": facts.company.today})
        planned = []
        if rule.event == NOTICE.code:
            planned = here._planned_notices(run, reader._untold(company, facts), facts)
        elif rule.event == THANKS.code:
            paid = reader._to_thank_for(company, None, facts)
            planned = here._planned_thanks(run, paid, facts)
        return [reminder for customer, reminder in planned if customer.rule.id == rule.id]


class UpominkyRule(models.Model):
    _inherit = "upominky.rule"

    def action_show_today(self):
        """Show the receivables that a rule of notices, or of thanks, would write about today."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        self.check_access("read")
        # sudo: it is decided as by the job; what is shown is read with the rights of who asks.
        found = trusted(self.env["upominky.generate"])._today_of(trusted(self))
        items = [line.receivable.id for reminder in found for line in reminder.lines]
        if not items:
            text = self.env._("“%s” would write to nobody today.", self.name)
            params = {"type": "info", "message": text}
            return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move.line",
            "name": self.env._("Today: %s", self.name),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", items)],
        }
