"""Filters as people write them: what they say, what they ask for, and within which company."""

import ast
from collections.abc import Collection
from functools import partial

from odoo.fields import Domain
from odoo.models import BaseModel

#: Operators of trees.
TREES = ("child_of", "parent_of")
ANY = ("any", "not any")
#: Models whose records are read by who may read the documents that they belong to: no rule of Odoo
#: tells it.
OF_DOCUMENTS = ("ir.attachment", "mail.activity", "mail.message")


def parsed(text):
    """Return the domain that a text says by literals alone: nothing in it is computed.

    :param str text: as Odoo's editor of domains writes it
    :raises ValueError: if it is no domain
    """
    try:
        given = ast.literal_eval(text.strip())
        if not isinstance(given, list | tuple):
            raise ValueError("no list of conditions")
        return Domain(list(given))
    except (SyntaxError, TypeError, AttributeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def _has_text(value):
    values = value if isinstance(value, Collection) else ()
    return isinstance(value, str) or any(isinstance(one, str) for one in values)


def asked(domain, model):
    """Yield what a domain asks for: all fields on the way, with their models.

    :param Domain domain: see :func:`parsed`
    :param model: whose records it finds
    :return: triples of a model, the name of a field and the field, None where there is none
    :raises ValueError: for a condition that is not written correctly
    """
    for condition in domain.iter_conditions():
        _refuse_pattern(condition)
        yield from _on_the_way(condition.field_expr, condition, model)


def _on_the_way(path, condition, model):
    name, _dot, rest = path.partition(".")
    field = model._fields.get(name)
    yield model, name, field
    if field is None:
        return
    if field.related and not (field.store or field.compute_sudo):  # it is read with one's rights
        yield from _on_the_way(field.related, condition, model)
    if not field.relational:  # the rest is a part of a date, or a property
        if condition.operator in ANY:
            raise ValueError(f"{path} {condition.operator}")
        return
    there = model.env[field.comodel_name]
    if rest:
        yield from _on_the_way(rest, condition, there)
    elif condition.operator in ANY:
        yield from asked(Domain(condition.value), there)
    else:  # a text is looked for in names
        yield there, "display_name", there._fields["display_name"]


def _refuse_pattern(condition):
    """Refuse a pattern that ends in the character that escapes the next one, and trees by name.

    The database notices the first at some rows only, in the middle of a run; the second are looked
    up by name among all records there are, and what becomes of the filter would tell of them.
    """
    if condition.operator in TREES and _has_text(condition.value):
        raise ValueError(f"{condition.field_expr} {condition.operator}")
    if not (condition.operator.endswith(("=like", "=ilike")) and isinstance(condition.value, str)):
        return
    backslashes = len(condition.value) - len(condition.value.rstrip("\\"))
    if backslashes % 2:
        raise ValueError(f"{condition.field_expr} {condition.operator}")


def limits(domain):
    """Yield the names of the fields by which a domain limits what is found.

    :param Domain domain: as Odoo optimizes it
    """
    for condition in domain.iter_conditions():
        if isinstance(condition.value, Domain):
            yield from limits(condition.value)
        else:
            yield condition.field_expr.rpartition(".")[2]


def within(domain, model, company):
    """Return a domain that looks at no other company's records on its way.

    The superuser, who evaluates filters, reads those of all companies.

    :param Domain domain: see :func:`parsed`; what it asks for is there
    :param model: whose records it finds
    :param company: the rule's
    """
    # Odoo makes paths and texts that are looked for in names into conditions on what is there.
    return domain.optimize(model).map_conditions(partial(_narrowed, model, company))


def _narrowed(model, company, condition):
    name, operator = condition.field_expr, condition.operator
    field = model._fields[name.partition(".")[0]]
    if not field.relational:
        return condition
    there = model.env[field.comodel_name]
    own = _own(there, company)
    if operator in ANY:
        return Domain(name, operator, within(Domain(condition.value), there, company) & own)
    if own.is_true() or (operator in ("in", "not in") and field.type == "many2one"):
        return condition  # which record a document is linked to lies in the document itself
    if operator in ("in", "not in"):
        linked = _linked(name, condition.value, own)
        return linked if operator == "in" else ~linked
    return condition & Domain(name, "any", own)


def _linked(name, values, own):
    """Return the domain of documents linked to some of their own company's records.

    :param values: ids, and False for those that are linked to none
    """
    ids = [value for value in values if value]
    found = Domain(name, "any", Domain("id", "in", ids) & own) if ids else Domain.FALSE
    return found if len(ids) == len(values) else found | ~Domain(name, "any", own)


def _own(model, company):
    """Return the domain of a model's records that belong to a company, or to none."""
    if model._name == "res.company":
        return Domain("id", "in", company.ids)
    field = model._fields.get("company_id")
    is_asked = field and field.comodel_name == "res.company" and field._description_searchable
    says_itself = type(model)._check_company_domain is not BaseModel._check_company_domain
    if not (is_asked or says_itself):
        return Domain.TRUE
    return Domain(model._check_company_domain(company))
