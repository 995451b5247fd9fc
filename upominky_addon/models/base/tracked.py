"""The changes of many records, told in their histories at once.

Odoo tells them one record after the other: of a step with many that was three quarters of its time.
"""

from contextlib import suppress

from odoo.exceptions import MissingError

#: What Odoo asks of a field whose changes it tells.
ASKED = ("string", "type", "selection", "currency_field")


def told_together(records, names, initial, odoo, only=None):
    """Log changes of many in one batch, with what Odoo would have logged for each.

    Odoo itself logs what has an author, a text or a subtype of its own.

    :param names: of the fields that are tracked
    :param dict initial: the values before, by record id
    :param odoo: Odoo's ``_message_track``, which this stands in for
    :param only: of these fields alone; where others changed as well, Odoo tells all. None for all
    :return: what that returns
    """
    if len(records) == 1 or not names or _has_words_of_its_own(records):
        return odoo(names, initial)
    asked = records.fields_get(names, attributes=ASKED)
    tracking = {}
    for record_id, (changes, values) in _compared(records, asked, initial):
        if only is not None and not changes <= only:
            return odoo(names, initial)
        tracking[record_id] = changes, values
    changed = records.filtered(lambda record: any(tracking.get(record.id, ())))
    if any(_is_posted(record, tracking[record.id][0], initial[record.id]) for record in changed):
        return odoo(names, initial)
    if told := changed.filtered(lambda record: tracking[record.id][1]):
        _log(told, tracking)
    return tracking


def _compared(records, asked, initial):
    """Yield what changed of each record that is still there, as Odoo's ``_mail_track`` says it."""
    for record in records:
        with suppress(MissingError):
            yield record.id, record._mail_track(asked, initial[record.id])


def _log(changed, tracking):
    bodies = {
        record.id: record._track_get_default_log_message(tracking[record.id][0])
        for record in changed
    }
    messages = changed._message_log_batch(bodies)
    # sudo: as Odoo, which keeps the changes past the rights of whoever made them.
    changed.env["mail.tracking.value"].sudo().create(
        [
            {**values, "mail_message_id": message.id}
            for message, record in zip(messages, changed, strict=True)
            for _command, _id, values in tracking[record.id][1]
        ]
    )


def _has_words_of_its_own(records):
    """Say whether somebody gave a change an author or a text of its own."""
    data = records.env.cr.precommit.data
    kinds = ("message", "author")
    return any(data.get(f"mail.tracking.{kind}.{records._name}") for kind in kinds)


def _is_posted(record, changes, initial):
    """Say whether a change has a subtype, by which it is told to followers."""
    return bool(changes and record._track_subtype({name: initial[name] for name in changes}))
