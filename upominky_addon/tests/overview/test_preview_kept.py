"""The preview of many: slice by slice, and again only who changed (SPEC rule 15)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ...models.base import slices
from ...wizard import preview_kept
from ...wizard.decision import CHUNK
from ..common import TODAY, UpominkyCommon

NAMES = (
    "partner_id",
    "move_line_id",
    "due_date",
    "days_overdue",
    "amount",
    "reason",
    "rule_id",
    "level_id",
    "next_date",
    "detail",
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestPreviewKept(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [cls.new_customer(f"C{n}", f"c{n}@b.example") for n in range(5)]
        cls.moves = [cls.invoice(p, 100 + n, 3 + 5 * n) for n, p in enumerate(cls.people)]
        cls.user = new_test_user(
            cls.env, "reader", "upominky_addon.group_user", company_id=cls.company.id
        )
        cls.lines = cls.env["upominky.preview.line"].with_user(cls.user)

    def open(self, day=TODAY, **kwargs):
        with self.on(day):
            return self.lines.action_open(**kwargs)

    def rows(self):
        self.lines.invalidate_model()
        found = self.lines.search([]).read(NAMES, load="")
        return sorted([row[name] for name in NAMES] for row in found)

    def anew(self, day=TODAY):
        """Return the rows as they are when nothing was kept."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM upominky_preview_customer")
        self.env.cr.execute("DELETE FROM upominky_preview_line")
        self.env.invalidate_all()
        self.open(day)
        return self.rows()

    def decided(self, day=TODAY):
        """Open it again, and return who was decided on for it."""
        asked = []
        Kept = type(self.env["upominky.preview.customer"])
        rows = Kept._rows

        def spied(this, customer, *args):
            asked.append(customer.id)
            return rows(this, customer, *args)

        with patch.object(Kept, "_rows", spied):
            self.open(day)
        return set(asked)

    def test_nobody_is_decided_on_again_who_did_not_change(self):
        everybody = {partner.id for partner in self.people}
        self.assertEqual(self.decided(), everybody)
        before = self.rows()
        self.assertEqual(len(before), 5)
        self.assertEqual(self.decided(), set())
        self.assertEqual(self.rows(), before)

    def changes(self):
        """Return what changes decisions: its name, how, and whose; None: of whom it happens to."""
        first, second = self.people[:2]
        contact = self.env["res.partner"].create({"name": "N", "email": "n@other.example"})
        self.moves[0].upominky_contact_id = contact
        rule = self.env["upominky.rule"].search([("company_id", "=", self.company.id)], limit=1)
        tag = self.env["res.partner.category"].create({"name": "T"})
        return (
            ("hold", lambda: self.moves[0].write({"upominky_hold_until": TODAY}), {first}),
            ("excluded", lambda: first.write({"upominky_excluded": True}), {first}),
            ("address", lambda: second.write({"email": False}), {second}),
            ("contact person", lambda: contact.write({"email": False}), {first}),
            (
                "invoice address",
                lambda: contact.copy(
                    {"parent_id": second.id, "type": "invoice", "email": "i@b.example"}
                ),
                {second},
            ),
            ("tag", lambda: first.write({"category_id": [Command.link(tag.id)]}), {first}),
            ("part payment", lambda: self.pay(self.moves[1], 10), {second}),
            ("credit note", lambda: self.credit_note(first, 5), {first}),
            ("invoice", lambda: self.invoice(second, 7, 9), {second}),
            ("paid", lambda: self.pay(self.moves[2]), set()),
            ("reminder", self.generate, None),
            ("sent", lambda: self.reminders()[:1].action_mark_sent(date=TODAY), None),
            ("start date", lambda: self.company.write({"upominky_start_date": TODAY}), "all"),
            ("mode", lambda: self.company.write({"upominky_mode": "pilot"}), "all"),
            ("minimum", lambda: rule.write({"min_amount": 1e6}), "all"),
            ("level", lambda: rule.level_ids[0].write({"days_overdue": 30}), "all"),
            ("rule archived", lambda: rule.write({"active": False}), "all"),
        )

    def test_whatever_changes_a_decision_has_it_decided_again(self):
        for name, change, whom in self.changes():
            with self.subTest(name):
                self.open()
                with self.on(TODAY), self.env.cr.savepoint():
                    change()
                again = self.decided()
                owing = set(self.lines.search([]).partner_id.ids)
                if whom == "all":
                    self.assertEqual(again, owing)
                elif whom is not None:
                    self.assertEqual(again, {partner.id for partner in whom})
                kept = self.rows()
                self.assertEqual(kept, self.anew())

    def test_another_day_and_another_language_are_decided_anew(self):
        self.open()
        later = TODAY + timedelta(days=1)
        self.assertEqual(len(self.decided(later)), 5)
        self.assertEqual(self.rows(), self.anew(later))
        self.assertEqual(self.decided(later), set())
        self.lines = self.lines.with_context(lang="cs_CZ")
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.assertEqual(len(self.decided(later)), 5)

    def test_of_many_each_answer_asks_for_the_next_slice(self):
        whole = self.anew()
        self.env.cr.execute("DELETE FROM upominky_preview_customer")
        take = preview_kept.TAKE.replace(f"LIMIT {CHUNK}", "LIMIT 2")
        with patch.object(preview_kept, "TAKE", take), patch.object(slices, "SECONDS", 0):
            told = self.open()
            self.assertEqual((told["tag"], told["params"]["args"]), ("upominky_slices", []))
            self.assertEqual((told["params"]["done"], told["params"]["total"]), (2, 5))
            told = self.open(**told["params"]["kwargs"])
            self.assertEqual(told["params"]["done"], 4)
            self.assertIn("4 of 5", told["params"]["text"])
            # Whoever left comes back: what was decided stays.
            told = self.open()
            while told["type"] == "ir.actions.client":
                told = self.open(**told["params"]["kwargs"])
        self.assertEqual(told["res_model"], "upominky.preview.line")
        self.assertEqual(self.rows(), whole)

    def test_rows_that_were_cleaned_up_are_written_again(self):
        whole = self.anew()
        self.lines.sudo().search([], limit=2).unlink()
        self.open()
        self.assertEqual(self.rows(), whole)

    def test_the_list_of_the_overview_goes_on_with_its_own_slices(self):
        self.env.ref("upominky_addon.cron_generate").active = True
        overview = self.env["upominky.overview"].with_user(self.user)
        take = preview_kept.TAKE.replace(f"LIMIT {CHUNK}", "LIMIT 2")
        with (
            self.on(TODAY),
            patch.object(preview_kept, "TAKE", take),
            patch.object(slices, "SECONDS", 0),
        ):
            told = overview.action_open_figure("next", self.company.id)
            turns = 0
            while told["type"] == "ir.actions.client":
                params, turns = told["params"], turns + 1
                self.assertEqual(params["model"], "upominky.overview")
                told = getattr(overview, params["method"])(*params["args"], **params["kwargs"])
        self.assertEqual(turns, 3)
        self.assertIn(("company_id", "=", self.company.id), told["domain"])

    def test_each_user_has_rows_of_their_own(self):
        self.open()
        mine = self.rows()
        other = new_test_user(
            self.env, "second", "upominky_addon.group_user", company_id=self.company.id
        )
        with self.on(TODAY):
            self.env["upominky.preview.line"].with_user(other).action_open()
        self.assertEqual(self.rows(), mine)

    def test_the_number_of_customers_adds_no_query(self):
        counts = []
        for _turn in range(2):
            self.anew()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.open()
            counts.append(self.env.cr.sql_log_count - before)
            for n in range(20):
                self.invoice(self.new_customer(f"M{n}", f"m{n}@b.example"), 10, 12)
        self.assertLessEqual(counts[1], counts[0])
