"""What of a message is only known when its turn comes: its files, or links in their place."""

from uuid import uuid4

from markupsafe import Markup


class FileSlot:
    """The files of the reminder whose turn it is: read once for all its contacts, then let go.

    Messages of one batch share it. ``place`` stands in their HTML where links may come.
    """

    def __init__(self):
        self.place = f"upominky-{uuid4().hex}"
        self._key, self._files = None, ()

    def get(self, key, read):
        """Return files, which are read where another reminder had its turn before.

        :param key: tells what would be read
        :param read: called without arguments
        """
        if key != self._key:
            self._key, self._files = None, ()  # both would not fit into memory
            self._files = read()
            self._key = key
        return self._files


def with_place(body, place):
    """Return a rendered body with a place at its end, as it is if there is none.

    :param Markup body: what the template gave, without the frame
    :param str place: of a :class:`FileSlot`, empty where nothing is to stand there
    """
    return body + Markup("<p>%s</p>") % place if place else body


def at_place(html, place, block=""):
    """Return a message with something in the place that was left for it.

    :param Markup html: the message in its frame
    :param str place: as above
    :param Markup block: what comes there
    """
    if not place:
        return html
    text = str(html).replace(f"<p>{place}</p>", str(block)).replace(place, "")
    return Markup(text)  # a part of it was replaced by what is HTML already
