"""Render a template of a user within limits of size, steps and time.

The values are plain (texts, numbers, dates, lists and dicts of them): there is no object behind
which a database or a file could be reached, and the sandbox refuses what Python itself offers.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial, wraps
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing, pass_context
from jinja2.visitor import NodeTransformer

from . import grammar
from .errors import Fault, TextError
from .filters import FILTERS, MAX_TEXT, bounded, items, number, text

MAX_OUTPUT = 1_000_000
MAX_STEPS = 50_000
MAX_RANGE = 1_000
MAX_SECONDS = 5.0
#: Calls of filters, operators and pieces of output; so many letters or items cost one more.
MAX_WORK = 200_000
LETTERS_A_WORK = 100
NODES_A_WORK = 10

#: A reader's way to write values: ``money`` takes an amount and a currency's code.
Formats = Mapping[str, Callable[..., str]]


def render(source: str, values: Mapping[str, Any], formats: Formats) -> str:
    """Return the text that a template makes of ``values``.

    :param formats: the filters ``money`` and ``date``
    :raises TextError: with the line and what is wrong
    """
    environment = _Environment(formats)
    template = Template.from_code(environment, _compile(source), dict(environment.globals))
    try:
        return "".join(environment.measure(template.root_render_func(template.new_context(values))))
    except TextError as error:
        raise TextError(error.fault, error.what, _line(template, error)) from error
    except UnknownError as error:
        raise TextError(Fault.UNKNOWN, error.message or "", _line(template, error)) from error
    except SecurityError as error:  # what the grammar should have stopped already
        raise TextError(Fault.REFUSED, error.message or "", _line(template, error)) from error
    except Exception as error:
        raise TextError(Fault.FAILED, str(error), _line(template, error)) from error


def check(source: str, values: Mapping[str, Any], formats: Formats) -> None:
    """Compile and render a template with sample values.

    :raises TextError: with the line and what is wrong
    """
    grammar.check_names(grammar.parse(_Environment({}), source), values)
    render(source, values, formats)


@lru_cache(maxsize=256)
def used_names(source: str) -> frozenset[str]:
    """Return the names that a template reads or sets.

    >>> sorted(used_names("{% for claim in claims %}{{ claim.total }}{% endfor %}"))
    ['claim', 'claims']
    """
    tree = grammar.parse(_Environment({}), source)
    return frozenset(name.name for name in tree.find_all(nodes.Name))


@lru_cache(maxsize=256)
def _compile(source: str) -> CodeType:
    environment = _Environment({})
    tree = _Guard().visit(grammar.parse(environment, source))
    try:
        return environment.compile(tree)
    except (SyntaxError, RecursionError, MemoryError) as error:  # 20 loops in each other, and more
        raise TextError(Fault.TOO_DEEP) from error


def _line(template: Template, error: BaseException) -> int | None:
    """Return the line of the template in which an error arose."""
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


class UnknownError(UndefinedError):
    pass


class _Missing(StrictUndefined):
    """A name without a value: any use of it is an error that says the name."""

    __slots__ = ()

    def __init__(self, hint=None, obj=missing, name=None, exc=UndefinedError):
        super().__init__(hint, obj, name, exc)
        if exc is UndefinedError:
            self._undefined_exception = lambda _message: UnknownError(str(name))
        elif exc is SecurityError:
            self._undefined_exception = lambda _message: TextError(Fault.REFUSED, str(name))


class _Guard(NodeTransformer):
    """Leads through what is counted what Jinja does by itself: loops, ``~``, comparing, slicing."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        weight = sum(1 for part in node.body for _node in part.find_all(nodes.Node))
        node.iter = _filter(node.iter, "_rows", nodes.Const(weight // NODES_A_WORK))
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:  # noqa: N802
        self.generic_visit(node)
        node.expr = _filter(node.expr, "_weighed")
        for operand in node.ops:
            operand.expr = _filter(operand.expr, "_weighed")
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Getitem:  # noqa: N802
        self.generic_visit(node)
        node.node = _filter(node.node, "_weighed")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        first, *rest = node.nodes
        return _filter(first, "_concat", *rest)


def _filter(node: nodes.Expr, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    """Lead a value through a filter."""
    where = {"lineno": node.lineno, "environment": node.environment}
    return nodes.Filter(node, name, list(arguments), [], None, None, **where)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of one rendering, with its budget."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self, formats: Formats):
        super().__init__(
            undefined=_Missing,
            optimized=False,  # nothing is computed before the budget runs
            finalize=_written,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        self.globals = {"range": _range}
        known = {**FILTERS, "money": str, "date": str, **formats}
        own = {"_rows": self._rows, "_weighed": self._charged(lambda value: value)}
        self.filters = {name: self._charged(known[name]) for name in known} | own
        self.steps, self.work = 0, 0
        self.deadline = time.monotonic() + MAX_SECONDS

    def charge(self, work: int = 1) -> None:
        """Count work of about a microsecond or some; a template has so much of it and no more."""
        self.work += work
        if self.work > MAX_WORK:
            raise TextError(Fault.TOO_MANY)

    def _charged(self, function: Callable) -> Callable:
        """Return a filter whose work is counted: by its calls, and by the size of what it takes."""

        @wraps(function)  # keeps what says that the environment is passed as well
        def filtered(*values, **options):
            self.charge(1 + sum(map(_size, values)) // LETTERS_A_WORK)
            found = function(*values, **options)
            return self._counted(found) if isinstance(found, Iterator) else found

        return filtered

    def _counted(self, values: Iterator) -> Iterator:
        for value in values:
            self.charge()
            yield value

    def measure(self, pieces: Iterable[str]) -> Iterator[str]:
        """Pass on the pieces of the output until there is too much of it."""
        size = 0
        for piece in pieces:
            self.charge()
            size += len(piece)
            if size > MAX_OUTPUT:
                raise TextError(Fault.TOO_LONG)
            yield piece

    def _rows(self, value: Iterable, weight: int = 0) -> Iterator[Any]:
        """Yield what a loop goes through.

        :param weight: the work of its body, by what it is made of
        """
        for item in items(value):
            self.steps += 1
            self.charge(1 + weight)
            if self.steps > MAX_STEPS:
                raise TextError(Fault.TOO_MANY)
            if time.monotonic() > self.deadline:
                raise TextError(Fault.TOO_SLOW)
            yield item

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # No method is ever handed out: the grammar lets nobody call one.
        return not callable(value) and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is _range

    def call_binop(self, context, operator: str, left: Any, right: Any) -> Any:
        self.charge(1 + (_size(left) + _size(right)) // LETTERS_A_WORK)
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        compute = partial(super().call_binop, context, operator)
        if isinstance(left, date):  # days between dates
            return compute(left, right)
        if isinstance(left, str) or isinstance(right, str):
            return _text_operation(compute, operator, left, right)
        return number(compute(*_same_kind(number(left), number(right))))


@pass_context
def _written(_context, value: Any) -> str:
    """Return a value as text. With the context asked for, Jinja computes nothing when it compiles.

    It would do so without the reader's filters, and before anything is counted.
    """
    return text(value)


def _size(value: Any) -> int:
    """Return how many letters a text has; an item of a list counts as ten of them."""
    if isinstance(value, str):
        return len(value)
    return 10 * len(value) if isinstance(value, list | tuple | range | dict) else 0


def _range(*limits: int) -> range:
    limits = range(*(int(number(limit)) for limit in limits))
    if len(limits) > MAX_RANGE:
        raise TextError(Fault.TOO_MANY)
    return limits


def _text_operation(compute: Callable, operator: str, left: Any, right: Any) -> str:
    """Add texts, or repeat one; ``%`` would be a way to make padding of any width."""
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if operator == "*":
        word, times = (left, right) if isinstance(left, str) else (right, left)
        if len(word) * max(number(times), 0) > MAX_TEXT:
            raise TextError(Fault.TOO_LONG)
        return compute(left, right)
    raise TextError(Fault.REFUSED, operator)


def _same_kind(left: Any, right: Any) -> tuple[Any, Any]:
    """Let amounts be multiplied by what is written with a decimal point."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(str(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(str(left)), right
    return left, right
