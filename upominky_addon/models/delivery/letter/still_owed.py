from collections import defaultdict
from decimal import Decimal

from odoo import models

from ....core.lifecycle import ON_PAPER, Reminder, mode_stops
from ....core.recheck import Left, asks_for_more
from ...base.said import Label, lines, say
from ...base.trusted import trusted


class UpominkyDelivery(models.Model):
    """What people should know of letters whose amounts stay as they are, before they post them."""

    _inherit = "upominky.delivery"

    def _still_owed_texts(self):
        """Return what speaks against posting letters as the books are now, of a page at once.

        :rtype: dict[upominky.delivery, str]
        """
        letters = self.filtered(lambda letter: letter.state in ON_PAPER)
        # sudo: what is owed is read whole, as by the jobs; who reads the letter may know it.
        reminders = trusted(letters.reminder_id)
        told = reminders.filtered(lambda r: r.state != Reminder.CANCELLED and r._is_fixed())
        texts = told._still_owed_texts()
        return {
            letter: texts[letter.reminder_id.id]
            for letter in letters
            if letter.reminder_id.id in texts
        }


class UpominkyReminder(models.Model):
    """Whether what a reminder said, or its printed letter says, is still owed."""

    _inherit = "upominky.reminder"

    def _still_owed_texts(self):
        """Return what speaks against posting the letters of reminders, by id.

        Nothing of them is written.
        """
        later = self._later_texts()
        texts = {}
        for company, mine in self.grouped("company_id").items():
            for reminder, result, by_item, _today in mine._read_anew(company):
                found = (
                    reminder._stop_text(),
                    reminder._less_text(result, by_item),
                    later.get(reminder.id),
                    reminder._address_text(result.kept),
                )
                if words := lines(self.env, *filter(None, found)):
                    texts[reminder.id] = " ".join(words.splitlines())
        return texts

    def _stop_text(self):
        """Return why the company's mode keeps a letter from going out, None if it does not."""
        company = self.company_id
        is_pilot = self.partner_id in company._upominky_pilots()
        no = mode_stops(company._upominky_effective_mode(), is_pilot)
        return no and self._no_text(no)

    def _less_text(self, result, by_item):
        """Return why a reminder asks for more than may be asked for now, None if it does not.

        :param core.recheck.Rechecked result: what the core decides of it now
        :param dict by_item: its open lines by receivable
        """
        whys = {by_item[item]: why for item, why in result.why.items() if item in by_item}
        if result.reason == "below_minimum":
            return say(self.env, "below_the_minimum")
        if whys and set(whys.values()) == {Left.PAID} and len(whys) == len(self._open_lines()):
            return say(self.env, "asks_what_is_paid")
        gone = self._gone_texts(whys)
        if result.reason:
            return lines(self.env, say(self.env, "asks_for_nothing"), *gone)
        if gone or not self._asks_for_more(result, by_item):
            return lines(self.env, *gone) or None
        return say(self.env, "asks_for_more")

    def _gone_texts(self, whys):
        """Return a sentence for each reason for which lines may not be asked for any more.

        :param dict whys: the reason by line
        """
        alike = defaultdict(self.line_ids.browse)
        for line, why in whys.items():
            alike[str(why)] |= line
        label = "upominky.reminder.line", "drop_reason"
        return [
            say(self.env, "dropped", reason=Label(*label, why), invoices=mine._invoice_names())
            for why, mine in alike.items()
        ]

    def _asks_for_more(self, result, by_item):
        """Say whether it asks for more than is left to pay now."""
        if not result.kept:  # of an event that asks for nothing
            return False
        if len(by_item) < len(self._open_lines()):
            return True
        asked = {item: Decimal(str(line.amount_due)) for item, line in by_item.items()}
        used = defaultdict(Decimal)
        for credit in self.credit_ids:
            used[credit.currency_id.id] += Decimal(str(credit.amount))
        return asks_for_more(asked, used, result)

    def _later_texts(self):
        """Return which later reminder asks for the same, by id of those that one does."""
        items = self._open_lines().move_line_id
        counted = self.env["upominky.reminder.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("counted", "=", True),
                ("reminder_id.state", "!=", "cancelled"),
            ],
            order="level_order",
        )
        last = {line.move_line_id.id: line for line in counted}
        texts = {}
        for line in self._open_lines():
            later = last.get(line.move_line_id.id)
            if later and later.level_order > line.level_order:
                name = later.reminder_id.name
                texts[line.reminder_id.id] = say(self.env, "later_asks", reminder=name)
        return texts

    # EXTENDS 'upominky.reminder'
    def _why_withheld(self, result, by_item):
        """Keep an e-mail back that would ask for more than is owed, while nobody was told it yet.

        Amounts that only a printed letter fixed are nobody's yet; those that were mailed stay.
        """
        if why := super()._why_withheld(result, by_item):
            return why
        if self._is_known() or not self._asks_for_more(result, by_item):
            return None
        return say(self.env, "printed_asks_for_more")
