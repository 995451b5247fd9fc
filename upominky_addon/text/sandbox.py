"""Render a template of a user within limits of size, steps and time.

The values are plain (texts, numbers, dates, lists and dicts of them): there is no object behind
which a database or a file could be reached, and the sandbox refuses what Python itself offers.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from . import grammar
from .errors import Fault, TextError
from .filters import FILTERS, MAX_TEXT, bounded, items, number, text

MAX_OUTPUT = 1_000_000
MAX_STEPS = 50_000
MAX_RANGE = 1_000
MAX_SECONDS = 5.0

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
    """Leads loops and the operator ``~``, which Jinja does by itself, through what is counted."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        node.iter = nodes.Filter(
            node.iter, "_rows", [], [], None, None, lineno=node.lineno, environment=node.environment
        )
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        first, *rest = node.nodes
        return nodes.Filter(
            first, "_concat", rest, [], None, None, lineno=node.lineno, environment=node.environment
        )


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of one rendering, with its budget."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self, formats: Formats):
        super().__init__(
            undefined=_Missing,
            optimized=False,  # nothing is computed before the budget runs
            finalize=text,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        self.globals = {"range": _range}
        formats = {"money": str, "date": str, **formats}
        self.filters = {**FILTERS, **formats, "_rows": self._rows}
        self.steps, self.deadline = 0, time.monotonic() + MAX_SECONDS

    def measure(self, pieces: Iterable[str]) -> Iterator[str]:
        """Pass on the pieces of the output until there is too much of it."""
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > MAX_OUTPUT:
                raise TextError(Fault.TOO_LONG)
            yield piece

    def _rows(self, value: Iterable) -> Iterator[Any]:
        for item in items(value):
            self.steps += 1
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
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        compute = partial(super().call_binop, context, operator)
        if isinstance(left, date):  # days between dates
            return compute(left, right)
        if isinstance(left, str) or isinstance(right, str):
            return _text_operation(compute, operator, left, right)
        return number(compute(*_same_kind(number(left), number(right))))


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
