from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.final_notice import LEAST_DAYS, USUAL_DAYS, is_too_short

#: What a final notice always has, whatever a person or a program says.
ALWAYS = {"requires_approval": True, "attach_letter": True}


class UpominkyLevel(models.Model):
    """A level whose reminder is the last one before a suit (SPEC rule 40)."""

    _inherit = "upominky.level"

    is_final = fields.Boolean(
        string="Final Notice",
        help="The last reminder before legal action. A person approves it, once all is there that "
        "it must contain: both parties with their numbers and seats, the claim and its ground, due "
        "date, account, variable symbol, and at least seven days to pay. Its letter goes with it, "
        "and nobody changes it once it is sent.",
    )

    @api.constrains("is_final", "deadline_days")
    def _check_final_deadline(self):
        for level in self.filtered("is_final"):
            if is_too_short(level.deadline_days):
                raise ValidationError(
                    self.env._(
                        "“%(level)s” is a final notice and gives %(days)s days to pay. Give at "
                        "least %(least)s.",
                        level=level.name,
                        days=level.deadline_days,
                        least=LEAST_DAYS,
                    )
                )

    @api.constrains("is_final", *ALWAYS)
    def _check_final(self):
        for level in self.filtered("is_final"):
            if not all(level[name] == value for name, value in ALWAYS.items()):
                raise ValidationError(
                    self.env._(
                        "“%s” is a final notice: it always needs approval, and its letter always "
                        "goes with it. Switch off that it is one first.",
                        level.name,
                    )
                )

    @api.onchange("is_final")
    def _onchange_is_final(self):
        if self.is_final:
            self.update(ALWAYS)
            self.deadline_days = max(self.deadline_days, USUAL_DAYS)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_final(vals, is_new=True) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_final(vals))

    @api.model
    def _with_final(self, vals, is_new=False):
        """Return values with what a final notice always has; days to pay of a new one are usual."""
        if not vals.get("is_final"):
            return vals
        usual = {"deadline_days": USUAL_DAYS} if is_new else {}
        return {**usual, **ALWAYS, **vals}
