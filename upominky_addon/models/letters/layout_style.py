"""The styles of Odoo's reports, so many of them as a part of a page needs, and for it alone.

Odoo's reports bring a whole framework of styles (Bootstrap, 400 kB). A letter has its own; the head
and foot of a company's document layout get theirs by this.
"""

import re
from functools import lru_cache

#: The element that the styles are for.
SCOPE = "o_upominky_layout"
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_TAG = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)")
#: What a page of paper knows not, and what would style the letter around.
_NOT_OURS = frozenset({"html", "body"})


@lru_cache(maxsize=8)
def rules_of(css: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the rules of a stylesheet that hold for every medium: selectors, and what they set."""
    import tinycss2

    found = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tuple(
        (_selectors(rule.prelude), tinycss2.serialize(rule.content))
        for rule in found
        if rule.type == "qualified-rule"
    )


def _selectors(prelude):
    """Return the selectors of a rule: what is between the commas that are not within brackets."""
    import tinycss2

    parts = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(tinycss2.serialize(part).strip() for part in parts)


def styles_for(css: str, classes: frozenset[str], tags: frozenset[str]) -> str:
    """Return the styles of a stylesheet that a part of a page with these elements needs.

    :param css: a stylesheet
    :param classes: of the part's elements
    :param tags: names of its elements
    """
    kept = []
    for selectors, content in rules_of(css):
        mine = [scoped for one in selectors if (scoped := _scoped(one, classes, tags))]
        if mine:
            kept.append(f"{', '.join(mine)} {{{content}}}")
    return "\n".join(kept)


def _scoped(selector, classes, tags):
    """Return a selector for the part alone, "" if it finds nothing there."""
    if selector.startswith(":root"):
        return f".{SCOPE}"
    names = set(_TAG.findall(selector))
    if names & _NOT_OURS or not names <= tags or not classes.issuperset(_CLASS.findall(selector)):
        return ""
    return f".{SCOPE} {selector}"
