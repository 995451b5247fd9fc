"""What the web client asks for to show a window action: its views, filters, groups and pages.

The requests are made of the views themselves, so that a field or a filter that is added to one is
measured without anybody adding it here.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from .process import DAY
from .requests import call, specification

PAGE = 80
COUNT_LIMIT = 10_001
NUMBERS = ("integer", "float", "monetary")
#: Dates that domains name by words, told from the day of the books.
WORDS = re.compile(r"today(?: ([+-])(\d+)d)?(?: =1d)?")


@dataclass
class Action:
    """A window action as its reader opens it; ``views`` are archs by kind."""

    model: str
    domain: list
    context: dict
    views: dict
    search: etree._Element
    specs: dict = field(default_factory=dict)


def evaluate(env, text):
    """Return a domain or a context of a view, as of the day of the books."""
    names = {
        "uid": env.uid,
        "context_today": lambda: DAY,
        "datetime": SimpleNamespace(combine=datetime.combine),
        "time": time,
        "relativedelta": relativedelta,
        "allowed_company_ids": env.companies.ids,
    }
    return _of_the_day(safe_eval(text or "[]", names))


def _of_the_day(value):
    if isinstance(value, (list, tuple)):
        return type(value)(_of_the_day(part) for part in value)
    if isinstance(value, str) and (found := WORDS.fullmatch(value)):
        day = DAY.replace(day=1) if value.endswith("=1d") else DAY
        days = int(f"{found[1]}{found[2]}") if found[1] else 0
        return (day + timedelta(days=days)).isoformat()
    return value


def open_action(env, values):
    """Ask for the views of a window action.

    :param dict values: of the action, as the client gets it
    :rtype: Action
    """
    views = [[view_id, kind] for view_id, kind in values["views"]]
    search = values.get("search_view_id")
    asked = [*views, [search and search[0], "search"]]
    model = values["res_model"]
    found = call(env, model, "get_views", asked)["views"]
    archs = {kind: etree.fromstring(found[kind]["arch"]) for _view_id, kind in asked}
    domain, context = values.get("domain") or [], values.get("context") or {}
    return Action(
        model=model,
        domain=evaluate(env, domain) if isinstance(domain, str) else domain,
        context=evaluate(env, context) if isinstance(context, str) else context,
        search=archs.pop("search"),
        views=archs,
        specs={
            kind: specification(env, model, arch)
            for kind, arch in archs.items()
            if kind in ("list", "kanban", "form")
        },
    )


def filters(env, action):
    """Return the domain of each filter of the search view, by its name."""
    nodes = action.search.iterfind(".//filter[@domain]")
    return {node.get("name"): evaluate(env, node.get("domain")) for node in nodes}


def groups(env, action):
    """Return by what each filter of the search view groups, by its name."""
    return {
        node.get("name"): evaluate(env, node.get("context"))["group_by"]
        for node in action.search.iterfind(".//filter[@context]")
        if "group_by" in node.get("context")
    }


def defaults(env, action):
    """Return the domain and the groups with which an action opens."""
    chosen = [
        name.removeprefix("search_default_")
        for name, value in action.context.items()
        if name.startswith("search_default_") and value
    ]
    ours, by = filters(env, action), groups(env, action)
    domain = Domain.AND([action.domain, *(ours[name] for name in chosen if name in ours)])
    return list(domain), [by[name] for name in chosen if name in by]


def read_list(env, action, domain, order="", kind="list"):
    """Ask for the first page of a list, and return the answer."""
    return call(
        env,
        action.model,
        "web_search_read",
        domain=domain,
        specification=action.specs[kind],
        offset=0,
        order=order,
        limit=PAGE if kind == "list" else PAGE // 2,
        context={"bin_size": True, **action.context},
        count_limit=COUNT_LIMIT,
    )


def read_groups(env, action, domain, groupby):
    """Ask for the groups of a list, with its sums."""
    kwargs = {
        "domain": domain,
        "groupby": [_granular(env, action.model, name) for name in groupby],
        "aggregates": _aggregates(env, action.model, action.specs["list"]),
        "limit": PAGE,
        "offset": 0,
        "order": "",
        "auto_unfold": False,
        "opening_info": [],
        "unfold_read_specification": action.specs["list"],
        "unfold_read_default_limit": PAGE,
        "groupby_read_specification": {},
        "context": {"read_group_expand": True, **action.context},
    }
    return call(env, action.model, "web_read_group", **kwargs)


def first_group(env, action, domain, groupby):
    """Return the domain of what is in the first group of a list, as the client made it of them."""
    groups = read_groups(env, action, domain, groupby)["groups"]
    return list(Domain.AND([domain, *(group["__extra_domain"] for group in groups[:1])]))


def read_form(env, action, record_id, kind="form"):
    """Ask for one record of a form."""
    return call(
        env,
        action.model,
        "web_read",
        [record_id],
        specification=action.specs[kind],
        context={"bin_size": True, **action.context},
    )


def read_calendar(env, action, domain, start, end):
    """Ask for what a calendar shows of the days from ``start`` to ``end``."""
    arch = action.views["calendar"]
    name = arch.get("date_start")
    shown = {name, arch.get("color"), "display_name"}
    shown |= {node.get("name") for node in arch.iterfind(".//field")}
    days = [(name, ">=", start.isoformat()), (name, "<=", end.isoformat())]
    return call(
        env,
        action.model,
        "search_read",
        list(Domain.AND([domain, days])),
        sorted(filter(None, shown)),
    )


def read_pivot(env, action, domain, rows=None):
    """Ask for a pivot: the total, and each step of its rows."""
    arch = action.views["pivot"]
    if rows is None:
        rows = [node.get("name") for node in arch.iterfind("field[@type='row']")]
    rows = [_granular(env, action.model, name) for name in rows]
    steps = [rows[:count] for count in range(len(rows) + 1)]
    return call(
        env,
        action.model,
        "formatted_read_grouping_sets",
        domain,
        steps,
        ["__count", *_measures(env, action.model, arch)],
    )


def read_graph(env, action, domain, by=None):
    """Ask for a graph by its own dimension or by another one."""
    arch = action.views["graph"]
    by = by or next(node.get("name") for node in arch.iterfind("field") if not node.get("type"))
    measures = ["__count", *_measures(env, action.model, arch)]
    groupby = [_granular(env, action.model, by)]
    return call(
        env, action.model, "formatted_read_group", domain, groupby, measures, order="", limit=None
    )


def _granular(env, model, name):
    field_ = env[model]._fields[name.split(":")[0]]
    return f"{name}:month" if field_.type in ("date", "datetime") and ":" not in name else name


def _measures(env, model, arch):
    fields = env[model].fields_get()
    found = []
    for node in arch.iterfind("field[@type='measure']"):
        told = fields[node.get("name")]
        aggregator = "count_distinct" if told["type"] == "many2one" else told["aggregator"]
        found += _sums(node.get("name"), aggregator, told.get("currency_field"))
    return list(dict.fromkeys(found))


def _aggregates(env, model, spec):
    fields = env[model].fields_get(list(spec))
    found = []
    for name, told in fields.items():
        if told.get("aggregator") and told["type"] in NUMBERS:
            found += _sums(name, told["aggregator"], told.get("currency_field"))
    return list(dict.fromkeys(found))


def _sums(name, aggregator, currency):
    found = [f"{name}:{aggregator}"]
    return [*found, f"{currency}:array_agg_distinct", f"{name}:sum_currency"] if currency else found
