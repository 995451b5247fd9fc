from itertools import chain

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .context import are_ids
from .names import as_given

#: What PostgreSQL keeps in an integer column.
MOST = 2**31 - 1
#: Kinds of fields of which nothing is a value: zero, or no.
NUMBERS = ("integer", "float", "monetary", "boolean")
#: What is looked at in a value, by the type of its field.
CHECKS = {
    "integer": ("_check_kind", "_check_size"),
    "float": ("_check_kind",),
    "monetary": ("_check_kind",),
    "date": ("_check_characters", "_check_kind"),
    "datetime": ("_check_characters", "_check_kind"),
    "char": ("_check_characters", "_check_kind"),
    "text": ("_check_characters", "_check_kind"),
    "html": ("_check_characters",),
    "selection": ("_check_characters", "_check_kind"),
    "many2one": ("_check_link",),
    "one2many": ("_check_commands",),
    "many2many": ("_check_commands",),
}


def given_links(model, values):
    """Yield what values lead to, those of rows within them included.

    :param model: whose fields have the values
    :param dict values: as forms and contexts give them: ids, commands, lists of either
    :return: pairs of a field and of the records that it leads to
    """
    for name, value in values.items():
        field = model._fields.get(name)
        if not field or not field.relational or not value:
            continue
        there = model.env[field.comodel_name]
        if field.type == "many2one":
            yield field, there.browse(_ids([value.get("id") if isinstance(value, dict) else value]))
            continue
        for command in value if isinstance(value, list | tuple) else ():
            yield field, there.browse(_ids([command]))
            if isinstance(command, list | tuple):
                yield from _linked_by(field, there, command)


def _linked_by(field, there, command):
    """Yield what one command of an x2many field leads to, as :func:`given_links` does."""
    kind, given, more = (*command, None, None)[:3] if command else (None, None, None)
    if kind in (Command.CREATE, Command.UPDATE) and isinstance(more, dict):
        yield from given_links(there, more)
    if kind in (Command.UPDATE, Command.LINK):
        yield field, there.browse(_ids([given]))
    elif kind == Command.SET and isinstance(more, list | tuple):
        yield field, there.browse(_ids(more))


def is_command(given):
    """Say whether something is an id of a record, or a command of an x2many field.

    >>> is_command(7), is_command((6, 0, [7])), is_command("x"), is_command([4, "x"])
    (True, True, False, False)
    """
    if not isinstance(given, list | tuple):
        return are_ids([given])
    kind, first, more = (*given, None, None, None)[:3]
    if kind == Command.SET:
        return isinstance(more, list | tuple) and are_ids(more)
    if kind in (Command.CREATE, Command.UPDATE):
        return isinstance(more, dict)
    return kind == Command.CLEAR or (kind in tuple(Command) and are_ids([first]))


def _ids(given):
    """Return those of some values that are ids of records."""
    return [value for value in given if isinstance(value, int) and not isinstance(value, bool)]


