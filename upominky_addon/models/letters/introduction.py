"""The parts of a rendered message: what stands before its table may be written anew."""

from lxml import html

from .plain import MARK, bare

#: Stands for the table while a body is a tree: an element that may stand anywhere in a text.
_PLACE = '<a name="upominky-table"></a>'
_TABLES = '//a[@name="upominky-table"] | //*[contains(@class, "o_upominky_table")]'


def introduction(body, table):
    """Return what a body says before its table, all of it if it has none.

    :param str body: what the template gave, without the frame
    :param str table: the table as it stands in the body
    :rtype: str
    """
    _tree, place = _parse(bare(body, table))
    return (_escaped(place.getparent().text) + "".join(map(_written, _before(place)))).strip()


def with_introduction(body, table, text):
    """Return a body that says ``text`` before its table, and what it said after it.

    :param str body: what the template gave, without the frame
    :param str table: the table as it stands in the body
    :param str text: HTML that was cleaned already
    :rtype: str
    """
    source = bare(body, table)
    tree, place = _parse(source)
    parent = place.getparent()
    for node in _before(place):
        parent.remove(node)  # with the text that follows it
    written = html.fragment_fromstring(text.replace(_PLACE, ""), create_parent="div")
    parent.text = written.text
    for node in list(written):
        place.addprevious(node)
    return _inside(tree).replace(_PLACE, table if MARK in source else "", 1)


def with_other_table(body, table, other):
    """Return a body with another table in the place of its own, at its end if it has none.

    :param str body: what the template gave, without the frame
    :param str table: the table as it stands in the body
    :param str other: HTML that stands there instead
    :rtype: str
    """
    source = bare(body, table)
    if MARK in source:
        return source.replace(MARK, other)
    tree, _place = _parse(source)
    found = tree.xpath(_TABLES)
    found[0].addprevious(html.fragment_fromstring(_PLACE))
    for node in found:
        node.drop_tree()
    return _inside(tree).replace(_PLACE, other, 1)


def _parse(source):
    """Return a body as a tree, and the node before which the introduction stands.

    Where the table has a box of its own, that box.
    """
    tree = html.fragment_fromstring(source.replace(MARK, _PLACE, 1), create_parent="div")
    found = tree.xpath(_TABLES)
    if not found:
        box = tree[0] if len(tree) == 1 and not _has_text(tree.text) else tree
        box.append(html.fragment_fromstring(_PLACE))
        return tree, box[-1]
    place = found[0]
    while not _says_something(place):
        if place.getparent() is tree:
            return tree, found[0]
        place = place.getparent()
    return tree, place


def _before(place):
    return list(place.itersiblings(preceding=True))[::-1]


def _says_something(place):
    """Say whether anything stands before a node, in the box that it is in."""
    return _has_text(place.getparent().text) or bool(_before(place))


def _has_text(text):
    return bool(text and text.strip())


def _written(node):
    return html.tostring(node, encoding="unicode")


def _escaped(text):
    return html.etree.tostring(_text_node(text), encoding="unicode", method="html")[6:-7]


def _text_node(text):
    node = html.Element("span")
    node.text = text or ""
    return node


def _inside(tree):
    return _escaped(tree.text) + "".join(map(_written, tree))
