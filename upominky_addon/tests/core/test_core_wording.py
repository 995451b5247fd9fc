"""Rule 30: whatever part of a sentence its reader types is found, values or not."""

import unittest

from ...core.wording import readings

SENTENCES = (
    (["cancelled by ", "."], ["jana nová"]),
    (["", " is “", "”."], ["up/1", "sent"]),
    (["", ": ", ""], ["acme: and son", "up/1 is held"]),
    (["", " ", ""], ["first.", "second."]),
    (["nobody tried."], []),
)


def written(literals, values):
    """Return a sentence as it is read."""
    return literals[0] + "".join(v + t for v, t in zip(values, literals[1:], strict=True))


class TestWording(unittest.TestCase):
    def test_every_part_of_a_sentence_is_found(self):
        for literals, values in SENTENCES:
            sentence = written(literals, values)
            for start in range(len(sentence)):
                for end in range(start + 1, len(sentence) + 1):
                    words = sentence[start:end]
                    if any(words in value for value in values):
                        continue
                    with self.subTest(sentence=sentence, words=words):
                        found = readings(literals, words)
                        self.assertTrue(
                            any(all(any(p in v for v in values) for p in parts) for parts in found)
                        )

    def test_words_of_no_sentence_are_not_found_in_it(self):
        for literals, values in SENTENCES[:2]:
            for words in ("zzz", "cancelled of", "is not"):
                with self.subTest(words=words, literals=literals):
                    found = readings(literals, words)
                    self.assertFalse(
                        any(all(any(p in v for v in values) for p in parts) for parts in found)
                    )
