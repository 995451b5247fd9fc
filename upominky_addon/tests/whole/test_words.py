"""What people read is found by the export of translations, wherever it stands in the code."""

import ast
from pathlib import Path
from unittest import TestCase

ADDON = Path(__file__).parents[2]
TRANSLATES = {"_", "_lt"}


def hidden(path):
    """Yield the lines of words inside an f-string: the export does not look into it."""
    for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(text, ast.JoinedStr):
            for node in ast.walk(text):
                if isinstance(node, ast.Call) and _name(node.func) in TRANSLATES:
                    yield node.lineno


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


class TestWords(TestCase):
    def test_no_words_are_hidden_in_an_f_string(self):
        for path in ADDON.rglob("*.py"):
            if "tests" not in path.relative_to(ADDON).parts:
                with self.subTest(path=path.name):
                    self.assertEqual(list(hidden(path)), [])
