"""Fails where docs/source-map.md has an empty cell, or names a test that is not there."""

import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "source-map.md"


def faults():
    for number, row in enumerate(PAGE.read_text().splitlines(), 1):
        if not row.startswith("|") or set(row) <= set("|- "):
            continue
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if not all(cells):
            yield f"{PAGE.name}:{number}: a cell is empty"
        for file, test in re.findall(r"`(test_\w+)\.(test_\w+)`", cells[-1]):
            if not any(
                f"def {test}(" in path.read_text() for path in REPO.glob(f"*/tests/**/{file}.py")
            ):
                yield f"{PAGE.name}:{number}: there is no test {file}.{test}"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(bool(found))
