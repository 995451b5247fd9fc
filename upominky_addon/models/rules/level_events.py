from odoo import api, models
from odoo.exceptions import ValidationError

from ...core.events import NOTICE, THANKS

#: What of a level asks for what is late; notices and thanks do not.
DEMANDS = ("interest", "flat_cost", "is_final")


class UpominkyLevel(models.Model):
    """Levels of notices and of thanks: their days, and what they do not ask for."""

    _inherit = "upominky.level"

    @api.constrains("days_overdue", "rule_id")
    def _check_days_of_event(self):
        for level in self:
            days = level.rule_id._event().days
            if days and not days[0] <= level.days_overdue <= days[1]:
                raise ValidationError(level._days_sentence(*days))

    def _days_sentence(self, least, most):
        """Return what is wrong with the days of a level whose event has days of its own.

        :param int least: that it may have
        :param int most: that it may have
        """
        words = {"level": self.name, "days": self.days_overdue, "least": least, "most": most}
        if self.rule_id.event == NOTICE.code:
            return self.env._(
                "“%(level)s” is a notice before the due date, and would come %(days)s days after "
                "it. Enter 0 for the due date itself, or a negative number: -3 for three days "
                "before; %(least)s at least.",
                **words,
            )
        if self.rule_id.event == THANKS.code:
            return self.env._(
                "“%(level)s” thanks for a payment: its days count from the payment, and it says "
                "%(days)s. Enter from %(least)s, the day of the payment, to %(most)s.",
                **words,
            )
        return self.env._(
            "“%(level)s” has %(days)s days. Enter from %(least)s to %(most)s.", **words
        )

    @api.constrains("rule_id", *DEMANDS)
    def _check_demands_nothing(self):
        for level in self:
            if not level.rule_id._event().demands and level._demands_anything():
                raise ValidationError(
                    self.env._(
                        "“%s” is no reminder: nothing is late that it could ask interest or costs "
                        "for, and it is no final notice. Switch those off.",
                        level.name,
                    )
                )

    def _demands_anything(self):
        return bool(self._charges()) or self.is_final

    @api.constrains("rule_id", "attach_letter", "send_letter")
    def _check_thanks_alone(self):
        for level in self:
            is_thanks = level.rule_id.event == THANKS.code
            if is_thanks and (level.attach_letter or level.send_letter):
                raise ValidationError(
                    self.env._(
                        "“%s” thanks for a payment: there is nothing to pay that a letter could "
                        "list. Send the message alone.",
                        level.name,
                    )
                )

    @api.constrains("rule_id", "mail_template_id", "send", "send_letter")
    def _check_has_message(self):
        """Refuse notices and thanks without words; reminders may wait for theirs, and fail."""
        for level in self:
            rule = level.rule_id
            is_mute = level._channels() and not level.mail_template_id
            if is_mute and rule.active and not rule._event().demands:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” of the rule “%(rule)s” has no message template, so nobody "
                        "could be written to. Choose a template, or archive the rule.",
                        level=level.name,
                        rule=rule.name,
                    )
                )
