"""What a template may be made of: everything that is not named here is refused when it is saved."""

from collections.abc import Collection

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from .errors import Fault, TextError

#: A template longer than this is no letter.
MAX_SOURCE = 20_000
#: How many loops, conditions and operators may lie in each other.
MAX_DEPTH = 60

#: There are no macros, blocks, imports, calls of methods nor powers: so the length of a run is
#: bounded by its loops, and what a loop does is counted.
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Neg,
    nodes.Pos,
    nodes.Concat,
    nodes.Assign,
    nodes.Tuple,
    nodes.List,
    nodes.Keyword,
    nodes.Call,
)
#: Names that Jinja gives a meaning of its own.
RESERVED = frozenset({"self", "super", "caller", "varargs", "kwargs"})


def parse(environment: Environment, source: str) -> nodes.Template:
    """Return the syntax tree of a template that keeps to the grammar.

    :raises TextError: for anything else
    """
    if len(source) > MAX_SOURCE:
        raise TextError(Fault.TOO_LONG)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TextError(Fault.SYNTAX, error.message or "", error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise TextError(Fault.TOO_DEEP) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise TextError(Fault.SYNTAX, str(error)) from error
    _check_all(tree, environment)
    return tree


def check_names(tree: nodes.Template, names: Collection[str]) -> None:
    """Refuse variables that no reminder has, also where no value is ever looked up.

    :raises TextError: naming the first one and its line
    """
    unknown = (_undeclared(tree) | RESERVED) - set(names) - {"range"}
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise TextError(Fault.UNKNOWN, name.name, name.lineno)


def _undeclared(tree: nodes.Template) -> set[str]:
    """Return what ``meta.find_undeclared_variables`` does, without what takes seconds there.

    Jinja would compute constants on the way, whatever the environment says: uncounted, and each
    link of a chain anew for all that are around it.
    """
    generator = meta.TrackingCodeGenerator(tree.environment)
    generator.optimizer = None
    generator.visit(tree)
    return generator.undeclared_identifiers


def _check_all(tree: nodes.Template, environment: Environment) -> None:
    """Check every node, without recursion: what follows may then go down the tree with it."""
    left: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while left:
        node, depth = left.pop()
        if depth > MAX_DEPTH:
            raise TextError(Fault.TOO_DEEP, line=node.lineno)
        _check(node, environment)
        left += [(child, depth + 1) for child in node.iter_child_nodes()]


def _check(node: nodes.Node, environment: Environment) -> None:
    refused = None
    if not isinstance(node, ALLOWED):
        refused = type(node).__name__.lower()
    elif isinstance(node, nodes.Call):
        refused = _refused_call(node)
    elif isinstance(node, nodes.Filter | nodes.Test):
        known = environment.filters if isinstance(node, nodes.Filter) else environment.tests
        spread = node.dyn_args or node.dyn_kwargs
        # With a filter instead of an attribute it would make long texts that nobody counts.
        made = node.name == "map" and node.args
        refused = node.name if node.name not in known or spread or made else None
    elif isinstance(node, nodes.Getattr | nodes.Name):
        name = node.attr if isinstance(node, nodes.Getattr) else node.name
        refused = name if name.startswith("_") else None
    elif isinstance(node, nodes.For):
        refused = "recursive" if node.recursive else None
    elif isinstance(node, nodes.List | nodes.Tuple):
        refused = _refused_list(node)
    if refused:
        raise TextError(Fault.REFUSED, refused, node.lineno)


def _refused_call(node: nodes.Call) -> str | None:
    """Return the name of what is called, unless it is ``range``."""
    called = node.node
    name = getattr(called, "name", None) or getattr(called, "attr", None) or "call"
    if isinstance(called, nodes.Name) and name == "range":
        return "range" if node.dyn_args or node.dyn_kwargs or node.kwargs else None
    return f"{name}()"


def _refused_list(node: nodes.List | nodes.Tuple) -> str | None:
    """Allow lists of plain words and numbers: lists of lists could grow without an end."""
    if getattr(node, "ctx", "load") == "store":
        return None
    return None if all(isinstance(item, nodes.Const) for item in node.items) else "[…]"
