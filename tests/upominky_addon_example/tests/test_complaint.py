"""A reason of another add-on, as docs/extending.md says: heeded wherever reasons are."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.upominky_addon.core import reasons
from odoo.addons.upominky_addon.core.reasons import Code, table
from odoo.addons.upominky_addon.tests.common import TODAY, UpominkyCommon, smtp_inbox


@tagged("post_install", "-at_install", "upominky_addon")
class TestComplaint(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.move, self.other = self.invoice(amount=1000, due=10), self.invoice(amount=50, due=10)

    def complain(self):
        self.move.complaint_date = TODAY

    def preview(self):
        lines = self.env["upominky.preview.line"]
        lines.action_open()
        return {line.move_id: line.reason for line in lines.search([])}

    def test_without_it_reminders_are_issued_as_ever(self):
        self.assertEqual(self.generate().currency_totals, {"CZK": 1050})

    def test_the_table_has_it_in_its_place(self):
        codes = [str(reason.code) for reason in table()]
        self.assertEqual(codes.index("complaint") + 1, codes.index(Code.ON_HOLD))

    def test_job_1_and_the_preview_heed_it(self):
        self.complain()
        with self.on(TODAY):
            self.assertEqual(self.preview(), {self.move: "complaint", self.other: "due"})
            self.assertFalse(self.move.upominky_next_date)
            self.assertIn("A complaint is open", self.move.upominky_explanation)
        self.assertEqual(self.generate().line_ids.move_id, self.other)

    def test_what_was_issued_is_rechecked(self):
        reminder = self.generate()
        self.complain()
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(len(inbox.messages), 1)
        dropped = reminder.line_ids.filtered(lambda line: line.move_id == self.move)
        self.assertEqual((dropped.state, dropped.drop_reason), ("dropped", "complaint"))
        self.assertEqual(reminder.currency_totals, {"CZK": 50})

    def test_its_words_are_those_of_its_row_in_the_language_of_the_reader(self):
        places = {
            "upominky.reminder.line": "drop_reason",
            "upominky.preview.line": "reason",
            "upominky.issue.line": "reason",
        }
        for lang, words in (("en_US", "A complaint is open"), ("cs_CZ", "Je otevřená reklamace")):
            for model, name in places.items():
                with self.subTest(model=model, lang=lang):
                    found = self.env[model].with_context(lang=lang).fields_get([name])
                    self.assertEqual(dict(found[name]["selection"])["complaint"], words)

    def test_nothing_left_says_so(self):
        self.other.upominky_hold_reason = "dispute"
        reminder = self.generate()
        self.complain()
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertFalse(inbox.messages)
        told = f"A complaint is open: {self.move.name}."
        self.assertIn(told, reminder.cancel_reason)
        with patch.object(reasons, "_table", [row for row in table() if row.code != "complaint"]):
            self.env.invalidate_all()
            self.assertIn(told, reminder.cancel_reason, "its add-on may go, its words stay")

    def test_a_sentence_of_its_own_is_kept_by_its_code(self):
        reminder = self.generate().sudo()
        reminder._cancel_for_complaint(TODAY)
        self.env.invalidate_all()
        english = reminder.with_context(lang="en_US").cancel_reason
        self.assertEqual(english, "The complaint of May 29, 2026 is open.")