class UpominkyInput(models.AbstractModel):
    """What people enter: said in a sentence where the database would only stop.

    Links lead only to what the person who sets them may read: Odoo asks for no right to the record
    at the other end, and shows its name.
    """

    _name = "upominky.input"
    _description = "Checked Input"
    _inherit = ["upominky.context"]

    # EXTENDS 'base'
    @api.model
    def default_get(self, fields):
        """Check what a caller's context gives as defaults like what is entered."""
        self._check_values(self._defaults_of(self._name))
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_values(self._defaults_of(self._name))
        for vals in vals_list:
            self._check_values(vals)
            self._check_required(vals, self._must())
        records = super().create(vals_list)
        for record, vals in zip(records, vals_list, strict=True):
            record._check_links([*vals, *self._defaults_of(self._name)], {})
        return records

    def write(self, vals):
        self._check_values(vals)
        self._check_required(vals, self._must() & vals.keys())
        before = self._links(vals)
        result = super().write(vals)
        self._check_links(vals, before)
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Check translations as the text that they translate.

        :raises UserError: naming the field
        """
        if not isinstance(translations, dict):
            raise UserError(self.env._("Translations are given as a text for each language."))
        for texts in translations.values():
            for text in [*texts, *texts.values()] if isinstance(texts, dict) else [texts]:
                if text and not isinstance(text, str):
                    raise UserError(
                        self.env._("Translations are given as a text for each language.")
                    )
                self._check_values({field_name: text})
        return super().update_field_translations(field_name, translations, source_lang)

    # EXTENDS 'web'
    def onchange(self, values, field_names, fields_spec):
        """Refuse links to what the caller may not read, before anything is computed from them.

        Odoo gives back the names of all that a form that is being filled in leads to.

        :raises AccessError: naming the field
        """
        self._check_given(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_given(self, values):
        """Refuse values and defaults that lead to records which the caller may not read.

        :param dict values: of fields, as a form has them
        """
        if self.env.su:
            return
        before = self._links(values)
        rows = [field.comodel_name for field in self._fields.values() if field.type == "one2many"]
        defaults = [given_links(self.env[name], self._defaults_of(name)) for name in rows]
        defaults.append(given_links(self, self._defaults_of(self._name)))
        for field, linked in chain(given_links(self, values), *defaults):
            mine = field.model_name == self._name
            stay = before.get(field.name, linked.browse()) if mine else linked.browse()
            self._check_readable(field, linked - stay)

    def _defaults_of(self, model):
        """Return what the caller's context gives as defaults to the fields of a model."""
        context, names = self.env.context, self.env[model]._fields
        return {name: context[f"default_{name}"] for name in names if f"default_{name}" in context}

    def _check_readable(self, field, linked):
        """Refuse a link to records that the user may not read, in words that name none of them.

        :raises AccessError: naming the field
        """
        linked = linked.sudo(False)
        if linked - linked._filtered_access("read"):
            # sudo: the label of a field is no secret.
            labels = self.env[field.model_name].sudo()
            raise AccessError(
                self.env._(
                    "You may not read what you chose in “%s”. Choose something else.",
                    labels.fields_get([field.name], ["string"])[field.name]["string"],
                )
            )

    @api.model
    def _check_values(self, vals):
        """Refuse what no column takes.

        :raises UserError: naming the field
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            for check in CHECKS.get(field and field.type, ()):
                getattr(self, check)(field, value)

    @api.model
    def _must(self):
        """Return the names of fields that the database does not leave empty."""
        return {
            name
            for name, field in self._fields.items()
            if field.required and field.store and not field.compute and field.type not in NUMBERS
        }

    @api.model
    def _check_required(self, vals, names):
        """Refuse to leave a field empty that has no default.

        :param names: of the fields that are written, or all that must be when a record is made
        :raises ValidationError: naming the document and the field
        """
        unsaid = names - vals.keys()
        given = {**(self.default_get(list(unsaid)) if unsaid else {}), **vals}
        for name in sorted(names):
            value = given.get(name)
            if not (value.strip() if isinstance(value, str) else value):
                raise ValidationError(
                    self.env._(
                        "%(document)s: “%(field)s” is missing. Fill it in.",
                        document=self.env["ir.model"]._get(self._name).name,
                        field=self._label_of(name),
                    )
                )

    @api.model
    def _check_kind(self, field, value):
        """Refuse a text where a number or a date is kept, and the like."""
        try:
            field.convert_to_cache(value, self.browse())
        except (TypeError, ValueError, OverflowError) as error:
            raise self._refusal(field, value) from error

    @api.model
    def _check_link(self, field, value):
        """Refuse what is no record where one is linked."""
        if value and not isinstance(value, models.BaseModel | dict) and not are_ids([value]):
            raise self._refusal(field, value)

    @api.model
    def _check_commands(self, field, value):
        """Refuse what are no records where some are linked."""
        if not value or isinstance(value, models.BaseModel):
            return
        if not (isinstance(value, list | tuple) and all(map(is_command, value))):
            raise self._refusal(field, value)

    @api.model
    def _refusal(self, field, value):
        """Return the error of what cannot be entered in a field."""
        return UserError(
            self.env._(
                "“%(value)s” cannot be entered in “%(field)s”.",
                value=as_given(value),
                field=self._label_of(field.name),
            )
        )

    @api.model
    def _check_size(self, field, value):
        """Refuse a number that is too large for its column."""
        if isinstance(value, int) and abs(value) > MOST:
            raise UserError(
                self.env._("The number in “%s” is too large.", self._label_of(field.name))
            )

    @api.model
    def _check_characters(self, field, value):
        """Refuse the one character that PostgreSQL does not keep in a text."""
        if isinstance(value, str) and "\0" in value:
            raise UserError(
                self.env._(
                    "“%s” has a character in it that cannot be kept (NUL). Type it anew.",
                    self._label_of(field.name),
                )
            )

    @api.model
    def _label_of(self, name):
        return self.fields_get([name], ["string"]).get(name, {}).get("string", name)

    def _links(self, names):
        """Return what these records are linked to, by the name of the field.

        :param names: of the fields that are written
        """
        if self.env.su:
            return {}
        # sudo: what the links lead to is looked at in order to ask for the user's right to it.
        mine = self.sudo().with_context(active_test=False)
        fields = {name: self._fields[name] for name in names if name in self._fields}
        return {
            name: mine[name]
            for name, field in fields.items()
            if field.store and field.type in ("many2one", "many2many")
        }

    def _check_links(self, names, before):
        """Refuse new links to records that the user may not read; others' links may stay.

        :param names: of the fields that were written
        :param dict before: what :meth:`_links` returned before that
        :raises AccessError: for the first of them
        """
        for name, linked in self._links(names).items():
            added = linked - before.get(name, linked.browse())
            self._check_readable(self._fields[name], added)
