from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..models.base.names import some_names

NAMES_SHOWN = 5


class UpominkySendAgain(models.TransientModel):
    """Asks to whom reminders that were sent are to go once more."""

    _name = "upominky.send.again"
    _description = "Send Payment Reminders Again"
    _inherit = ["upominky.input"]

    reminder_ids = fields.Many2many("upominky.reminder", string="Reminders")
    who_has_it = fields.Char(string="Was Sent To", compute="_compute_who_has_it")
    is_of_one = fields.Boolean(compute="_compute_who_has_it", help="All are of one customer.")
    to = fields.Char(
        string="To Another Address", help="Empty: to the same addresses as the first time."
    )
    paid_text = fields.Text(compute="_compute_paid_text")
    is_done = fields.Boolean(readonly=True)
    # Kept when the window is opened and given back by the client, hence not readonly.
    known = fields.Json(
        compute="_compute_known",
        store=True,
        readonly=False,
        help="How often each was sent again when the window was opened.",
    )

    @api.depends("reminder_ids")
    def _compute_known(self):
        for wizard in self:
            reminders = wizard.reminder_ids._origin
            wizard.known = {
                str(reminder.id): reminder._repeats()[-1:].id or 0 for reminder in reminders
            }

    @api.depends("reminder_ids")
    def _compute_who_has_it(self):
        for wizard in self:
            reminders = wizard.reminder_ids
            deliveries = reminders.delivery_ids.filtered(lambda d: d.sent_at and not d.is_copy)
            addresses = list(dict.fromkeys(deliveries.sorted("id").mapped("email_to")))
            wizard.who_has_it = some_names(self.env, addresses[:NAMES_SHOWN], len(addresses))
            wizard.is_of_one = len(reminders.partner_id) <= 1

    @api.depends("reminder_ids")
    def _compute_paid_text(self):
        for wizard in self:
            less = wizard.reminder_ids.line_ids.filtered(_is_less)
            numbers = less.mapped("move_id.name")
            wizard.paid_text = bool(less) and self.env._(
                "Since it was sent something was paid or credited: %s. The message says what was "
                "left to pay at that time.",
                some_names(self.env, numbers[:NAMES_SHOWN], len(numbers)),
            )

    def action_confirm(self):
        """Send them; rights are those of the user on each of them.

        :raises UserError: if that was asked for already: who asks once more means it anew
        """
        self.ensure_one()
        self._refuse_done()
        return self.reminder_ids._send_again(self.to, self._known(), begin=self._begin)

    def _begin(self):
        """Keep, with what is queued, that it is: two clicks, or one after a lost answer, are one.

        What met somebody else's change is not: it is queued when Odoo runs the request again.
        """
        self._refuse_done()
        self.is_done = True

    def _refuse_done(self):
        if self.is_done:
            raise UserError(
                self.env._(
                    "This window was confirmed already. The history of the reminders tells what "
                    "was sent; to send them once more, open it anew."
                )
            )

    def _known(self):
        """Return what was known when the window was opened, without what a stranger wrote there."""
        known = self.known if isinstance(self.known, dict) else {}
        return {key: number for key, number in known.items() if isinstance(number, int)}


def _is_less(line):
    """Say whether less is left of a line than its reminder asks for."""
    if line.state != "open":
        return False
    digits = line.currency_id.decimal_places
    return float_compare(line.amount_today, line.amount_due, precision_digits=digits) < 0
