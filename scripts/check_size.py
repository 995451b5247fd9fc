"""Fail for functions over 40 lines. A file is as long as its role asks for."""

import ast
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LINES = 40


def long_functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > LINES:
                yield node, lines


def complaints(path):
    name = path.relative_to(REPO)
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(name))
    for node, length in long_functions(tree):
        yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {LINES}"


def main():
    found = [
        line for path in sorted(REPO.glob("upominky_addon*/**/*.py")) for line in complaints(path)
    ]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
