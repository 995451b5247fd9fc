from dataclasses import dataclass

from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.upominky_addon.core.delivery import ACCEPTED, Answer, Taken
from odoo.addons.upominky_addon.models.base.said import say
from odoo.addons.upominky_addon.models.base.sentences import SENTENCES
from odoo.addons.upominky_addon.models.delivery.delivery import stays
from odoo.addons.upominky_addon.models.delivery.transport import Outgoing

_lt = LazyTranslate(__name__)

PIGEON = "pigeon"
SENTENCES |= {
    "no_loft": _lt("%(customer)s has no dovecote. Enter one on the customer, then retry."),
    "no_flight": _lt("The pigeon does not fly: %(why)s."),
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    loft = fields.Char(string="Dovecote")


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    channel = fields.Selection(selection_add=[(PIGEON, "Pigeon")], ondelete={PIGEON: stays})


class UpominkyLevel(models.Model):
    _inherit = "upominky.level"

    send_pigeon = fields.Boolean()

    # EXTENDS 'upominky_addon'
    def _channels(self):
        return super()._channels() + ((PIGEON,) if self.send_pigeon else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingPigeon(Outgoing):
    """A pigeon with a slip of paper, ready to be let fly."""

    loft: str
    slip: str


class UpominkyTransportPigeon(models.AbstractModel):
    _name = "upominky.transport.pigeon"
    _inherit = ["upominky.transport"]
    _description = "Reminders by Pigeon"

    _channel = PIGEON

    def _addresses(self, partner):
        return (partner.loft,) if partner.loft else ()

    def _unreachable_text(self, reminder):
        return say(self.env, "no_loft", customer=reminder.partner_id.name)

    def _make(self, deliveries):
        return [
            OutgoingPigeon(
                delivery_id=delivery.id,
                reminder_id=delivery.reminder_id.id,
                loft=delivery.email_to,
                slip=delivery.reminder_id._table_as_text(),
            )
            for delivery in deliveries
        ]

    def _hand_over(self, message, line, worker):
        try:
            self._let_fly(message.loft, message.slip)
        except ValueError as error:
            return Answer(Taken.REFUSED, say(self.env, "no_flight", why=str(error)))
        except PermissionError as error:
            return Answer(Taken.SENDER_REFUSED, say(self.env, "no_flight", why=str(error)))
        except TimeoutError as error:
            return Answer(Taken.LATER, say(self.env, "no_flight", why=str(error)))
        return ACCEPTED

    def _as_sent(self, message):
        return {"subject": self.env._("Pigeon to %s", message.loft), "body": message.slip}

    def _let_fly(self, loft, slip):
        """Open the cage; tests look on."""
