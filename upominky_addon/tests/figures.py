import os
from pathlib import Path


def tell_figures(text):
    """Have scripts/test print, before its last line, what a test of many worlds went through."""
    if name := os.environ.get("UPOMINKY_FIGURES"):
        with Path(name).open("a", encoding="utf-8") as figures:
            figures.write(f"{text}\n")
