from odoo import models

from ...core.lifecycle import Reminder


class UpominkyReminder(models.Model):
    """What was issued is charged: interest and costs are worked out, or what is missing is told."""

    _inherit = "upominky.reminder"

    def _charge_issued(self, run):
        """Work out interest and costs of what a run has just issued.

        What cannot be worked out stops nobody else: it is issued, fails with a sentence, and is
        told of on the run. What waits for approval goes on waiting.
        """
        self._work_out_charges(run.date)
        for sentence, mine in self.filtered("claim_error").grouped("claim_error").items():
            run._add_error(sentence)
            failing = mine.filtered(lambda r: r.to_send and r.state == Reminder.ISSUED)
            failing._set_state("failed", error=sentence, next_try=False)
            failing._message_log_batch(dict.fromkeys(failing.ids, sentence))
