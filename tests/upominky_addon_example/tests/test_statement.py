"""An event of another add-on, as docs/extending.md says: issued, sent, shown, no level."""

from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.upominky_addon.tests.common import TODAY, UpominkyCommon, smtp_inbox

STATEMENT = "statement"
OURS = ["issue", "resend", "notice", "thanks"]
#: What shows an event, and by which words.
SHOWN = {
    "upominky.rule": {
        "en_US": "STATEMENT: all that is not paid, overdue or not",
        "cs_CZ": "STATEMENT: vše, co není uhrazeno, po splatnosti i před ní",
    },
    "upominky.reminder": {"en_US": "Statement", "cs_CZ": "Výpis"},
    "upominky.reminder.line": {"en_US": "Statement", "cs_CZ": "Výpis"},
    "upominky.analysis": {"en_US": "Statement", "cs_CZ": "Výpis"},
}


def day(number):
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install", "upominky_addon")
class TestStatement(UpominkyCommon):
    def setUp(self):
        super().setUp()
        template = self.env.ref("upominky_addon.mail_template_resend")._upominky_copy_for(
            self.company
        )
        level = {"days_overdue": 30, "mail_template_id": template.id}
        self.statements = self.env["upominky.rule"].create(
            {"name": "Statements", "event": STATEMENT, "level_ids": [Command.create(level)]}
        )
        # Reminders are issued of what is older.
        self.rule.level_ids[0].days_overdue = 20

    def mailed(self, number=0):
        """Issue and send on a day, and return what was issued."""
        with smtp_inbox(self.env):
            issued = self.generate(day(number))
            self.send(day(number))
        return issued

    def test_it_lists_what_is_owed_whether_overdue_or_not(self):
        overdue, open_one = self.invoice(amount=1000, due=10), self.invoice(amount=50, due=-10)
        with smtp_inbox(self.env) as inbox:
            statement = self.generate()
            self.assertEqual((statement.event, statement.state), (STATEMENT, "issued"))
            self.assertEqual(statement.line_ids.move_id, overdue | open_one)
            self.send()
        self.assertEqual((statement.state, len(inbox.messages)), ("sent", 1))
        self.assertEqual(statement.line_ids.mapped("state"), ["open", "open"])
        self.assertEqual(statement.currency_totals, {"CZK": 1050.0})

    def test_whoever_has_nothing_overdue_gets_one_too_and_only_with_a_rule(self):
        self.invoice(due=-10)
        self.statements.active = False
        self.assertFalse(self.generate())
        self.statements.active = True
        self.assertEqual(self.generate().event, STATEMENT)

    def test_its_days_count_from_the_last_one(self):
        self.invoice(due=-100)
        self.assertEqual(self.mailed().event, STATEMENT)
        self.assertFalse(self.mailed())
        self.assertFalse(self.mailed(29))
        self.assertEqual(self.mailed(30).event, STATEMENT)

    def test_it_stands_in_the_history_and_raises_no_level(self):
        move = self.invoice(amount=1000, due=10)
        line = self.mailed().line_ids
        self.assertEqual((line.event, line.counted), (STATEMENT, False))
        self.assertEqual(move.upominky_line_ids, line)
        self.assertEqual((move.upominky_level, move.upominky_count), (0, 0))
        self.assertEqual((move.upominky_last_date, move.upominky_status), (False, False))
        with self.on(TODAY):
            self.assertEqual(move.upominky_next_date, day(10))
            self.assertFalse(line.reminder_id.next_date)
        with Form(move, "upominky_addon.view_move_upominky_form") as form:
            self.assertEqual(len(form.upominky_line_ids), 1)
        reminder = self.mailed(10)
        self.assertEqual((reminder.event, reminder.level_order), ("issue", 1))
        self.assertEqual((move.upominky_level, move.upominky_count), (1, 1))
        self.assertEqual(move.upominky_line_ids.reminder_id, line.reminder_id | reminder)

    def test_its_failure_holds_nothing(self):
        self.invoice(due=15)
        self.customer.email = False
        statement = self.mailed()
        self.assertEqual(statement.state, "failed")
        self.customer.email = "znovu@odberatel.example"
        self.assertEqual(self.mailed(5).level_order, 1)

    def test_what_is_paid_meanwhile_drops_out_and_the_rest_is_asked_for(self):
        paid, owed = self.invoice(amount=1000, due=10), self.invoice(amount=50, due=-10)
        statement = self.generate()
        self.pay(paid)
        with smtp_inbox(self.env) as inbox:
            self.send()
        states = {line.move_id: line.state for line in statement.line_ids}
        self.assertEqual(states, {paid: "paid", owed: "open"})
        self.assertEqual((statement.state, len(inbox.messages)), ("sent", 1))

    def test_holds_and_the_mode_bind_it(self):
        held = self.invoice(due=10)
        held.upominky_hold_reason = "dispute"
        self.company.upominky_mode = "off"
        self.invoice(amount=50, due=-10)
        self.assertFalse(self.generate())
        self.company.upominky_mode = "live"
        self.assertEqual(self.generate().currency_totals, {"CZK": 50.0})

    def test_rule_24_it_is_no_mail_that_a_summary_waits_for(self):
        """The summary counts its days from a reminder or a summary, whatever else was sent."""
        rules = self.env["upominky.rule"].with_context(active_test=False)
        resend = rules.search([("company_id", "=", self.company.id), ("event", "=", "resend")])
        resend.active, self.statements.active = True, False
        self.rule.level_ids[1:].unlink()
        self.invoice(due=20)
        self.mailed()
        self.statements.active = True
        self.assertEqual(self.mailed(13).event, STATEMENT)
        self.assertEqual(self.mailed(14).event, "resend")

    def test_selections_have_it_in_the_language_of_the_reader(self):
        for model, words in SHOWN.items():
            for lang, label in words.items():
                with self.subTest(model=model, lang=lang):
                    found = self.env[model].with_context(lang=lang).fields_get(["event"])
                    selection = dict(found["event"]["selection"])
                    self.assertEqual(selection[STATEMENT], label)
                    self.assertEqual(list(selection), [*OURS, STATEMENT])

    def test_its_title_names_the_level_and_the_card(self):
        self.assertEqual(self.statements.level_ids.name, "Statement of account")
        self.invoice(due=10)
        statement = self.generate()
        self.assertEqual(statement.event_title, "Statement of account")
        self.assertEqual(statement.with_context(lang="cs_CZ").event_title, "Výpis z účtu")

    def test_its_rule_has_one_level_and_no_time_line(self):
        self.assertFalse(self.statements.timeline)
        level = {"order": 2, "days_overdue": 60}
        with self.assertRaisesRegex(ValidationError, "exactly one level"):
            self.statements.level_ids = [Command.create(level)]

    def test_no_rule_is_of_an_event_that_there_is_not(self):
        with self.assertRaisesRegex(ValidationError, "no event"):
            self.statements.event = "nothing"

    def test_the_analysis_leaves_it_out_with_the_summaries(self):
        self.invoice(due=25)
        self.mailed()
        rows = self.env["upominky.analysis"]
        mine = [("company_id", "=", self.company.id)]
        self.assertEqual(sorted(rows.search(mine).mapped("event")), ["issue", STATEMENT])
        for wanted, events in ((True, ["issue"]), (False, [STATEMENT])):
            found = rows.search([*mine, ("raises_level", "=", wanted)])
            self.assertEqual(found.mapped("event"), events)
            self.assertEqual(found.raises_level, wanted)

    def test_the_database_refuses_it_twice_a_day_but_not_after_a_merge(self):
        twin = self.new_customer("Odběratel", "dvojnik@odberatel.example")
        for customer in self.customer | twin:
            self.invoice(customer, due=10)
        statements = self.generate()
        self.assertEqual(len(statements), 2)
        refused = self.assertRaises(psycopg2.errors.UniqueViolation)
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            statements.sudo().partner_id = twin
            self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([self.customer.id, twin.id], self.customer)
        self.assertEqual(statements.partner_id, self.customer)

    def test_a_new_company_is_given_its_rule_switched_off_and_named_in_each_language(self):
        company = self.env["res.company"].create({"name": "Druhý dopravce"})
        everything = self.env["upominky.rule"].sudo().with_context(active_test=False)
        rules = everything.search([("company_id", "=", company.id)])
        rule = rules.filtered(lambda r: r.event == STATEMENT)
        self.assertEqual(sorted(rules.mapped("event")), sorted([*OURS, STATEMENT]))
        self.assertFalse(rule.active)
        self.assertEqual(rule.with_context(lang="cs_CZ").name, "Všichni zákazníci: výpis z účtu")
        self.assertEqual(rule.level_ids.with_context(lang="cs_CZ").name, "Výpis z účtu")
