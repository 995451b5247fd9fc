"""Each room of `models/` imports those below it alone, so that none has to be read with another."""

import ast
import re
from pathlib import Path
from unittest import TestCase

MODELS = Path(__file__).parents[2] / "models"
#: What each room may import beside `core`, `text` and Odoo's own models that lie at the root.
MAY_IMPORT = {
    "base": set(),
    "rules": {"base"},
    "books": {"base", "rules"},
    "reminders": {"base", "rules", "books"},
    "jobs": {"base", "rules", "books", "reminders"},
    "letters": {"base", "rules", "books", "reminders"},
    "delivery": {"base", "rules", "books", "reminders", "letters"},
    "delivery/letter": {"base", "rules", "books", "reminders", "letters", "delivery"},
    "delivery/email": {"base", "rules", "books", "reminders", "letters", "delivery"},
    "cases": {"base", "rules", "books", "reminders", "jobs", "letters"},
    "overview": {"base", "rules", "books", "reminders"},
    "billing": {"base", "rules", "books", "reminders", "letters"},
    "statements": {"base", "books", "reminders", "letters", "cases"},
}


def room_of(path):
    return str(path.parent.relative_to(MODELS))


def imported(path):
    """Yield the rooms that a module imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            target = folder.joinpath(*(node.module or "").split("."))
            if target.is_relative_to(MODELS) and target not in (MODELS, path.parent):
                yield room_of(target if target.is_dir() else target.with_suffix(".py"))


class TestRooms(TestCase):
    def test_every_room_says_what_it_is_for(self):
        for room in MAY_IMPORT:
            with self.subTest(room=room):
                tree = ast.parse((MODELS / room / "__init__.py").read_text(encoding="utf-8"))
                self.assertGreater(len(ast.get_docstring(tree) or ""), 40)
        rooms = {str(p.parent.relative_to(MODELS)) for p in MODELS.rglob("*.py")} - {"."}
        self.assertEqual(rooms, set(MAY_IMPORT))

    def test_rooms_import_those_below_alone(self):
        seen = set()
        for path in sorted(MODELS.rglob("*.py")):
            room = room_of(path)
            if room == "." or path.name == "__init__.py":
                continue
            others = set(imported(path)) - {room, "."}
            seen |= {(room, other) for other in others}
            with self.subTest(module=str(path.relative_to(MODELS))):
                self.assertEqual(others - MAY_IMPORT[room], set())
        self.assertIn(("delivery", "reminders"), seen)


class TestPages(TestCase):
    def test_files_that_the_pages_name_are_there(self):
        repo = MODELS.parents[1]
        if not (repo / "docs").is_dir():
            self.skipTest("installed without its documents")
        named = 0
        for page in (repo / "README.md", *sorted((repo / "docs").rglob("*.md"))):
            text = page.read_text(encoding="utf-8")
            for name in re.findall(r"`((?:core|text|models|wizard|data|tests)/[\w/]+\.\w+)`", text):
                with self.subTest(page=page.name, file=name):
                    here, of_repo = MODELS.parent / name, repo / name
                    self.assertTrue(here.is_file() or of_repo.is_file())
                named += 1
            for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())
        self.assertGreater(named, 30)
