from odoo import api, models

from ...core import events
from .reason_words import in_words


class UpominkyEvent(models.AbstractModel):
    """The table of events, with the rows of the add-ons of this database."""

    _name = "upominky.event"
    _description = "What Reminders Are Issued For"

    @api.model
    def _rows(self):
        """Return the rows in their order: the door for add-ons, see `docs/extending.md`.

        :rtype: tuple[core.events.Event, ...]
        """
        return events.TABLE

    @api.model
    def _row(self, code):
        """Return the row of an event; one that raises nothing, if its add-on is gone.

        :rtype: core.events.Event
        """
        known = (event for event in self._rows() if event.code == code)
        return next(known, None) or events.unknown(code)

    @api.model
    def _raising(self):
        """Return the codes of the events whose lines raise a level."""
        return [event.code for event in self._rows() if event.raises]

    @api.model
    def _undemanding(self):
        """Return the codes of the events that ask for nothing that is late: no reminders."""
        return [event.code for event in self._rows() if not event.demands]

    @api.model
    def _labels(self):
        """Return what reminders are of, as a selection has it."""
        return [(event.code, in_words(self.env, event.label)) for event in self._rows()]

    @api.model
    def _rule_labels(self):
        """Return what rules do, as a selection has it."""
        return [(event.code, in_words(self.env, event.rule_label)) for event in self._rows()]

    @api.model
    def _label(self, code):
        """Return what reminders of an event are of."""
        return in_words(self.env, self._row(code).label)

    @api.model
    def _title(self, code):
        """Return what a message of an event is called, nothing where its level says it."""
        title = self._row(code).title
        return in_words(self.env, title) if title else ""
