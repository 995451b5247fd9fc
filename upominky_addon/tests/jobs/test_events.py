"""What the table says of an event is asked wherever it matters: no event is named by its code."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ...core.events import ISSUE, TABLE, Event, Since
from ...core.recheck import Rechecked
from ..common import TODAY, UpominkyCommon, smtp_inbox

VISIT = Event("visit", "Visit", "VISIT: somebody calls", raises=True, since=Since.OWN)
#: Asks for nothing, so that whatever was paid stays in it.
PRAISE = Event(
    "praise",
    "Praise",
    "PRAISE: a good word",
    raises=False,
    since=Since.OWN,
    recheck=lambda lines, paid, customer, company, by_hand, missing: Rechecked((), {}, (), {}),
)


def day(number):
    return TODAY + timedelta(days=number)


class EventCommon(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.move = self.invoice(due=30)
        self.reminder = self.generate().sudo()

    def know(self, *rows):
        """Let the table have these rows."""
        table = type(self.env["upominky.event"])
        self.startPatcher(patch.object(table, "_rows", lambda this: rows))

    def make_it(self, code):
        """Let the reminder be of an event."""
        self.reminder.event = self.reminder.line_ids.event = code
        self.env.flush_all()


class TestRaising(EventCommon):
    """Another event that raises levels: its row alone makes it count wherever reminders do."""

    def setUp(self):
        super().setUp()
        self.know(*TABLE, VISIT)
        self.make_it(VISIT.code)

    def test_rules_05_to_07_it_counts_and_holds_and_the_next_level_follows(self):
        self.assertEqual((self.move.upominky_level, self.move.upominky_count), (1, 1))
        self.assertEqual(self.move.upominky_status, "issued")
        self.assertFalse(self.generate(day(5)), "it was not sent yet")
        with smtp_inbox(self.env):
            self.send()
        self.assertTrue(self.move.upominky_next_date)
        self.assertEqual(self.reminder.next_date, self.move.upominky_next_date)
        again = self.generate(day(14))
        self.assertEqual((again.event, again.level_order), (ISSUE.code, 2))

    def test_rule_24_a_summary_lists_it_and_counts_its_days_from_it(self):
        rules = self.env["upominky.rule"].with_context(active_test=False)
        rules.search([("company_id", "=", self.company.id), ("event", "=", "resend")]).active = True
        self.rule.level_ids[1:].unlink()
        with smtp_inbox(self.env):
            self.send()
        self.assertFalse(self.generate(day(13)))
        summary = self.generate(day(14))
        self.assertEqual((summary.event, summary.line_ids.move_id), ("resend", self.move))

    def test_rule_14_the_database_refuses_a_level_twice_whatever_raises_it(self):
        line = self.reminder.line_ids
        refused = self.assertRaises(psycopg2.errors.UniqueViolation)
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            line.copy({"event": ISSUE.code})
            self.env.flush_all()

    def test_readiness_counts_its_levels(self):
        self.rule.active = False
        self.rule.copy({"name": "Visits", "event": VISIT.code, "active": True})
        levels = self.env["upominky.readiness"].new({"company_id": self.company.id})
        self.assertEqual(levels._sending_levels().rule_id.event, VISIT.code)

    def test_its_lines_move_to_the_receivable_that_an_invoice_has_after_it_was_changed(self):
        line = self.reminder.line_ids
        line.move_line_id = False
        self.move.button_draft()
        self.move.action_post()
        self.assertTrue(line.move_line_id)
        self.assertEqual(self.move.upominky_level, 1)

    def test_a_rule_may_have_many_levels_and_has_a_time_line(self):
        rule = self.rule.copy({"name": "Visits", "event": VISIT.code})
        self.assertEqual(len(rule.level_ids), len(self.rule.level_ids))
        self.assertTrue(rule.timeline)


class TestRecheck(EventCommon):
    def test_rule_17_the_row_says_what_is_left_before_it_is_sent(self):
        self.know(*TABLE, PRAISE)
        self.make_it(PRAISE.code)
        self.reminder.line_ids.counted = False
        address = self.reminder.email_to
        self.pay(self.move)
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual((self.reminder.state, len(inbox.messages)), ("sent", 1))
        self.assertEqual((self.reminder.email_to, self.reminder.line_ids.state), (address, "open"))
        self.assertEqual(self.reminder.currency_totals, {"CZK": 12100.0})


class TestGone(EventCommon):
    """What an add-on issued that is gone: readable, harmless, and in nobody's way."""

    def test_its_reminders_and_rules_are_read_and_issue_nothing(self):
        self.make_it("gone")
        rule = self.rule.copy({"name": "Gone", "sequence": 1})
        self.env.cr.execute("UPDATE upominky_rule SET event = 'gone' WHERE id = %s", [rule.id])
        self.env.invalidate_all()
        self.assertFalse(self.reminder.event_title)
        self.assertFalse(rule.timeline)
        rule.name = "Gone, and renamed"
        self.assertEqual(self.move.upominky_level, 1, "it was raised, and stays so")
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual((self.reminder.state, len(inbox.messages)), ("sent", 1))
        self.assertEqual(self.generate(day(14)).rule_id, self.rule)

    def test_no_rule_is_made_of_an_event_that_there_is_not(self):
        with self.assertRaisesRegex(ValidationError, "“nothing” is no event"):
            self.rule.event = "nothing"
