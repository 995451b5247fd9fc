"""Fail for functions over 40 lines, and for Python files over 300 lines other than tests."""

import ast
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
FUNCTION_LINES = 40
FILE_LINES = 300


def long_functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node, lines


def complaints(path):
    name = path.relative_to(REPO)
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > FILE_LINES and "tests" not in name.parts:
        yield f"{name}: {lines} lines, at most {FILE_LINES}"
    for node, length in long_functions(ast.parse(text, filename=str(name))):
        yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def main():
    found = [
        line for path in sorted(REPO.glob("upominky_addon*/**/*.py")) for line in complaints(path)
    ]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
