from odoo import SUPERUSER_ID, Command, api, fields, models

from ..core.schedule import Hold

#: Who says that a customer gets no reminders, and sees it.
ACCOUNTING = (
    "account.group_account_invoice,account.group_account_readonly,upominky_addon.group_user"
)

#: What keeps a company's reminders from a customer.
HOLDS = ("upominky_excluded", "upominky_hold_until", "upominky_hold_reason")
#: A payment that was announced is on its way; a promise is of one that is still to be made.
HOLD_REASONS = [
    ("dispute", "Dispute"),
    ("announced", "Payment announced"),
    ("promise", "Promise to pay"),
    ("other", "Other"),
]


class ResPartner(models.Model):
    """Hold and exclusion of a customer, for each company: a dispute with one is none with another.

    Branches are companies of their own. What Odoo would do with such fields across companies, its
    tracking and its taking over of a parent's values, is done here for one company at a time.
    """

    _inherit = "res.partner"

    upominky_excluded = fields.Boolean(
        string="No Reminders",
        copy=False,
        company_dependent=True,
        groups=ACCOUNTING,
        help="This customer never gets a payment reminder of this company.",
    )
    upominky_hold_until = fields.Date(
        string="On Hold Until",
        copy=False,
        company_dependent=True,
        groups=ACCOUNTING,
        help="No reminder of this company is issued or sent up to and including this day; then it "
        "goes on by itself. A reason without a date holds until it is lifted.",
    )
    upominky_hold_reason = fields.Selection(
        HOLD_REASONS,
        string="Reason of Hold",
        copy=False,
        company_dependent=True,
        groups=ACCOUNTING,
    )

    # ----------------------------------------------------------------- CRUD

    def write(self, vals):
        names = [name for name in HOLDS if name in vals]
        if not names:
            return super().write(vals)
        # sudo: the history keeps what changed, whoever changed it.
        before = self.sudo()._upominky_holds(names)
        result = super().write(vals)
        # sudo: as above, the history is kept whoever writes.
        self.sudo()._upominky_trace(before)
        customers, company = self.commercial_partner_id, self.env.company
        domain = [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
        self.env["upominky.reminder"]._take_away(domain)
        return result

    # EXTENDS 'base'
    def _commercial_fields(self):
        # Odoo takes over a parent's values as superuser: by a detour through another parent anybody
        # could exclude a customer without a trace. So holds follow where the user may write them.
        # sudo: none; it is asked as the user.
        may_hold = self.sudo(False)._has_field_access(self._fields["upominky_excluded"], "write")
        return [*super()._commercial_fields(), *(HOLDS if may_hold else ())]

    # EXTENDS 'base'
    def _company_dependent_commercial_fields(self):
        # Odoo takes them over in all companies, also in those that are not the user's.
        found = super()._company_dependent_commercial_fields()
        return [name for name in found if name not in HOLDS]

    # EXTENDS 'base'
    def _company_dependent_commercial_sync(self):
        """Take over a parent's holds in the user's other companies; Odoo did so in the active one.

        In companies of others nothing changes: there as well the parent's holds count for what is
        invoiced to its contacts.
        """
        result = super()._company_dependent_commercial_sync()
        names = [name for name in self._commercial_fields() if name in HOLDS]
        for company in self._upominky_own_companies() - self.env.company if names else ():
            there = self.with_company(company)
            there.write(there.commercial_partner_id._convert_fields_to_values(names))
            there._commercial_sync_to_descendants(names)
        return result

    # -------------------------------------------------------------- business

    @api.model
    def _upominky_own_companies(self):
        """Return the user's companies; all are the program's own."""
        # sudo: which companies there are is asked for, to go through them.
        if self.env.uid == SUPERUSER_ID:
            return self.env["res.company"].sudo().with_context(active_test=False).search([])
        return self.env.user.company_ids

    def _upominky_hold(self):
        """Return the hold that the active company has on a customer.

        :rtype: core.schedule.Hold
        """
        return Hold(self.upominky_hold_until or None, self.upominky_hold_reason or None)

    def _upominky_held_past(self, until, reason):
        """Return whom the active company holds for longer than until a day, or for a reason."""
        new, today = Hold(until or None, reason or None), self.env.company._upominky_today()
        return self.filtered(lambda customer: customer._upominky_hold().outlasts(new, today))

    def _upominky_set_hold(self, hold):
        """Replace what the active company has on customers.

        :param core.schedule.Hold hold: an empty one lifts
        """
        self.write({"upominky_hold_until": hold.until, "upominky_hold_reason": hold.reason})

    def _upominky_holds(self, names=HOLDS):
        """Return the values of each contact in the active company."""
        return [{name: partner[name] for name in names} for partner in self]

    def _upominky_trace(self, before):
        """Log in each contact's history what changed since, and for which company.

        Odoo's own tracking compares the values of one company with those of another where a
        transaction writes in both, names neither, and shows each to all; and a caller's context can
        switch it off.

        :param before: of :meth:`_upominky_holds`
        """
        info = self.fields_get(HOLDS, ("string", "type", "selection"))
        for partner, old in zip(self, before, strict=True):
            values = [
                Command.create(partner._upominky_tracking(name, value, info[name]))
                for name, value in old.items()
                if partner[name] != value
            ]
            if values:
                # Whoever may not see the values, or works for another company, reads this alone:
                # a message without any text is shown to him as one that was removed.
                text = self.env._("Payment reminders: settings of the customer changed.")
                partner._message_log(body=text, tracking_value_ids=values)

    def _upominky_tracking(self, name, old, info):
        """Return the values of a row of the history; it tells its company by ``field_info``."""
        Value = self.env["mail.tracking.value"]
        told = {"name": name, "desc": info["string"], "type": info["type"]}
        return {
            **Value._create_tracking_values(old, self[name], name, info, self),
            "field_info": {**told, "company_id": self.env.company.id},
        }
