from odoo import models


class UpominkyGenerate(models.AbstractModel):
    _inherit = "upominky.generate"

    # EXTENDS 'upominky_addon'
    def _step(self, run, facts):
        """Run a chunk of job 1 as this program does, and note how many customers it had."""
        done, left = super()._step(run, facts)
        self.env["ir.config_parameter"].sudo().set_param("example.chunk", f"{done}/{left}")
        return done, left


class UpominkySend(models.AbstractModel):
    _inherit = "upominky.send"

    # EXTENDS 'upominky_addon'
    def _send_slice(self, worker, ids):
        """Run a slice of job 2 as this program does, and note how many reminders it had."""
        goes_on = super()._send_slice(worker, ids)
        self.env["ir.config_parameter"].sudo().set_param("example.slice", str(len(ids)))
        return goes_on
