from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.upominky_addon.core.reasons import Code, Reason, register
from odoo.addons.upominky_addon.core.schedule import Stop
from odoo.addons.upominky_addon.models.base.said import say
from odoo.addons.upominky_addon.models.base.sentences import SENTENCES

_lt = LazyTranslate(__name__)

COMPLAINT = "complaint"
LABEL = _lt("A complaint is open")
register(Reason(COMPLAINT, LABEL, untouchable=True, dropped=LABEL), before=Code.ON_HOLD)
SENTENCES["complaint_of"] = _lt("The complaint of %(day)s is open.")


class AccountMove(models.Model):
    _inherit = "account.move"

    complaint_date = fields.Date()


class UpominkyReader(models.AbstractModel):
    _inherit = "upominky.reader"

    # EXTENDS 'upominky_addon'
    def _stops(self, company, rows):
        found = super()._stops(company, rows)
        # sudo: what stops a reminder does, whoever issues it.
        moves = self.env["account.move"].sudo().browse({row["move_id"] for row in rows})
        open_ones = set(moves.filtered("complaint_date").ids)
        for row in rows:
            if row["move_id"] in open_ones:
                found[row["id"]] = (*found.get(row["id"], ()), Stop(COMPLAINT))
        return found


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _cancel_for_complaint(self, day):
        self._cancel(say(self.env, "complaint_of", day=day))
