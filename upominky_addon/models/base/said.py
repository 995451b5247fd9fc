"""Sentences that are kept as a code with its values, and written when they are read.

What a job notes at night in one language is read by people of others: a field of
:class:`SaidText` holds codes, and each reader gets the sentence in the language that is his. What
was kept as text before, and what others said (a mail server, a person), stays as it is.
"""

import json
from datetime import date
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from .dates import day_text
from .said_search import words_to_sql
from .sentences import OURS, SENTENCES

#: How a kept text begins; no sentence does.
MARK = '{"said": ['


class Label(NamedTuple):
    """A value of a selection, named as its reader knows it."""

    model: str
    name: str
    chosen: str


class Said(str):
    """Text in the language of who wrote it down, which knows the codes that it came from.

    ``parts`` are its lines: a code with its values, or the words of somebody else.
    """

    parts: tuple

    def kept(self):
        """Return what is stored."""
        return json.dumps({"said": self.parts}, ensure_ascii=False)


def say(env, code, **values):
    """Return a sentence, to be shown now and kept by its code.

    :param env: in whose language it is shown now
    :param str code: of :data:`.sentences.SENTENCES`
    :param values: texts, numbers, dates, a :class:`Label`, or sentences themselves
    :rtype: Said
    """
    part = [code, {name: _plain(env, value) for name, value in values.items()}]
    if code not in OURS:  # its add-on may go, its words stay
        part.append(_english(env)._(SENTENCES[code]))
    return _written(env, (part,))


def lines(env, *sentences):
    """Return sentences one below the other; empty ones are left out, and so is a second of a kind.

    :param sentences: those of :func:`say`, or the words of others
    :rtype: Said
    """
    found = [part for sentence in sentences for part in parts_of(sentence)]
    return _written(env, tuple(part for n, part in enumerate(found) if part not in found[:n]))


def said(error):
    """Return the sentence of an exception: as it was given to it, else its words.

    :param Exception error: what was raised
    """
    first = error.args[0] if error.args else None
    return first if isinstance(first, Said) else str(error)


def words_of(error):
    """Return what is told of an exception that may be nobody's sentence: then its name as well.

    :param Exception error: what was raised
    """
    return said(error) if isinstance(error, UserError) else repr(error)


def first_line(error):
    """Return an exception in one line, by its name where it has no words.

    :param Exception error: what was raised
    """
    return str(error).strip().partition("\n")[0] or repr(error)


def parts_of(text):
    """Return the lines of a text, those that are kept by a code as that."""
    if isinstance(text, Said):
        return text.parts
    return tuple(line for line in (text or "").splitlines() if line)


def without(env, text, other):
    """Return the lines of a text that are not in another one.

    :rtype: Said
    """
    gone = parts_of(other)
    return _written(env, tuple(part for part in parts_of(text) if part not in gone))


def verbatim(env, words):
    """Return what somebody else said, so that it is kept as his words whatever they look like.

    Of what begins as a kept text does, a reader would get the sentence of its codes.
    """
    if isinstance(words, Said) or not (words or "").startswith(MARK):
        return words
    return lines(env, words)


def read(env, stored):
    """Return a stored text as its reader reads it; what holds no codes as it is."""
    if not stored or not stored.startswith(MARK):
        return stored
    try:
        return _written(env, tuple(json.loads(stored)["said"]))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return stored  # no codes of ours: nobody's list is to stop at it


def kept(value):
    """Return a value as it is written into a column past the ORM."""
    return value.kept() if isinstance(value, Said) else value


def _written(env, parts):
    said = Said("\n".join(_sentence(env, part) for part in parts))
    said.parts = parts
    return said


def _english(env):
    return env(context={**env.context, "lang": "en_US"})


def _plain(env, value):
    """Return a value as it is kept: a date and a sentence as such, the rest as it is."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Label):
        return {"label": _kept_label(env, value)}
    if isinstance(value, Said):
        return {"said": list(value.parts)}
    return value if isinstance(value, str | int) else str(value)


def _kept_label(env, label):
    """Return a label as it is kept: with its words in English where an add-on may have brought it.

    The add-on may go, and its words are to stay.
    """
    field = env[label.model]._fields[label.name]
    if isinstance(field.selection, list):
        return list(label)
    words = dict(field._description_selection(_english(env)))
    return [*label, words.get(label.chosen, label.chosen)]


def _sentence(env, part):
    if isinstance(part, str):
        return part
    code, values, *words = part
    shown = {name: _shown(env, value) for name, value in values.items()}
    if code in SENTENCES:
        sentence = env._(SENTENCES[code])
        return sentence % shown
    # Of an add-on that is gone: its words in English, as they were kept.
    return words[0] % shown if words else ": ".join([code, *map(str, shown.values())])


def _shown(env, value):
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return day_text(env, date.fromisoformat(value["day"]))
    if "label" in value:
        model, name, chosen, *words = value["label"]
        labels = dict(env[model]._fields[name]._description_selection(env))
        return labels.get(chosen) or (words[0] if words else chosen)
    return "\n".join(_sentence(env, part) for part in value["said"])


class _Saying:
    """Keeps sentences by their codes, and gives them in the language of the reader."""

    def convert_to_cache(self, value, record, validate=True):
        return super().convert_to_cache(kept(value), record, validate)

    def convert_to_record(self, value, record):
        return read(record.env, super().convert_to_record(value, record))

    def convert_to_read(self, value, record, use_display_name=True):
        return str(value) if value else super().convert_to_read(value, record, use_display_name)

    def convert_to_write(self, value, record):
        return value

    # EXTENDS 'base'
    def condition_to_sql(  # noqa: PLR0917  as Odoo has it
        self, field_expr, operator, value, model, alias, query
    ):
        """Find by the words that the reader sees: codes and keys of what is kept are no words."""
        plain = super().condition_to_sql
        base = operator.removeprefix("not ")
        if base not in ("like", "ilike") or not isinstance(value, str) or not value:
            return plain(field_expr, operator, value, model, alias, query)
        column = model._field_to_sql(alias, field_expr, query)
        found = SQL(
            "COALESCE(CASE WHEN starts_with(%s, %s) THEN %s ELSE %s END, FALSE)",
            column,
            MARK,
            words_to_sql(model.env, column, value, exact_case=base == "like"),
            plain(field_expr, base, value, model, alias, query),
        )
        return SQL("NOT %s", found) if base != operator else found

    def _description_groupable(self, env):
        return False  # groups would be named by codes, which nobody can read


class SaidText(_Saying, fields.Text):
    """A text of some sentences."""


class SaidChar(_Saying, fields.Char):
    """One sentence, shown in a line."""
