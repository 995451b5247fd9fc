import logging

import psycopg2

from odoo import api, fields, models
from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.logs import log_problem
from .conditions import OF_DOCUMENTS, asked, limits, parsed, within
from .queries import ARE_FINE, FOUND, LEAVE_OUT, LEFT_OUT, REMEMBER, REMEMBERED, found_by

_logger = logging.getLogger(__name__)

#: The model that each filter is about.
FILTERS = {"partner_domain": "res.partner", "exclude_domain": "account.move"}
WHOM, EXCLUDES = FILTERS
#: Characters of a filter: more are written by nobody.
MOST = 20_000
#: Fields of this program that follow from the rules themselves: to find by them would go round.
FOLLOWING = ("next_date", "upominky_next_date")
#: What rules of Odoo may limit reading by that filters are narrowed to anyway: see
#: :func:`conditions.within`.
SHARED = ("share", "partner_share")


def tidied(vals):
    """Return values with no filter where one has no condition.

    >>> tidied({"partner_domain": "[ ]", "name": "All"})
    {'partner_domain': False, 'name': 'All'}
    """
    return {
        name: False if name in FILTERS and _is_empty(value) else value
        for name, value in vals.items()
    }


def _is_empty(value):
    return isinstance(value, str) and "".join(value.split()) in ("", "[]")


