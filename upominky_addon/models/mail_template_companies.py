from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .letters.queries import COPY_LANGUAGES, COPY_TEXTS, NOTE_SOURCE
from .mail_template import PLAIN, TRANSLATED

OURS = "upominky_addon."
#: Whose a template is and what it comes from: written by the program alone.
ORIGIN = ("upominky_company_id", "upominky_default_id", "upominky_source_hash")


class MailTemplate(models.Model):
    """Each company writes its own reminders: what one changes is not another one's text.

    The templates that the add-on brings are what companies begin with; each gets copies of them.
    """

    _inherit = "mail.template"

    upominky_company_id = fields.Many2one(
        "res.company",
        string="Company of Reminders",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Whose payment reminders this template was made for.",
    )
    upominky_default_id = fields.Many2one(
        "mail.template",
        string="Default Template",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The template of the add-on that this one is a company's copy of: it can be reset to "
        "that text, and as long as it was not changed it learns new languages from it. Empty for a "
        "text of one's own.",
    )
    upominky_source_hash = fields.Char(
        readonly=True, copy=False, help="By which a text that was not changed is known."
    )

    # ----------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Give a reminder's template to the company of whoever makes it; nobody chooses another.

        :raises AccessError: if a caller names a company, or what it is a copy of
        """
        templates = super().create(vals_list)
        if not self.env.su:
            # sudo: whose a template is, is written by the program alone.
            if any(template[name] for template in templates.sudo() for name in ORIGIN):
                raise AccessError(
                    self.env._("Whose a template is, is not to be chosen: “Use a Copy” sets it.")
                )
            # sudo: as above, whose a template is.
            templates._upominky_ours().sudo().upominky_company_id = self.env.company
        return templates

    def write(self, vals):
        if not self.env.su and vals.keys() & set(ORIGIN):
            raise AccessError(
                self.env._("Whose a template is, is not to be chosen: “Use a Copy” sets it.")
            )
        return super().write(vals)

    # ----------------------------------------------------------- who relies

    def _upominky_relied_on(self):
        """Return those of these templates that others rely on: other companies, or all new ones."""
        # sudo: which companies use a template decides about the right to it.
        levels = self.env["upominky.level"].sudo().with_context(active_test=False)
        elsewhere = ("rule_id.company_id", "not in", self.env.user.company_ids.ids)
        used = levels.search([("mail_template_id", "in", self.ids), elsewhere]).mail_template_id
        return self & (used.with_env(self.env) | self._upominky_defaults())

    def _upominky_defaults(self):
        """Return those of these templates that the add-on brought along."""
        # sudo: where a template comes from is no secret.
        names = self.sudo().get_external_id()
        return self.filtered(lambda template: names.get(template.id, "").startswith(OURS))

    @api.model
    def _upominky_left_by(self, companies):
        """Return the templates made for companies that no level of another one uses.

        Asked when the companies' own levels are gone.
        """
        # sudo: whoever may delete a company takes away what it was set up with.
        templates = self.sudo().with_context(active_test=False)
        own = templates.search([("upominky_company_id", "in", companies.ids)])
        # sudo: a level of another company keeps the template.
        levels = self.env["upominky.level"].sudo()
        return own - levels.search([("mail_template_id", "in", own.ids)]).mail_template_id

    # ---------------------------------------------------------------- copies

    def _upominky_for(self, company):
        """Return what says the same in the name of a company: this one if it is its own.

        :param res.company company: whose levels are to use it
        :rtype: mail.template
        """
        if not self or self._upominky_is_of(company):
            return self
        return (self.upominky_default_id or self)._upominky_copy_for(company)

    def _upominky_is_of(self, company):
        """Say whether a template is a company's own: made for it, or used by no other one."""
        if self.upominky_company_id or self._upominky_defaults():
            return self.upominky_company_id == company
        # sudo: whether others use the template decides whose it is, and none is named.
        levels = self.env["upominky.level"].sudo().with_context(active_test=False)
        elsewhere = ("rule_id.company_id", "!=", company.id)
        return not levels.search_count([("mail_template_id", "=", self.id), elsewhere], limit=1)

    def _upominky_copy_for(self, company):
        """Return the company's own copy of a template: the one that it has, else a new one.

        :param res.company company: whose levels are to use it
        """
        self.ensure_one()
        # sudo: whoever makes a level, its company gets a text of its own.
        return self._upominky_copy_of(company) or self.sudo()._upominky_new_copy(company)

    def _upominky_copy_of(self, company):
        """Return the copy of a template that a company has, none if it has none."""
        # sudo: which template is whose copy is no secret.
        templates = self.sudo().with_context(active_test=False)
        mine = [
            ("model", "=", templates.model),
            ("upominky_company_id", "=", company.id),
            ("upominky_default_id", "=", self.id),
            ("active", "=", templates.active),  # an archived one sends nothing
        ]
        return templates.search(mine, order="id", limit=1)

    def _upominky_new_copy(self, company):
        """Return a copy that says in every language what this template says now."""
        # Texts follow as they are: Odoo would try those of a copy on a reminder, and might refuse.
        texts = {"name": self.name, "subject": False, "body_html": False}
        copy = self.copy({**texts, "email_layout_xmlid": self.email_layout_xmlid})
        default = self if self._upominky_defaults() else self.upominky_default_id
        copy.write({"upominky_company_id": company.id, "upominky_default_id": default.id})
        self._upominky_copy_texts(copy)
        return copy

    def _upominky_copy_texts(self, copy):
        """Write all languages of this template's texts into a copy of it."""
        self.flush_recordset()
        copy.flush_recordset()
        self.env.cr.execute(SQL(COPY_TEXTS, original=self.id, copy=copy.id))
        copy.invalidate_recordset([*TRANSLATED, "upominky_source_hash"])

    def _upominky_learn_languages(self):
        """Give companies' copies the languages that their defaults have learnt since."""
        self.flush_model()
        learnt = self.browse(row[0] for row in self.env.execute_query(SQL(COPY_LANGUAGES)))
        learnt.invalidate_recordset(TRANSLATED)

    def _upominky_reset(self):
        """Bring a company's copy back to what the add-on brought, in every language.

        An administrator may have changed the default itself, so it is reset as well, for a moment.
        """
        default = self.upominky_default_id
        with self.env.cr.savepoint() as savepoint:
            default.reset_template()
            default.flush_recordset()
            texts = self._upominky_texts(default)
            plain = {name: default[name] for name in (*PLAIN, "email_layout_xmlid")}
            savepoint.rollback()
        self.env.invalidate_all()
        sets = SQL(", ").join(
            SQL("%s = %s::jsonb", SQL.identifier(name), text) for name, text in texts.items()
        )
        self.env.cr.execute(SQL("UPDATE mail_template SET %s WHERE id = %s", sets, self.id))
        self.env.cr.execute(SQL(NOTE_SOURCE, self.id))
        self.invalidate_recordset()
        self.write({**plain, "active": True})

    def _upominky_texts(self, template):
        """Return the texts of a template as the database has them, with all languages."""
        columns = SQL(", ").join(SQL("%s::text", SQL.identifier(name)) for name in TRANSLATED)
        query = SQL("SELECT %s FROM mail_template WHERE id = %s", columns, template.id)
        return dict(zip(TRANSLATED, self.env.execute_query(query)[0], strict=True))


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    # EXTENDS 'base'
    def _update_translations(self, filter_lang=None, overwrite=False):
        """Let companies' templates learn a language that is activated, as the defaults do."""
        result = super()._update_translations(filter_lang, overwrite)
        self.env["mail.template"]._upominky_learn_languages()
        return result
