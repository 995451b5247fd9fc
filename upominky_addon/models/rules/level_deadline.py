from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Days that a reminder gives to pay, unless told.
DEADLINE_DAYS = 7
#: A deadline of more days than a year is a mistake.
MOST_DEADLINE_DAYS = 366


class UpominkyLevel(models.Model):
    """The time that a level gives to pay."""

    _inherit = "upominky.level"

    deadline_days = fields.Integer(
        string="Days to Pay",
        default=DEADLINE_DAYS,
        help="The message, the letter and the payment codes name the day by which to pay: so many "
        "days after the reminder is sent. The next level never comes before the day after it. "
        "0: no such day.",
    )

    @api.constrains("deadline_days")
    def _check_deadline_days(self):
        for level in self:
            if not 0 <= level.deadline_days <= MOST_DEADLINE_DAYS:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” would give %(days)s days to pay. Enter from 0, which names no "
                        "day, to %(most)s.",
                        level=level.name,
                        days=level.deadline_days,
                        most=MOST_DEADLINE_DAYS,
                    )
                )
