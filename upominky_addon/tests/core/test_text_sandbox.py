"""SPEC rule 20: the plain-text template is refused or cut off, with its line, never let loose."""

import contextlib
import doctest
import time
from datetime import date
from decimal import Decimal
from unittest import TestCase
from unittest.mock import patch

from jinja2.optimizer import Optimizer

from ...text import sandbox, values
from ...text.errors import Fault, TextError
from ...text.values import SAMPLE, with_texts

FORMATS = {"money": "{} {}".format, "date": "{:%d.%m.%Y}".format}
VALUES = with_texts(SAMPLE, FORMATS)

#: Template, kind of the error, what it names, and the line; every one is refused at once.
REFUSED = (
    # What is not known.
    ("a\n{{ nonsense }}", Fault.UNKNOWN, "nonsense", 2),
    ("{% if order == 7 %}\n{{ nonsense }}\n{% endif %}", Fault.UNKNOWN, "nonsense", 2),
    ("{% for b in currencies %}\n\n{{ b.cod }}{% endfor %}", Fault.UNKNOWN, "cod", 3),
    ("{{ number.foo.bar }}", Fault.UNKNOWN, "foo", 1),
    ("{{ object.env }}", Fault.UNKNOWN, "object", 1),
    ("{{ self }}", Fault.UNKNOWN, "self", 1),
    ("{{ loop.index }}", Fault.UNKNOWN, "loop", 1),
    # What is not written correctly.
    ("a\nb {{ number", Fault.SYNTAX, None, 2),
    ("{% for b in currencies %}", Fault.SYNTAX, None, 1),
    ("{{ " + "9" * 5000 + " }}", Fault.SYNTAX, None, None),
    # Other records, files, the environment, Python itself.
    ("{{ ''.__class__.__mro__ }}", Fault.REFUSED, None, 1),
    ("{{ ''['__class__'] }}", Fault.REFUSED, "__class__", 1),
    ("{{ number|attr('__class__') }}", Fault.REFUSED, "attr", 1),
    ("{{ cycler.__init__.__globals__.os.environ }}", Fault.REFUSED, None, 1),
    ("{{ lipsum.__globals__ }}", Fault.REFUSED, "__globals__", 1),
    ("\n{% include '/etc/passwd' %}", Fault.REFUSED, "include", 2),
    ("{% import 'os' as os %}", Fault.REFUSED, "import", 1),
    ("{% extends 'x' %}", Fault.REFUSED, "extends", 1),
    ("{{ number.format(1) }}", Fault.REFUSED, "format()", 1),
    ("{{ range(900)|map('replace', '1', 'y' * 19000)|list }}", Fault.REFUSED, "map", 1),
    ("{{ range(9)|map('_concat', number)|join }}", Fault.REFUSED, "map", 1),
    ("{{ currencies|map(attribute='code.__class__')|join }}", Fault.REFUSED, "__class__", 1),
    ("{{ currencies|sort(attribute='__class__.__mro__')|join }}", Fault.REFUSED, None, 1),
    ("{{ currencies|selectattr('code.__class__')|list|length }}", Fault.REFUSED, None, 1),
    ("{{ currencies|groupby('code') }}", Fault.REFUSED, "groupby", 1),
    ("{{ currencies.__init__.__globals__ }}", Fault.REFUSED, None, 1),
    ("{{ number[:].__class__ }}", Fault.REFUSED, "__class__", 1),
    ("{% filter upper %}x{% endfilter %}", Fault.REFUSED, "filterblock", 1),
    ("{% call(x) f() %}{% endcall %}", Fault.REFUSED, "callblock", 1),
    ("{% block a %}{% endblock %}", Fault.REFUSED, "block", 1),
    ("{% with a = number %}{{ a }}{% endwith %}", Fault.REFUSED, "with", 1),
    ("{% set a.b = 1 %}", Fault.REFUSED, None, 1),
    ("{{ dict(a=1) }}", Fault.REFUSED, "dict()", 1),
    ("{{ {'a': 1} }}", Fault.REFUSED, "dict", 1),
    ("{{ number.upper }}", Fault.REFUSED, "upper", 1),
    ("{{ currencies.append(1) }}", Fault.REFUSED, "append()", 1),
    ("{{ currencies|tojson }}", Fault.REFUSED, "tojson", 1),
    ("{{ range(*currencies) }}", Fault.REFUSED, "range", 1),
    # Endless, or huge.
    ("{{ 'x' * 10**9 }}", Fault.REFUSED, "pow", 1),
    ("{{ 'x' * 1000000000 }}", Fault.TOO_LONG, None, 1),
    ("{{ 1000000000 * 'x' }}", Fault.TOO_LONG, None, 1),
    ("{{ 'x'|center(1000000000) }}", Fault.REFUSED, "center", 1),
    ("{{ 'x'|format(1) }}", Fault.REFUSED, "format", 1),
    ("{{ '%1000000000d' % 1 }}", Fault.REFUSED, "%", 1),
    ("{{ 'x'|replace('', 'y' * 20000) }}{{ 'xx'|replace('x', 'y' * 20000) }}",
     Fault.TOO_LONG, None, 1),
    ("{{ range(1000)|join('y' * 1000) }}", Fault.TOO_LONG, None, 1),
    ("{% set a = 'x' * 9999 %}\n{% set b = a ~ a ~ a %}", Fault.TOO_LONG, None, 2),
    ("{% set a = 'x' * 19999 %}{{ a + a }}", Fault.TOO_LONG, None, 1),
    ("{{ 9999999999 * 9999999999 }}", Fault.TOO_LONG, None, 1),
    ("{% for i in range(100000) %}{% endfor %}", Fault.TOO_MANY, None, 1),
    ("{% for i in range(900) %}\n{% for j in range(900) %}{% endfor %}{% endfor %}",
     Fault.TOO_MANY, None, 2),
    ("{% for i in range(900) %}{{ 'x' * 19999 }}{% endfor %}", Fault.TOO_LONG, None, None),
    ("{% macro f() %}{{ f() }}{% endmacro %}", Fault.REFUSED, "macro", 1),
    ("{% for b in currencies recursive %}{% endfor %}", Fault.REFUSED, "recursive", 1),
    ("{{ loop(currencies) }}", Fault.REFUSED, "loop()", 1),
    ("{% set x = namespace(a=1) %}", Fault.REFUSED, "namespace()", 1),
    ("{% set x %}{{ number }}{% endset %}", Fault.REFUSED, "assignblock", 1),
    ("{{ [[1], [2]] }}", Fault.REFUSED, "[…]", 1),
    ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", Fault.TOO_DEEP, None, None),
    ("{{ 1" + " + 1" * 4000 + " }}", Fault.TOO_DEEP, None, 1),
    ("{% for i in range(2) %}" * 22 + "{% endfor %}" * 22, Fault.TOO_DEEP, None, None),
    ("x" * 20001, Fault.TOO_LONG, None, None),
    # What cannot be written or computed.
    ("{{ currencies }}", Fault.NOT_TEXT, None, 1),
    ("{{ currencies[0] ~ 'x' }}", Fault.NOT_TEXT, None, 1),
    ("{% for b in currencies %}{{ loop }}{% endfor %}", Fault.NOT_TEXT, None, 1),
    ("{% for letter in number %}{% endfor %}", Fault.NOT_TEXT, None, 1),
    ("{{ order / 0 }}", Fault.FAILED, "division by zero", 1),
)  # fmt: skip

