"""Whether a text names a time to pay, as “within seven days”, in the languages of the defaults."""

#: What such words begin with, and what they end with.
_ENDS = {
    "within": ("day", "days"),
    "do": ("dnů", "dní"),
    "innerhalb": ("tag", "tage", "tagen"),
    "binnen": ("tag", "tage", "tagen"),
    "ciągu": ("dni",),
    "terminie": ("dni",),
}
#: At most so many words lie from the first to the last: “within the next seven days”.
_MOST = 4
_SIGNS = ".,;:!?)(„“”\"'|{}*_/"


def time_to_pay(text: str) -> str:
    """Return the first words of a text that name a time to pay, nothing if there are none.

    >>> time_to_pay("Please pay within seven days, or write to us.")
    'within seven days'
    >>> time_to_pay("Uhraďte je prosím do 14 dnů."), time_to_pay("What do we do these days?")
    ('do 14 dnů', '')
    """
    said = text.split()
    words = [word.strip(_SIGNS) for word in said]
    for start, word in enumerate(words):
        ends = _ENDS.get(word.lower(), ())
        for last in range(start + 2, min(start + _MOST, len(words) - 1) + 1):
            if said[last - 1].endswith((".", "!", "?")):  # another sentence begins
                break
            if words[last].lower() in ends:
                return " ".join(words[start : last + 1])
    return ""
