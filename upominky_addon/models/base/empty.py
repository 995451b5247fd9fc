"""What an empty page says where an action narrows it down."""

from markupsafe import Markup


def nothing_of_these(env):
    """Return the help of an action that shows some of what there is: none of these is left.

    :rtype: markupsafe.Markup
    """
    return Markup('<p class="o_view_nocontent_empty_folder">%s</p>') % env._("Nothing is left here")
