from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.mail import unfold_references


class UpominkyThread(models.AbstractModel):
    """A mail thread that incoming mail adds replies to, and does nothing else with.

    Odoo's gateway is a public method that runs :meth:`message_new` and :meth:`message_update` past
    all rights: whoever may log in could make a record with values of their own by it.
    """

    _name = "upominky.thread"
    _description = "Thread That Takes Replies Only"
    _inherit = "mail.thread"

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

    @api.model
    def _upominky_threads(self):
        return self.env.registry["upominky.thread"]