RENDERED = (
    ("{{ number }}", "UP/2026/00001"),
    ("{{ issue_date_text }} {{ issue_date | date }}", "29.05.2026 29.05.2026"),
    ("{% for b in currencies %}{{ b.code }} {{ b.total | money(b.code) }};{% endfor %}",
     "CZK 9000.00 CZK;EUR 9000.00 EUR;"),
    ("{{ currencies[0].lines[0].left_text }}", "10000.00 CZK"),
    ("{{ currencies[0].credits[0].amount_text }}", "1000.00 CZK"),
    ("{{ 'ab' | left(4) }}|{{ 'ab' | right(4) }}|", "ab  |  ab|"),
    ("{{ 'ab' | right(1000000000) | length }}", "200"),
    ("{{ 5 | round(-1000000000) }}", "5"),
    ("{{ currencies[0].total * 0.5 }}", "4500.000"),
    ("{{ currencies[0].lines | sum(attribute='left') }}", "10000.00"),
    ("{{ currencies | map(attribute='code') | join(', ') }}", "CZK, EUR"),
    ("{{ currencies[0].lines | selectattr('days_overdue', 'gt', 10) | list | length }}", "1"),
    ("{{ (issue_date - currencies[0].lines[0].due_date).days }}", "30"),
    ("{{ 'yes' if language in ('en_US', 'cs_CZ') else 'no' }}", "yes"),
    ("{{ '-' * 5 }}{{ 'a' ~ 1 ~ 'b' }}{{ 'a' + 'b' }}{{ 7 // 2 }}{{ 7 % 2 }}", "-----a1bab31"),
    ("{{ number | upper | lower | title | trim | default('x') | replace('/', '-') }}",
     "Up-2026-00001"),
    ("{% if order > 1 %}\nlater\n{% else %}\nfirst\n{% endif %}\nend", "first\nend"),
    ("{% raw %}{{ number }}{% endraw %}{# a note #}", "{{ number }}"),
    ("<b>{{ '<i>&' }}</b>", "<b><i>&</b>"),
)  # fmt: skip


