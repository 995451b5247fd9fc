"""What a template may do with its values: each filter bounds what it makes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from jinja2 import Undefined, filters
from jinja2.utils import pass_environment

from .errors import Fault, TextError

#: The longest single text, the longest list, and the largest number that a template may make.
MAX_TEXT = 20_000
MAX_ITEMS = 20_000
MAX_NUMBER = 10**18
MAX_WIDTH = 200


def text(value: Any) -> str:
    """Return a plain value as text: never a list, a loop, or the inside of an object."""
    if isinstance(value, Undefined):
        return str(value)  # raises that it is unknown
    if value is None or value is False:
        return ""
    if not isinstance(value, str | int | float | Decimal | date):
        raise TextError(Fault.NOT_TEXT)
    return bounded(str(value))


def bounded(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise TextError(Fault.TOO_LONG)
    return value


def number(value: Any) -> int | float | Decimal:
    """Return a number that is not too large to go on with."""
    if isinstance(value, Undefined):
        str(value)  # raises that it is unknown
    if not isinstance(value, int | float | Decimal):
        raise TextError(Fault.NOT_TEXT)
    if abs(value) > MAX_NUMBER:
        raise TextError(Fault.TOO_LONG)
    return value


def items(value: Iterable) -> list:
    """Return a list of what is gone through, which must be no text and not too long."""
    if isinstance(value, str | int | float | Decimal | dict):
        raise TextError(Fault.NOT_TEXT)
    found = list(islice(value, MAX_ITEMS + 1))
    if len(found) > MAX_ITEMS:
        raise TextError(Fault.TOO_MANY)
    return found


def _on_text(change):
    return lambda value: bounded(change(text(value)))


def _replace(value, old, new):
    value, old, new = text(value), text(old), text(new)
    if not old:
        return value
    if len(value) + value.count(old) * (len(new) - len(old)) > MAX_TEXT:
        raise TextError(Fault.TOO_LONG)
    return value.replace(old, new)


@pass_environment
def _join(environment, value, separator="", attribute=None):
    get = filters.make_attrgetter(environment, attribute) if attribute else lambda item: item
    parts = [text(get(item)) for item in items(value)]
    separator = text(separator)
    if sum(map(len, parts)) + len(separator) * len(parts) > MAX_TEXT:
        raise TextError(Fault.TOO_LONG)
    return separator.join(parts)


@pass_environment
def _sum(environment, value, attribute=None):
    get = filters.make_attrgetter(environment, attribute) if attribute else lambda item: item
    return number(sum(number(get(item)) for item in items(value)))


def _round(value, places=0):
    value = number(value)
    places = min(max(int(number(places)), 0), 6)
    return round(value, places) if places else round(value)


def _int(value, default=0):
    value = default if isinstance(value, Undefined) else value
    return filters.do_int(text(value)[:20], default)


def _left(value, width):
    """Fill up with blanks on the right, so that the text stands at the left of its column."""
    return text(value).ljust(min(int(number(width)), MAX_WIDTH))


def _right(value, width):
    return text(value).rjust(min(int(number(width)), MAX_WIDTH))


def _concat(*values):
    return bounded("".join(text(value) for value in values))


FILTERS = {
    "default": filters.do_default,
    "d": filters.do_default,
    "string": text,
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "capitalize": _on_text(str.capitalize),
    "title": _on_text(str.title),
    "trim": _on_text(str.strip),
    "replace": _replace,
    "join": _join,
    "sum": _sum,
    "round": _round,
    "abs": lambda value: abs(number(value)),
    "int": _int,
    "left": _left,
    "right": _right,
    "length": lambda value: len(text(value) if isinstance(value, str) else items(value)),
    "count": lambda value: len(text(value) if isinstance(value, str) else items(value)),
    "list": items,
    "first": pass_environment(lambda env, value: filters.do_first(env, items(value))),
    "last": pass_environment(lambda env, value: filters.do_last(env, items(value))),
    "sort": filters.do_sort,
    "reverse": lambda value: items(value)[::-1],
    "select": filters.sync_do_select,
    "reject": filters.sync_do_reject,
    "selectattr": filters.sync_do_selectattr,
    "rejectattr": filters.sync_do_rejectattr,
    "map": filters.sync_do_map,
    "_concat": _concat,
}
