"""Whatever goes past the rights says beside it why it may (SPEC rule 29): the code is read."""

import ast
import io
import textwrap
import tokenize
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDONS = ("upominky_addon", "upominky_addon_sale", "upominky_addon_snailmail")
#: Words that begin such a comment, and how many words at least say why.
MARK, WORDS = "sudo:", 4
#: One reason may stand for so many statements that follow it at once.
FOLLOWERS = 2
#: How methods begin that buttons and the web client call.
ACTIONS = ("action_", "retrieve_")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def past_rights(tree):
    """Yield nodes that go past the rights of the user: as superuser, or as somebody else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            raised = (
                keywords.get("su") or keywords.get("compute_sudo") or keywords.get("related_sudo")
            )
            lowers = [getattr(argument, "value", None) for argument in node.args] == [False]
            if (name in ("sudo", "with_user", "trusted") and not lowers) or getattr(
                raised, "value", False
            ) is True:
                yield node
        elif isinstance(node, ast.Name) and node.id == "SUPERUSER_ID":
            yield node


def bare_in_actions(tree):
    """Yield where a button's method goes past the rights and keeps the caller's whole context.

    They go through ``trusted`` instead, which checks the companies and keeps no default of theirs.
    """
    for action in ast.walk(tree):
        if isinstance(action, ast.FunctionDef) and action.name.startswith(ACTIONS):
            for node in ast.walk(action):
                name = isinstance(node, ast.Call) and getattr(node.func, "attr", None)
                lowers = name and [getattr(given, "value", None) for given in node.args] == [False]
                if name in ("sudo", "with_user") and not lowers:
                    yield action.name, node.lineno


def statements(tree):
    """Return the first and last line of each statement; of a block, those of its head.

    Heads of functions and classes are none: a reason does not reach over them.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, DEFINITIONS):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno
            found.append((node.lineno, max(last, node.lineno)))
    return found


def comments(source):
    """Return the comments of a source by line, and the lines on which only a comment stands."""
    found, alone = {}, set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found[token.start[0]] = token.string.lstrip("# ")
            if not token.line[: token.start[1]].strip():
                alone.add(token.start[0])
    return found, alone


def reason(first, last, found, alone):
    """Return the words that begin with the mark, above, beside or inside a statement."""
    top = first
    while top - 1 in alone:
        top -= 1
    text = " ".join(found[line] for line in range(top, last + 1) if line in found)
    return text.partition(MARK)[2].split()


def starts(first, spans):
    """Yield where a reason may stand: at a statement, and at few before it without a gap."""
    for _step in range(FOLLOWERS + 1):
        yield first
        first = max((span[0] for span in spans if span[1] == first - 1), default=first)


def unexplained(source):
    """Return the lines of a source that go past the rights and do not say why."""
    tree = ast.parse(source)
    found, alone = comments(source)
    spans = statements(tree)
    lines = set()
    for node in past_rights(tree):
        first, last = max(
            (span for span in spans if span[0] <= node.lineno <= span[1]),
            key=lambda span: span[0],
            default=(node.lineno, node.lineno),
        )
        if not any(
            len(reason(start, last, found, alone)) >= WORDS for start in starts(first, spans)
        ):
            lines.add(node.lineno)
    return sorted(lines)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsSudo(BaseCase):
    def test_what_goes_past_the_rights_says_why(self):
        root = Path(__file__).resolve().parents[3]
        seen = 0
        for addon in ADDONS:
            for path in sorted((root / addon).rglob("*.py")):
                if "tests" in path.parts:
                    continue
                source = path.read_text(encoding="utf-8")
                seen += len(list(past_rights(ast.parse(source))))
                with self.subTest(file=str(path.relative_to(root))):
                    self.assertEqual(unexplained(source), [], "Lines without “# sudo: why”")
        self.assertGreater(seen, 40)

    def test_rule_29_no_button_goes_past_the_rights_with_its_callers_context(self):
        root = Path(__file__).resolve().parents[3]
        for addon in ADDONS:
            for path in sorted((root / addon).rglob("*.py")):
                if "tests" not in path.parts:
                    tree = ast.parse(path.read_text(encoding="utf-8"))
                    with self.subTest(file=str(path.relative_to(root))):
                        self.assertEqual(list(bare_in_actions(tree)), [])

    def test_the_test_finds_a_button_that_does(self):
        for source, found in (
            ("def action_x(self):\n    self.sudo().write({})", [("action_x", 2)]),
            ("def action_x(self):\n    self.with_user(1).write({})", [("action_x", 2)]),
            ("def action_x(self):\n    self.sudo(False).write({})", []),
            ("def action_x(self):\n    trusted(self).write({})", []),
            ("def _make(self):\n    self.sudo().write({})", []),
        ):
            with self.subTest(source):
                self.assertEqual(list(bare_in_actions(ast.parse(source))), found)

    def test_the_test_finds_what_is_not_explained(self):
        for source, lines in (
            ("records.sudo().write(values)", [1]),
            ("records.with_user(other)", [1]),
            ("env(su=True)", [1]),
            ("trusted(records).write(values)", [1]),
            ("uid = SUPERUSER_ID", [1]),
            ("fields.Char(compute_sudo=True)", [1]),
            ("records.sudo(False).read()", []),
            ("records.sudo(flag)", [1]),
            ("env(su=False)\nrecords.write({})", []),
            ("# sudo: nobody\nrecords.sudo()", [2]),
            ("# users write no row themselves\nrecords.sudo()", [2]),
            ("# sudo: users write no row themselves\nrecords.sudo()", []),
            ("records.sudo()  # sudo: users write no row themselves", []),
            ("# sudo: users write no row themselves\nrows = records.sudo()\nothers = a.sudo()", []),
            ("# sudo: users write no row themselves\nrecords.sudo()\n\nother.sudo()", [4]),
            ("# sudo: users write no row themselves\na\nb\nc\nrecords.sudo()", [5]),
            ("x = 'sudo: users write no row themselves'\nrecords.sudo()", [2]),
            (
                """
                def first():
                    # sudo: users write no row themselves
                    return self.sudo()
                def second():
                    return self.sudo()
                """,
                [6],
            ),
        ):
            with self.subTest(source):
                self.assertEqual(unexplained(textwrap.dedent(source)), lines)
