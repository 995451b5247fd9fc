"""What views ask for, made of their specifications as the web client gets them."""

from datetime import timedelta

from . import client
from .process import DAY
from .screens_case import Case


def of_action(env, title, xmlid, own="", only=None):
    """Return the requests of all that a window action can show.

    :param str own: how the names of filters begin that are the add-on's, where others are Odoo's;
        None for no filters and groups
    :param only: kinds of views; None for all
    """
    values = action_of(env, xmlid)
    action = client.open_action(env, values)
    domain, by = client.defaults(env, action)
    yield Case(f"{title}: views", "page", lambda env: client.open_action(env, values) and None)
    kinds = [kind for kind in action.views if only is None or kind in only]
    for kind in kinds:
        yield from _of_view(env, title, action, kind, (domain, by))
    if "list" in kinds and own is not None:
        yield from _of_search(env, title, action, own)


def action_of(env, xmlid):
    return env["ir.actions.act_window"]._for_xml_id(xmlid)


def _of_view(env, title, action, kind, default):
    domain, by = default
    if kind == "list" and by:
        yield Case(
            f"{title}: opened", "group", lambda env: client.read_groups(env, action, domain, by)
        )
    elif kind in ("list", "kanban"):
        yield Case(
            f"{title}: {kind}",
            "page",
            lambda env: client.read_list(env, action, domain, kind=kind),
        )
    elif kind == "form":
        found = env[action.model].search(domain, limit=1, offset=500)
        found = found or env[action.model].search(domain, limit=1)
        if found:
            yield Case(
                f"{title}: form", "page", lambda env: client.read_form(env, action, found.id)
            )
    elif kind == "calendar":
        month = DAY.replace(day=1)
        days = month - timedelta(days=6), month + timedelta(days=36)
        yield Case(
            f"{title}: calendar",
            "group",
            lambda env: client.read_calendar(env, action, domain, *days),
        )
    elif kind in ("pivot", "graph"):
        yield from _of_figures(env, title, action, kind, domain)


def _of_figures(env, title, action, kind, domain):
    read = client.read_pivot if kind == "pivot" else client.read_graph
    yield Case(f"{title}: {kind}", "group", lambda env: read(env, action, domain))
    for name, by in client.groups(env, action).items():
        dimension = [by] if kind == "pivot" else by
        yield Case(
            f"{title}: {kind}, {name}",
            "group",
            lambda env, by=dimension: read(env, action, domain, by),
        )


def _of_search(env, title, action, own):
    for name, found in client.filters(env, action).items():
        if name.startswith(own):
            asked = [*action.domain, *found]
            yield Case(
                f"{title}: {name}",
                "page",
                lambda env, asked=asked: client.read_list(env, action, asked),
            )
    for name, by in client.groups(env, action).items():
        if name.startswith(own):
            yield from of_groups(f"{title}: {name}", action, by)


def of_groups(name, action, by, of_odoo=((), ())):
    """Return the request of a list's groups, and that of what is in the first of them."""
    by = [by]
    own, own_opened = of_odoo
    yield Case(
        name, "group", lambda env: client.read_groups(env, action, action.domain, by), of_odoo=own
    )
    yield Case(
        f"{name}, first opened",
        "page",
        lambda env, inside: client.read_list(env, action, inside),
        of_odoo=own_opened,
        ready=lambda env: client.first_group(env, action, action.domain, by),
    )


def searches(env, title, xmlid, asked):
    """Return lists of an action by domains that people ask for, and by orders."""
    action = client.open_action(env, action_of(env, xmlid))
    for name, (wanted, order) in asked.items():
        domain = [*action.domain, *wanted]
        yield Case(
            f"{title}: {name}",
            "page",
            lambda env, domain=domain, order=order: client.read_list(env, action, domain, order),
        )


#: What Odoo's invoices are searched by.
