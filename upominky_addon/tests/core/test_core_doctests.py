"""The core is pure, and the examples in its docstrings are true."""

import ast
import doctest
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from unittest import TestCase

from ... import core

ALLOWED = {*sys.stdlib_module_names, "dateutil"}


def modules():
    return [import_module(f"{core.__name__}.{m.name}") for m in pkgutil.iter_modules(core.__path__)]


def imported(module):
    """Yield the first names of all absolute imports in a module."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


class TestCoreItself(TestCase):
    def test_docstrings(self):
        for module in modules():
            with self.subTest(module=module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)

    def test_core_imports_the_standard_library_and_dateutil_only(self):
        for module in modules():
            with self.subTest(module=module.__name__):
                self.assertLessEqual(set(imported(module)), ALLOWED)
