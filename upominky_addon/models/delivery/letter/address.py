from odoo import fields, models
from odoo.exceptions import UserError

from ....core.contacts import recipients, unique
from ....core.lifecycle import ACCEPTED, State
from ....core.recipient import EMAIL, LETTER, Recipient
from ....core.schedule import Level
from ...base.said import say


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    def _waiting_address_text(self):
        """Return that a letter that waits will have another address than the list has, if so."""
        transport = self.env["upominky.transport"]._of(LETTER)
        # sudo: the address stands on the letter, which the caller reads.
        now = transport._addresses(self.postal_partner_id.sudo())
        if not self.postal_partner_id or now == (self.email_to,):
            return False
        if not now:
            return transport._unreachable_text(self.reminder_id)
        return say(self.env, "letter_address_follows", address=now[0])


class UpominkyReminder(models.Model):
    """Letters go to the address of now (SPEC rule 17).

    What waits follows it when it is printed; of what was printed people are told before they post
    it.
    """

    _inherit = "upominky.reminder"

    letter_address = fields.Char(
        readonly=True, copy=False, help="The address in the window of the kept letter, in a line."
    )

    def _address_in_window(self):
        """Return the address that a letter that is made now has in its window, in a line."""
        transport = self.env["upominky.transport"]._of(LETTER)
        # sudo: whose address it is was found by the reader, whoever asks.
        return next(iter(transport._addresses(self._paper_receiver().sudo())), False)

    def _letter_recipients(self, receivables):
        """Return whom a letter about some receivables is for, as the books are now.

        :param receivables: core receivables
        :rtype: tuple[core.recipient.Recipient, ...]
        """
        by_post = Level(0, 0, 0, channels=(LETTER,))
        return unique(to for receivable in receivables for to in recipients(receivable, by_post))

    def _redirect_letters(self):
        """Let letters that wait of a reminder that somebody has follow the address of now.

        Those of one that nobody has follow it as its e-mails do.

        :raises UserError: if there is no address any more
        """
        for _me, own in self._own_receivables():
            wanted = self._letter_recipients(own)
            if not wanted:
                transport = self.env["upominky.transport"]._of(LETTER)
                raise UserError(transport._unreachable_text(self))
            keys = {recipient.key for recipient in wanted}
            stale = self._letters(State.TO_PRINT).filtered(
                lambda letter, keys=keys: letter._recipient().key not in keys
            )
            if stale:
                self._put_in_place(stale, Recipient(LETTER, wanted[0].address, stale[0].lang))

    def _put_in_place(self, letters, recipient):
        """Put a letter to another address in the place of those that wait."""
        is_repeat = all(letters.mapped("is_repeat"))
        letters._cancel_queued()
        self.other_recipients = [
            *(other for other in self.other_recipients or () if other[0] != LETTER),
            [recipient.channel, recipient.address, recipient.lang],
        ]
        (values,) = self._values_of([recipient])
        self.env["upominky.delivery"].create({**values, "is_repeat": is_repeat})

    def _address_text(self, receivables):
        """Return that the kept letter has another address than its reader has now, if so.

        :param receivables: core receivables that it asks for still
        """
        now = [recipient.address for recipient in self._letter_recipients(receivables)]
        if not now or not self._is_letter_out() or self.letter_address in (False, *now):
            return None
        anew = self.letter_for_post or not self._is_known(EMAIL)
        code = "address_changed" if anew and not self._letters(*ACCEPTED) else "address_on_envelope"
        return say(self.env, code, address=now[0])
