"""Filters as people write them: what they say, what they ask for, and within which company."""

import ast

from odoo.fields import Domain
from odoo.models import BaseModel

ANY = ("any", "not any")


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


def asked(domain, model):
    """Yield what a domain asks for: all fields on the way, with their models.

    :param Domain domain: see :func:`parsed`
    :param model: whose records it finds
    :return: triples of a model, the name of a field and the field, None where there is none
    :raises ValueError: for a condition that is not written correctly
    """
    for condition in domain.iter_conditions():
        yield from _on_the_way(condition.field_expr, condition, model)


def _on_the_way(path, condition, model):
    name, _dot, rest = path.partition(".")
    field = model._fields.get(name)
    yield model, name, field
    if field is None:
        return
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


def within(domain, model, company):
    """Return a domain that looks at no other company's records on its way.

    The superuser, who evaluates filters, reads those of all companies.

    :param Domain domain: see :func:`parsed`; what it asks for is there
    :param model: whose records it finds
    :param company: the rule's
    """

    def narrowed(condition):
        name, _dot, rest = condition.field_expr.partition(".")
        field = model._fields[name]
        if not field.relational or not (rest or condition.operator in ANY):
            return condition
        there = model.env[field.comodel_name]
        if rest:  # as Odoo reads a path, whatever the operator
            operator, inner = "any", Domain(rest, condition.operator, condition.value)
        else:
            operator, inner = condition.operator, Domain(condition.value)
        return Domain(name, operator, within(inner, there, company) & _own(there, company))

    return domain.map_conditions(narrowed)


def _own(model, company):
    """Return the domain of a model's records that belong to a company, or to none."""
    field = model._fields.get("company_id")
    is_asked = field and field.comodel_name == "res.company" and field._description_searchable
    says_itself = type(model)._check_company_domain is not BaseModel._check_company_domain
    if not (is_asked or says_itself):
        return Domain.TRUE
    return Domain(model._check_company_domain(company))