class UpominkyRule(models.Model):
    """Filters of a rule: whom it covers beside those that it lists, and what it leaves out.

    They are evaluated as the jobs are run, whoever looks: as superuser, in the language and the
    time zone of the company, and within it. So they find the same for everybody; whoever writes one
    must be allowed to read what it asks for (SPEC rule 31).
    """

    _inherit = "upominky.rule"

    partner_domain = fields.Char(
        string="Filter",
        tracking=True,
        help="Customers that it finds are covered too, after those of rules that list them or one "
        "of their groups. Archived ones count.",
    )
    exclude_domain = fields.Char(
        string="Leaves Out",
        tracking=True,
        help="Invoices of its customers that this rule does not remind: say, those paid by direct "
        "debit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [tidied(vals) for vals in vals_list]
        for vals in vals_list:
            self._refuse_unreadable_values(vals)
        rules = super().create(vals_list)
        rules._refuse_unreadable()
        rules._remember()
        return rules

    def write(self, vals):
        vals = tidied(vals)
        for rule in self:
            rule._refuse_unreadable_values(vals)
        result = super().write(vals)
        written = FILTERS if "company_id" in vals else FILTERS.keys() & vals.keys()
        if written:
            self._refuse_unreadable(written)
            self._remember()
        return result

    # ---------------------------------------------------------------- checks

    @api.constrains(WHOM, EXCLUDES, "company_id")
    def _check_filters(self):
        for rule in self:
            if problems := rule._filter_problems():
                raise ValidationError(problems[0])
            rule._refuse_for_all()

    def _refuse_unreadable_values(self, vals):
        """Refuse what the editor may not ask for before anything else is said of it.

        Whatever other checks say, they look at all records there are.
        """
        for name in FILTERS.keys() & vals.keys():
            about = {"name": vals.get("name") or self.name or "", name: vals[name]}
            company = vals.get("company_id") or self.company_id.id or self.env.company.id
            try:
                self.new({**about, "company_id": company})._refuse_unreadable((name,))
            except AccessError:
                raise
            except UserError:
                continue  # what is no filter at all is refused once it is there

    def _refuse_unreadable(self, names=tuple(FILTERS)):
        """Refuse filters that ask for what their editor may not read: their results would tell.

        No constraint does it: Odoo checks those as superuser.

        :param names: of the fields
        :raises AccessError: naming what one asks for
        """
        if self.env.su:
            return
        for rule in self:
            for name in filter(rule.__getitem__, names):
                rule._refuse_unreadable_parts(name)

    def _refuse_unreadable_parts(self, name):
        for model, part, field in asked(self._domain_of(name), self.env[FILTERS[name]]):
            words = {"what": part, "model": self._name_of(model), **self._whose(name)}
            if not (model.has_access("read") and model._has_field_access(field, "read")):
                raise AccessError(
                    self.env._(
                        "“%(filter)s” of the rule “%(rule)s” asks for “%(what)s” of “%(model)s”, "
                        "which you may not read. Take the condition out, or have somebody write "
                        "it who may.",
                        **words,
                    )
                )
            if self._reads_some(model):
                raise AccessError(
                    self.env._(
                        "“%(filter)s” of the rule “%(rule)s” asks for “%(what)s” of “%(model)s”, "
                        "of which you may read some only. Take the condition out, or have "
                        "somebody write it who may read all.",
                        **words,
                    )
                )

    @api.model
    def _reads_some(self, model):
        """Say whether the user may read some of a company's records of a model, and not others.

        Which, is not asked: what is refused would tell it, and there will be others tomorrow.
        """
        if model._name in OF_DOCUMENTS:
            return True
        if model._name == "res.company":
            return False
        allowed = self.env["ir.rule"]._compute_domain(model._name, "read")
        if allowed.is_false():
            return True
        return any("company" not in name and name not in SHARED for name in limits(allowed))

    def _refuse_for_all(self):
        """Refuse filters that find everything whatever happens: that is a rule for all, or none.

        :raises ValidationError: naming the rule
        """
        if self._finds_all(WHOM):
            raise ValidationError(
                self.env._(
                    "“%(filter)s” of the rule “%(rule)s” finds every customer. Leave it empty if "
                    "the rule is for all, or write a condition.",
                    **self._whose(WHOM),
                )
            )
        if self._finds_all(EXCLUDES):
            raise ValidationError(
                self.env._(
                    "“%(filter)s” of the rule “%(rule)s” finds every invoice, so that none would "
                    "be reminded. Leave it empty or write a condition; archive the rule if it "
                    "shall remind nobody.",
                    **self._whose(EXCLUDES),
                )
            )

    def _finds_all(self, name):
        """Say whether a filter finds everything, whatever the data are."""
        if not self[name]:
            return False
        domain = self._domain_of(name)
        # Not fully: that would look data up.
        return domain.optimize(self._as_job()[FILTERS[name]]).is_true()

    def _filter_problem(self, name):
        """Return a sentence about why a filter cannot be evaluated, None if it can or is empty.

        :param str name: of the field
        """
        if not self[name]:
            return None
        self.env.flush_all()  # what fails takes nothing along that was to be written
        try:
            self._queries((name,))
        except psycopg2.OperationalError:
            raise  # Odoo runs it again
        except UserError as error:
            return str(error)
        except Exception as error:
            words = " ".join(str(error).split())[:200]
            return self.env._(
                "“%(filter)s” of the rule “%(rule)s” cannot be evaluated: %(error)s. Change its "
                "conditions; until then the rule reminds nobody.",
                error=words or type(error).__name__,
                **self._whose(name),
            )
        return None

    def _filter_problems(self):
        """Return a sentence for each filter of these rules that cannot be evaluated.

        :rtype: list[str]
        """
        told = (rule._filter_problem(name) for rule in self for name in FILTERS)
        return [problem for problem in told if problem]

    def _may_filter(self):
        """Say whether the user may be told what the filters of a rule find."""
        try:
            self._refuse_unreadable()
        except UserError:
            return False
        return True

    # ------------------------------------------------------------ evaluation

    def _domain_of(self, name):
        """Return the domain of a filter, all of whose fields are there and can be searched.

        :param str name: of the field
        :raises UserError: saying what is wrong with it
        """
        text = self[name] or "[]"
        try:
            if len(text) > MOST:
                raise ValueError(f"> {MOST}")
            domain = parsed(text)
            parts = list(asked(domain, self.env[FILTERS[name]]))
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise UserError(
                self.env._(
                    "“%(filter)s” of the rule “%(rule)s” is no list of conditions: nothing is "
                    "computed in it, and it has at most %(most)s characters. Write it anew with "
                    "its editor.",
                    most=MOST,
                    **self._whose(name),
                )
            ) from error
        for part in parts:
            self._refuse_part(name, *part)
        return domain

    def _refuse_part(self, name, model, part, field):
        """Refuse what a filter cannot ask for.

        :raises UserError: naming it
        """
        is_ours = field and field._module == "upominky_addon" and part in FOLLOWING
        if field and field._description_searchable and not is_ours:
            return
        words = {"what": part, "model": self._name_of(model), **self._whose(name)}
        if field is None:
            raise UserError(
                self.env._(
                    "“%(filter)s” of the rule “%(rule)s” asks for “%(what)s” of “%(model)s”, "
                    "which is not there any more. Take the condition out; until then the rule "
                    "reminds nobody.",
                    **words,
                )
            )
        raise UserError(
            self.env._(
                "“%(filter)s” of the rule “%(rule)s” asks for “%(what)s” of “%(model)s”, by "
                "which nothing can be found here. Take the condition out; until then the rule "
                "reminds nobody.",
                **words,
            )
        )

    def _whose(self, name):
        return {"filter": self._label_of(name), "rule": self.name or ""}

    @api.model
    def _name_of(self, model):
        return self.env["ir.model"]._get(model._name).name

    def _as_job(self):
        """Return the environment in which the filters of a rule are evaluated, whoever asks."""
        # sudo: how the company's jobs read, whoever looks; what may be asked is checked on saving.
        company = self.company_id._origin.sudo()
        context = {
            "lang": company.partner_id.lang or "en_US",
            "tz": str(company._upominky_timezone()),
            "allowed_company_ids": company.ids,
            "active_test": False,  # archiving moves nobody to another rule
        }
        # sudo: as above; nothing is found but ids, within the company.
        return self.env(user=SUPERUSER_ID, su=True, context=context)

    def _query_of(self, name):
        """Return the query of the ids that a filter finds.

        :param str name: of the field
        :rtype: SQL
        :raises UserError: saying what is wrong with it
        """
        there = self._as_job()[FILTERS[name]]
        company = self.company_id._origin.with_env(there.env)
        domain = within(self._domain_of(name), there, company)
        if name == EXCLUDES:
            # Items of entries are followed up one by one: an entry has no customer and no balance.
            domain &= Domain("company_id", "=", company.id)
            domain &= Domain("move_type", "in", there.get_sale_types(include_receipts=True))
        return there._search(domain).select()

    def _queries(self, names=tuple(FILTERS)):
        """Return the queries of filters, all of which the database understands.

        :param names: of the fields
        :return: by the id of the rule and the name of the field
        :rtype: dict[tuple[int, str], SQL]
        """
        with self.env.cr.savepoint(flush=False):
            found = {(r.id, name): r._query_of(name) for r in self for name in names if r[name]}
            if found:
                query = SQL(ARE_FINE, SQL(" UNION ALL ").join(found.values()))
                self.env.flush_query(query)
                self.env.cr.execute(query, log_exceptions=False)
        return found

    def _working(self, names=tuple(FILTERS)):
        """Return the queries of those filters that can be evaluated, as :meth:`_queries` does."""
        self.env.flush_all()  # as above
        try:
            return self._queries(names)
        except psycopg2.OperationalError:
            raise  # Odoo runs it again
        except Exception as problem:  # whatever it is, it is of one filter alone
            parts = [(rule, (name,)) for rule in self for name in names if rule[name]]
            if len(parts) == 1:
                told = "A filter of rule %s cannot be evaluated: %s"
                _logger.info(told, parts[0][0].id, type(problem).__name__)
                return {}
        return {key: sql for rule, part in parts for key, sql in rule._working(part).items()}

    def _filters(self):
        """Return what :class:`Cover` has of the filters of these rules, in their order.

        :return: pairs of a rule and a query, and the rules of which a filter does not work
        """
        mine = self.filtered(lambda rule: rule[WHOM] or rule[EXCLUDES])
        working = mine._working() if mine else {}
        broken = mine.filtered(
            lambda rule: any(rule[name] and (rule.id, name) not in working for name in FILTERS)
        )
        found = tuple(
            (rule, working.get((rule.id, WHOM)) or SQL(REMEMBERED, rule=rule.id))
            for rule in mine
            if rule[WHOM]
        )
        return found, broken

    @api.model
    def _caught(self, cover, partner_ids):
        """Return which rule's filter finds each of some customers first.

        :param Cover cover: of :meth:`_cover`, with records or with plain values for rules
        :param partner_ids: commercial partners
        :return: by the id of the customer, for those that one finds
        :rtype: dict
        """
        ids = [id for id in partner_ids if id]
        if not (cover.filters and ids):
            return {}
        filters = found_by(enumerate(query for _rule, query in cover.filters))
        rows = self.env.execute_query(SQL(FOUND, filters=filters, ids=ids))
        return {id: cover.filters[place][0] for id, place in rows}

    def _exclusions(self):
        """Return the queries of the invoices that these rules leave out, where they work.

        :rtype: dict[int, SQL]
        """
        mine = self.filtered(EXCLUDES)
        found = mine._working((EXCLUDES,)) if mine else {}
        return {rule_id: query for (rule_id, _name), query in found.items()}

    @api.model
    def _left_out(self, exclusions, move_ids):
        """Return which of some invoices are left out, by which rule.

        :param dict exclusions: of :meth:`_exclusions`
        :return: pairs of ids of a rule and of an invoice
        :rtype: set[tuple[int, int]]
        """
        if not (exclusions and move_ids):
            return set()
        query = SQL(LEFT_OUT, rules=self._leaving_out(exclusions), moves=list(move_ids))
        return set(self.env.execute_query(query))

    @api.model
    def _leaving_out(self, exclusions):
        """Return a table of what rules leave out, of :meth:`_exclusions`, for queries.

        :rtype: SQL
        """
        rows = (SQL(LEAVE_OUT, rule=rule, found=query) for rule, query in exclusions.items())
        return SQL(" UNION ALL ").join(rows)

    def _remember(self):
        """Take down whom the filters of these rules find, for when one cannot be evaluated."""
        mine = self.filtered(WHOM)
        for (rule_id, _name), query in (mine._working((WHOM,)) if mine else {}).items():
            self.env.cr.execute(SQL(REMEMBER, rule=rule_id, found=query))

    @api.model
    def _remember_in(self, company):
        """Take down whom the filters of a company's rules find: once a run of job 1."""
        rules = self.search([("company_id", "=", company.id), (WHOM, "!=", False)])
        try:
            with self.env.cr.savepoint():
                rules._remember()
        except psycopg2.Error as problem:  # somebody edits one now, and takes it down himself
            log_problem(_logger, problem, "What filters found was not taken down")
