"""Pytest plugin: makes `core`, `text` and their tests importable without Odoo.

The packages above them are empty stand-ins, so that their `__init__.py`, which imports models,
is never run. A core module that imports Odoo fails here, which is the point.
"""

import os
import sys
from pathlib import Path
from types import ModuleType

import _pytest.pathlib

REPO = Path(os.environ["UPOMINKY_REPO"])
ADDON = "upominky_addon"


def _stand_in(name, folder):
    module = ModuleType(name)
    module.__path__ = [str(folder)] if folder else []
    module.__file__ = str(folder / "__init__.py") if folder else None
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def _name_as_odoo_does(resolve):
    def resolve_pkg_root_and_module_name(path, **options):
        root, name = resolve(path, **options)
        if name.split(".")[0] == ADDON:
            name = f"odoo.addons.{name}"
        return root, name

    return resolve_pkg_root_and_module_name


_stand_in("odoo", None)
_stand_in("odoo.addons", None)
_stand_in(f"odoo.addons.{ADDON}", REPO / ADDON)
_stand_in(f"odoo.addons.{ADDON}.tests", REPO / ADDON / "tests")
_pytest.pathlib.resolve_pkg_root_and_module_name = _name_as_odoo_does(
    _pytest.pathlib.resolve_pkg_root_and_module_name
)
