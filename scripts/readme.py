"""Make each module's README of its fragments in `readme/`, as OCA has them; `--check` only looks.

OCA's own generator is not on the package index; it also writes reStructuredText and links to OCA's
servers. The fragments are its fragments, so that it can take over.
"""

import ast
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
FRAGMENTS = {
    "DESCRIPTION": "",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues and roadmap",
    "HISTORY": "Changelog",
}
NOTE = "<!-- Made of readme/*.md by scripts/readme.py: change those. -->"


def deeper(text):
    """Put the headings of a fragment below its own."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.splitlines())


def readme(addon):
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    parts = [f"# {manifest['name']}", NOTE]
    for name, title in FRAGMENTS.items():
        path = addon / "readme" / f"{name}.md"
        if path.is_file():
            parts += [f"## {title}"] if title else []
            parts.append(deeper(path.read_text(encoding="utf-8").strip()))
    parts.append("## Credits")
    parts.append(f"Author: {manifest['author']}. Licence: {manifest['license']}.")
    return "\n\n".join(parts) + "\n"


def main():
    stale = []
    for manifest in sorted(REPO.glob("upominky_addon*/__manifest__.py")):
        path, text = manifest.parent / "README.md", readme(manifest.parent)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(REPO)))
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        print(f"Not made of their fragments: {', '.join(stale)}. Run scripts/readme.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
