from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..core.events import NOTICE
from ..core.notice import is_ahead, last_due
from ..core.resend import summarise
from ..models.base.trusted import trusted
from ..models.books.receivables import receivables

#: Days since the due date of what is thanked for in a preview.
SAMPLE_DAYS_LATE = 14


class UpominkyLevelPreview(models.TransientModel):
    """The message of a notice, of what will be due, and that of thanks."""

    _inherit = "upominky.level.preview"

    # EXTENDS 'upominky_addon'
    @api.model
    def _default_customer(self, level):
        """Return a customer who will owe something soon, for a notice; for thanks none."""
        if level.rule_id._event().demands:
            return super()._default_customer(level)
        customers = self.env["res.partner"]
        if level.event == NOTICE.code:
            ahead = [
                ("company_id", "=", level.company_id.id),
                ("date_maturity", ">=", level.company_id._upominky_today()),
                ("partner_id", "!=", False),
            ]
            # sudo: items are looked through as the job does; the one found is checked below.
            items = trusted(self.env["account.move.line"])
            first = items.search(Domain(ahead) & receivables(), order="date_maturity, id", limit=1)
            customers = customers.browse(first.partner_id.commercial_partner_id.ids)
        return customers._filtered_access("read")

    # EXTENDS 'upominky_addon'
    def _messages(self, level, customer, facts):
        if level.rule_id._event().demands:
            return super()._messages(level, customer, facts)
        if level.event != NOTICE.code:
            return ()  # what is paid is not among what is owed
        ahead = [item for item in customer.receivables if is_ahead(item, facts.today)]
        if not ahead:
            return ()
        # As far as its rule looks; where nothing is so near, what is due next.
        until = max(last_due(customer.rule.levels[0], facts.today), min(i.due for i in ahead))
        asked = [item for item in customer.receivables if item.due <= until]
        told = [item.id for item in ahead if item.due <= until]
        notice, _code = summarise(customer, facts, asked, told)
        return (notice,) if notice else ()

    # EXTENDS 'upominky_addon'
    def _made_up_text(self, level, partner):
        if level.rule_id._event().demands:
            return super()._made_up_text(level, partner)
        return self.env._(
            "Of %s there is nothing that this message could be about, so an invoice was made up.",
            partner.name,
        )

    # EXTENDS 'upominky_addon'
    def _sample_due(self, run, level):
        if level.rule_id._event().demands:
            return super()._sample_due(run, level)
        days = -level.days_overdue if level.event == NOTICE.code else -SAMPLE_DAYS_LATE
        return run.date + timedelta(days=days)
