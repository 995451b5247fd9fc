from odoo import api, models
from odoo.exceptions import UserError, ValidationError

#: What PostgreSQL keeps in an integer column.
MOST = 2**31 - 1
#: Kinds of fields that take plain values.
KINDS = ("integer", "float", "monetary", "date", "datetime", "char", "text", "selection")
#: Kinds of fields of which nothing is a value: zero, or no.
NUMBERS = ("integer", "float", "monetary", "boolean")


class UpominkyInput(models.AbstractModel):
    """What people enter: said in a sentence where the database would only stop.

    Links lead only to what the person who sets them may read: Odoo asks for no right to the record
    at the other end, and shows its name.
    """

    _name = "upominky.input"
    _description = "Checked Input"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
            self._check_required(vals, self._must())
        records = super().create(vals_list)
        for record, vals in zip(records, vals_list, strict=True):
            record._check_links([*vals, *self._defaulted()], {})
        return records

    def write(self, vals):
        self._check_values(vals)
        self._check_required(vals, self._must() & vals.keys())
        before = self._links(vals)
        result = super().write(vals)
        self._check_links(vals, before)
        return result

    @api.model
    def _check_values(self, vals):
        """Refuse what no column takes.

        :raises UserError: naming the field
        """
        for name, value in vals.items():
            self._check_kind(name, value)
            if isinstance(value, str) and "\0" in value:
                raise UserError(
                    self.env._(
                        "“%s” has a character in it that cannot be kept (NUL). Type it anew.",
                        self._label_of(name),
                    )
                )
            is_whole = name in self._fields and self._fields[name].type == "integer"
            if is_whole and isinstance(value, int) and abs(value) > MOST:
                raise UserError(
                    self.env._("The number in “%s” is too large.", self._label_of(name))
                )

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
    def _check_kind(self, name, value):
        """Refuse a text where a number or a date is kept, and the like."""
        field = self._fields.get(name)
        if not field or field.type not in KINDS:
            return
        try:
            field.convert_to_cache(value, self.browse())
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._(
                    "“%(value)s” cannot be entered in “%(field)s”.",
                    value=str(value)[:50],
                    field=self._label_of(name),
                )
            ) from error

    @api.model
    def _label_of(self, name):
        return self.fields_get([name], ["string"]).get(name, {}).get("string", name)

    def _defaulted(self):
        """Return the names of fields that the caller's context gives a value."""
        prefix = "default_"
        return [key[len(prefix) :] for key in self.env.context if key.startswith(prefix)]

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
            (linked - before.get(name, linked.browse())).sudo(False).check_access("read")
