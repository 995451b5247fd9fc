"""What a caller's context may say to our records."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.models import fix_import_export_id_paths


def traced(records, vals, names):
    """Return records whose writing leaves a trace in their history, if it is of some fields.

    A caller's context may ask Odoo to leave none.

    :param names: of the fields
    """
    if records.env.su or not vals.keys() & set(names):
        return records
    return records.with_context(tracking_disable=False, mail_notrack=False)


def exported(records, names):
    """Return what Odoo exports of records, for those who need not be allowed all exports.

    :param names: paths of fields
    """
    return {"datas": records._export_rows([fix_import_export_id_paths(name) for name in names])}


class UpominkyContext(models.AbstractModel):
    """Records that say in a sentence what is wrong with the context of a call.

    All calls from outside come with one (``odoo.service.model.call_kw``), and Odoo would stop at
    some place or other where it expects a text or numbers.
    """

    _name = "upominky.context"
    _description = "Record With a Checked Context"

    # EXTENDS 'base'
    @api.private
    def with_context(self, ctx=None, /, **overrides):
        if ctx and not self.env.su:
            self._check_context(ctx)
        return super().with_context(ctx, **overrides)

    # EXTENDS 'base'
    def export_data(self, fields_to_export):
        # Whoever reads reminders may take their lists along; Odoo's right is to export everything.
        if self.env.user.has_group("upominky_addon.group_user"):
            return exported(self, fields_to_export)
        return super().export_data(fields_to_export)

    @api.model
    def _check_context(self, context):
        """Refuse a language that is no code, and companies that are no list of ids.

        :raises UserError: naming the key
        """
        lang, companies = context.get("lang"), context.get("allowed_company_ids")
        wrong = []
        if lang and not isinstance(lang, str):
            wrong.append("lang")
        if companies and not (isinstance(companies, list | tuple) and are_ids(companies)):
            wrong.append("allowed_company_ids")
        if wrong:
            raise UserError(
                self.env._("“%s” in the context of this call is not understood.", wrong[0])
            )


def are_ids(values):
    """Say whether values are ids of records.

    >>> are_ids([1, 2]), are_ids(["1"]), are_ids([True]), are_ids([[]])
    (True, False, False, False)
    """
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)