class TestTextSandbox(TestCase):
    def test_rule_20_what_a_template_may_not_do(self):
        for source, fault, what, line in REFUSED:
            with self.subTest(source=source[:80]):
                started = time.monotonic()
                with self.assertRaises(TextError) as caught:
                    sandbox.check(source, VALUES, FORMATS)
                self.assertLess(time.monotonic() - started, 2)
                self.assertEqual(caught.exception.fault, fault)
                self.assertEqual(caught.exception.line, line)
                if what:
                    self.assertEqual(caught.exception.what, what)

    def test_rule_20_what_a_template_may_do(self):
        for source, expected in RENDERED:
            with self.subTest(source=source):
                sandbox.check(source, VALUES, FORMATS)
                self.assertEqual(sandbox.render(source, VALUES, FORMATS), expected)

    def test_rule_20_values_are_never_read_as_a_template(self):
        name = "{{ number }}{% for %} %(x)s {x}"
        text = sandbox.render("{{ customer_name }}", {**VALUES, "customer_name": name}, FORMATS)
        self.assertEqual(text, name)

    def test_rule_20_what_takes_too_long_is_stopped(self):
        slow = (
            "{% for i in range(900) %}{% for j in range(50) %}{% set a = ('x' * 19999)"
            + "| replace('x', 'y') | replace('y', 'x')" * 20
            + " %}{% endfor %}{% endfor %}"
        )
        for limit, fault in (("MAX_WORK", Fault.TOO_SLOW), ("MAX_SECONDS", Fault.TOO_MANY)):
            limits = {limit: 10**9, **({"MAX_SECONDS": 0.2} if limit == "MAX_WORK" else {})}
            with (
                self.subTest(without=limit),
                patch.multiple(sandbox, **limits),
                self.assertRaises(TextError) as caught,
            ):
                sandbox.render(slow, VALUES, FORMATS)
            self.assertEqual(caught.exception.fault, fault)

    def test_rule_20_work_is_counted_whatever_it_is_made_of(self):
        """Each took many seconds to be refused; now the work is bounded, and not by the clock."""
        many, long = "{% for a in range(1000) %}", "{% set x = 'abcdefghij' * 1900 %}"
        for body in (
            "{{ range(1000)|list|reverse|list|sort|length }}" * 380,
            "{{ range(1000)|sort|sort|sort|first }}" * 450,
            "{{ (x|upper|lower|upper)|length }}" * 500,
            "{{ (x ~ 'a')|replace('a','b')|length }}" * 400,
            "{% if 'jjjj' in x and 'zz' in x %}{% endif %}" * 400,
            "{% if x < x ~ 'a' %}{% endif %}" * 500,
            "{% set z = x[1:] %}" * 800,
            "{{ (a * 1.5 // 3 % 7)|round(2) }}" * 550,
            "{% set y = a %}" * 1200,
            "{{ currencies|map(attribute='code')|list|join|length }}" * 340,
        ):
            with self.subTest(body[:40]), patch.object(sandbox, "MAX_SECONDS", 10**6):
                with self.assertRaises(TextError) as caught:
                    sandbox.check(long + many + body + "{% endfor %}", VALUES, FORMATS)
                self.assertIn(caught.exception.fault, (Fault.TOO_MANY, Fault.TOO_LONG))

    def test_rule_20_constants_are_computed_like_other_values(self):
        """Jinja would compute them when it compiles, without the reader's filters."""

        def day(value):
            raise TextError(Fault.NO_DATE)

        for source in ("{{ 'x'|date }}", "{{ 5|date }}", "{% if order %}{{ 'x'|date }}{% endif %}"):
            with self.subTest(source), self.assertRaises(TextError) as caught:
                sandbox.check(source, VALUES, {**FORMATS, "date": day})
            self.assertEqual(caught.exception.fault, Fault.NO_DATE)

    def test_rule_20_names_are_looked_for_without_computing_constants(self):
        """Jinja went down each chain once per link: 20 kB of them took five seconds."""
        for link in (".a", "[0]", "|upper", "+1", "*1", " if 1", " or 1"):
            source = ("{{ order" + link * 50 + " }}") * 2
            with (
                self.subTest(link),
                patch.object(Optimizer, "generic_visit", side_effect=AssertionError),
                contextlib.suppress(TextError),
            ):
                sandbox.check(source, VALUES, FORMATS)

    def test_doctests(self):
        self.assertEqual(doctest.testmod(values), (0, 1))

    def test_rule_20_a_long_reminder_is_within_the_limits(self):
        line = {"number": "FV/2026/00001", "left": Decimal(1), "due_date": date(2026, 5, 1)}
        block = {"code": "CZK", "lines": [line] * 10_000}
        source = (
            "{% for b in currencies %}{% for l in b.lines %}{{ l.number | left(20) }}"
            "{{ l.due_date | date }} {{ l.left | money(b.code) | right(20) }}\n"
            "{% endfor %}{% endfor %}"
        )
        text = sandbox.render(source, {"currencies": [block]}, FORMATS)
        self.assertEqual(len(text.splitlines()), 10_000)
