from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.mail import unfold_references

#: Fields by which records of Odoo's say which document they are about.
ABOUT = ("model", "res_model")


class UpominkyThread(models.AbstractModel):
    """A mail thread that incoming mail adds replies to, and does nothing else with.

    Odoo's gateway is a public method that runs :meth:`message_new` and :meth:`message_update` past
    all rights: whoever may log in could make a record with values of their own by it.
    """

    _name = "upominky.thread"
    _description = "Thread That Takes Replies Only"
    _inherit = ["mail.thread", "upominky.context"]

    def _answers(self, message_dict):
        """Say whether a message replies to one of this record's own messages, by its Message-ID.

        :param dict message_dict: what :meth:`message_parse` read
        """
        references = message_dict.get("references") or message_dict.get("in_reply_to") or ""
        ids = [reference.strip() for reference in unfold_references(references)][-32:]
        # sudo: only whether there is such a message of this record, whoever fetches the mail.
        messages = self.env["mail.message"].sudo()
        domain = [("message_id", "in", ids), ("model", "=", self._name), ("res_id", "=", self.id)]
        return bool(self and ids and messages.search_count(domain, limit=1))

    # EXTENDS 'mail'
    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Refuse: neither an alias nor a caller of the gateway makes a record of ours.

        :raises AccessError: always
        """
        raise AccessError(self.env._("“%s” is not made by e-mail.", self._description))

    # EXTENDS 'mail'
    @api.private
    def message_update(self, msg_dict, update_vals=None):
        """Take a reply, and no values with it.

        :raises AccessError: if there are any
        """
        if update_vals:
            raise AccessError(self.env._("“%s” is not changed by e-mail.", self._description))
        return super().message_update(msg_dict)

    # The program itself tells people and moves messages by these; Odoo asks for no right in them,
    # so that over RPC any employee could write to whom he likes in the name of a foreign record.

    # EXTENDS 'mail'
    @api.private
    def message_notify(self, **kwargs):
        return super().message_notify(**kwargs)

    # EXTENDS 'mail'
    @api.private
    def message_mail_with_source(self, source_ref, **kwargs):
        return super().message_mail_with_source(source_ref, **kwargs)

    # EXTENDS 'mail'
    @api.private
    def message_post_with_source(self, source_ref, **kwargs):
        return super().message_post_with_source(source_ref, **kwargs)

    # EXTENDS 'mail'
    @api.private
    def message_change_thread(self, new_thread, new_parent_message=False):
        return super().message_change_thread(new_thread, new_parent_message)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # EXTENDS 'mail'
    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Lead to a record of ours what answers one of its messages, whatever the caller names."""
        model, thread_id = route[:2]
        ours = model and model in self.env and isinstance(self.env[model], self._upominky_threads())
        if ours and not self.env[model].browse(thread_id or ())._answers(message_dict):
            warning = self.env._("only replies to its messages are taken by %s", model)
            self._routing_warn(warning, message_dict["message_id"], route, raise_exception)
            return ()
        return super()._routing_check_route(message, message_dict, route, raise_exception)

    # EXTENDS 'mail'
    @api.model
    def message_process(self, model, message, custom_values=None, *others, **options):
        """Take no values that concern reminders, except from administrators.

        Odoo makes the record as superuser: by nested commands any employee would write everything,
        a reminder of another company too.

        :raises AccessError: naming the field
        """
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            name = model in self.env and self._upominky_concerned(self.env[model], custom_values)
            if name:
                raise AccessError(self.env._("“%s” is not to be set by e-mail.", name))
        return super().message_process(model, message, custom_values, *others, **options)

    @api.model
    def _upominky_concerned(self, model, values):
        """Return the name of a field by which values reach what is ours, None if none does.

        :param model: whose fields have the values
        :param dict values: of a record that is to be made or changed
        """
        for name, value in (values or {}).items():
            field = model._fields.get(name)
            if name.startswith("upominky_") or (
                name in ABOUT and str(value).startswith(("upominky.", "upominky_"))
            ):
                return name
            if not field or not field.relational:
                continue
            if field.comodel_name.startswith("upominky."):
                return name
            rows = [value] if field.type == "many2one" else value
            if self._upominky_commanded(field, rows):
                return name
        return None

    @api.model
    def _upominky_commanded(self, field, commands):
        """Say whether commands reach what is ours: in a row's values, or by a row itself."""
        there = self.env[field.comodel_name]
        for command in commands if isinstance(commands, list | tuple) else ():
            parts = command if isinstance(command, list | tuple) else [command]
            nested = [part for part in parts if isinstance(part, dict)]
            ids = [part for part in parts[1:] or parts if isinstance(part, int)]
            ids += [part for many in parts if isinstance(many, list | tuple) for part in many]
            if any(self._upominky_concerned(there, part) for part in nested):
                return True
            if self._upominky_is_about(there, ids):
                return True
        return False

    @api.model
    def _upominky_is_about(self, model, ids):
        """Say whether records are about records of ours, as messages and activities are."""
        # sudo: only what documents they are about, in order to refuse to change them.
        records = model.sudo().browse(i for i in ids if isinstance(i, int)).exists()
        about = [name for name in ABOUT if name in model._fields]
        return any(
            str(record[name]).startswith("upominky.") for record in records for name in about
        )

    # EXTENDS 'mail'
    def message_notify(self, *, model=False, res_id=False, **kwargs):
        """Ask for the right to a record of ours that a notification is to be about."""
        if isinstance(model, str) and model.startswith("upominky.") and model in self.env:
            self.env[model].browse(res_id or ()).check_access("read")
        return super().message_notify(model=model, res_id=res_id, **kwargs)

    @api.model
    def _upominky_threads(self):
        return self.env.registry["upominky.thread"]
