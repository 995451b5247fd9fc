"""Build the add-ons' wheels and their zip, and check what an Odoo finds. Called by scripts/build.

The zip is for unpacking into a folder of addons_path. Odoo's “Import Module” takes data-only
modules: of a zip it unpacks data, static files and translations, never Python.
"""

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
ADDONS = ("upominky_addon", "upominky_addon_sale", "upominky_addon_snailmail")
#: Times in the zip: the same files give the same archive.
STAMP = (2020, 1, 1, 0, 0, 0)


def manifest(addon):
    return ast.literal_eval((REPO / addon / "__manifest__.py").read_text(encoding="utf-8"))


def sources(addon):
    """Return the files of an add-on that git knows, but for what only builds it."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=REPO / addon, text=True)
    return sorted(name for name in listed.split("\0") if name and name != "pyproject.toml")


# ------------------------------------------------------------------------ build


def build_wheel(addon, folder):
    from whool import buildapi

    os.chdir(REPO / addon)
    # The version is the manifest's, without a count of commits.
    os.environ["WHOOL_POST_VERSION_STRATEGY_OVERRIDE"] = "none"
    return buildapi.build_wheel(str(folder))


def build_zip(folder):
    name = f"upominky_addon-{manifest(ADDONS[0])['version']}.zip"
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for addon in ADDONS:
            for source in sources(addon):
                info = zipfile.ZipInfo(f"{addon}/{source}", STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, (REPO / addon / source).read_bytes())
    return name


def build(folder):
    for addon in ADDONS:
        print(build_wheel(addon, folder))
    print(build_zip(folder))


# ------------------------------------------------------------------------ check


def faults(folder, installed, addons_path):
    from odoo.modules.module import Manifest, initialize_sys_path
    from odoo.tools import config

    config.parse_config([f"--addons-path={addons_path}", "--http-interface=127.0.0.1"])
    initialize_sys_path()
    (archive,) = folder.glob("*.zip")
    zipped = set(zipfile.ZipFile(archive).namelist())
    for addon in ADDONS:
        found = Manifest.for_addon(addon)
        if not found or Path(found.path) != installed / "odoo" / "addons" / addon:
            yield f"Odoo finds {addon} in {found and found.path}, not where the wheel put it."
            continue
        wanted, there = set(sources(addon)), files(Path(found.path))
        yield from (f"not in the wheel: {addon}/{name}" for name in sorted(wanted - there))
        yield from (f"only in the wheel: {addon}/{name}" for name in sorted(there - wanted))
        yield from (f"not in the zip: {addon}/{n}" for n in wanted if f"{addon}/{n}" not in zipped)
        data = (
            {*found["data"], "static/description/icon.png"} if addon == ADDONS[0] else found["data"]
        )
        yield from (f"missing data: {addon}/{name}" for name in data if name not in there)


def files(folder):
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def check(folder, installed, addons_path):
    found = list(faults(folder, installed, addons_path))
    print("\n".join(found) or "Odoo finds both add-ons with all their files.")
    return bool(found)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    sys.exit({"build": build, "check": check}[what](*map(Path, arguments)))
