"""The preview of many: slice by slice, and again only who changed (SPEC rule 15)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...core.reasons import Code
from ...core.schedule import Stop
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

    def changes_of_books(self):
        """Return what else changes the rows, of which the words must take note."""
        move = self.moves[3]
        item = move.line_ids.filtered("date_maturity")
        others = [self.invoice(self.people[3], 11, days) for days in (4, 6)]
        return (
            ("due", lambda: item.write({"date_maturity": TODAY - timedelta(days=2)})),
            ("not followed up", lambda: item.write({"no_followup": True})),
            ("blocked", self.moves[0].action_toggle_block_payment),
            ("in payment", lambda: self.moves[1].write({"payment_state": "in_payment"})),
            ("paid", lambda: self.pay(others[0])),
            ("a payment undone", others[0].line_ids.remove_move_reconcile),
            ("draft", others[1].button_draft),
            ("reversed", lambda: self.moves[2]._reverse_moves(cancel=True)),
        )

    def changes_of_rules(self):
        first, second, third, fourth, fifth = self.people
        own, by_tag = self.rule.copy({"name": "Own"}), self.rule.copy({"name": "Tag"})
        above, below = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        fourth.category_id = below
        by_tag.category_ids = above
        own.write({"partner_ids": [Command.set((first | fourth).ids)], "min_amount": 1e6})
        return (
            ("swapped", lambda: own.write({"partner_ids": [Command.set((second | third).ids)]})),
            ("tag below", lambda: below.write({"parent_id": above.id})),
            ("rate", lambda: self.eur.rate_ids.write({"rate": 0.05})),
            (
                "pilots",
                lambda: self.company.write(
                    {
                        "upominky_mode": "pilot",
                        "upominky_pilot_partner_ids": [Command.set(fifth.ids)],
                    }
                ),
            ),
            (
                "a contact of another",
                lambda: second.write({"is_company": False, "parent_id": fifth.id}),
            ),
            (
                "nobody follows",
                lambda: self.env["ir.default"].set("res.partner", "upominky_excluded", True),
            ),
        )

    def check_changes(self, changes):
        self.open()
        for name, change in changes:
            with self.subTest(change=name):
                before = self.rows()
                with self.on(TODAY):
                    change()
                self.open()
                kept = self.rows()
                self.assertEqual(kept, self.anew())
                self.assertNotEqual((name, kept), (name, before))

    def test_rule_15_what_happens_to_documents_is_seen(self):
        self.check_changes(self.changes_of_books())

    def test_rule_15_what_happens_to_rules_and_companies_is_seen(self):
        changes = self.changes_of_rules()
        self.invoice(self.people[4], 9, 23, currency=self.eur)
        self.rule.min_amount = 300
        self.check_changes(changes)

    def test_rule_15_an_address_near_whoever_was_billed_is_seen(self):
        """It may be a company of its own, or another customer's by now."""
        parent = self.new_customer("P")
        branch = self.new_customer("B", parent_id=parent.id)
        person = self.env["res.partner"].create({"name": "X", "parent_id": branch.id})
        billed = self.invoice(person, 50, 8)
        mine = self.company.id
        foreign = self.env["res.company"].create({"name": "F"})
        hidden = {"type": "invoice", "email": "h@b.example", "company_id": foreign.id}
        own = {"type": "invoice", "is_company": True, "company_id": mine}
        self.env["res.partner"].create({"name": "H", "parent_id": branch.id, **hidden})
        near = [
            self.env["res.partner"].create({"name": "N", "parent_id": of.id, **own})
            for of in (branch, parent)
        ]
        self.assertEqual(billed.partner_id, person)
        for number, act in enumerate(
            (
                lambda: near[0].write({"email": "near@b.example"}),
                lambda: near[0].write({"email": False}),
                lambda: near[0].write({"parent_id": False, "type": "contact"}),
                lambda: near[1].write({"email": "beside@b.example"}),
                lambda: person.write({"parent_id": self.people[0].id}),
                lambda: self.people[0].write({"email": False}),
            )
        ):
            with self.subTest(number):
                self.open()
                act()
                self.open()
                kept = self.rows()
                self.assertEqual(kept, self.anew())

    def test_rule_15_what_add_ons_stop_is_seen(self):
        reader = type(self.env["upominky.reader"])
        stopped = {}

        def stops(this, company, rows):
            return {row["id"]: stopped[row["id"]] for row in rows if row["id"] in stopped}

        item = self.moves[4].line_ids.filtered("date_maturity")
        held = (Stop(Code.ON_HOLD, TODAY + timedelta(days=9)),)
        with patch.object(reader, "_stops", stops):
            self.check_changes(
                (
                    ("stopped", lambda: stopped.update({item.id: held})),
                    ("stopped for good", lambda: stopped.update({item.id: (Stop(Code.BLOCKED),)})),
                    ("free", stopped.clear),
                )
            )

    def test_rule_15_it_is_decided_as_the_job_does_whomever_the_reader_may_see(self):
        """Who may not see a pilot is shown what the job does all the same."""
        self.company.write(
            {
                "upominky_mode": "pilot",
                "upominky_pilot_partner_ids": [Command.set(self.people[4].ids)],
            }
        )
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", self.people[4].id)],
            }
        )
        self.open()
        self.lines.invalidate_model()
        reasons = {line.move_id: line.reason for line in self.lines.sudo().search([])}
        self.assertEqual(reasons[self.moves[4]], "due")
        self.assertEqual(reasons[self.moves[3]], "pilot")

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

    def slices(self, act):
        """Open it slice by slice, and act after the first."""
        take = preview_kept.TAKE.replace(f"LIMIT {CHUNK}", "LIMIT 2")
        with patch.object(preview_kept, "TAKE", take), patch.object(slices, "SECONDS", 0):
            told = self.open()
            act()
            while told["type"] == "ir.actions.client":
                told = self.open(**told["params"]["kwargs"])

    def test_what_changes_for_all_between_slices_is_decided_for_all(self):
        self.slices(lambda: self.rule.write({"min_amount": 1e6}))
        kept = self.rows()
        self.assertNotIn("due", {row[NAMES.index("reason")] for row in kept})
        self.assertEqual(kept, self.anew())

    def test_a_preview_of_another_day_meanwhile_ends_the_first_in_words(self):
        later = TODAY + timedelta(days=40)
        with self.assertRaisesRegex(UserError, "The preview is of another day by now"):
            self.slices(lambda: self.open(later))
        self.open(later)
        kept = self.rows()
        self.assertEqual(kept, self.anew(later))
        self.assertEqual(self.decided(later), set())

    def test_the_next_slice_alone_is_one_too(self):
        self.open(go_on=True)
        kept = self.rows()
        self.assertEqual(kept, self.anew())

    def test_nonsense_instead_of_the_next_slice_is_refused_in_words(self):
        overview = self.env["upominky.overview"].with_user(self.user)
        for odd in ("yes", None, 3, [True], {"a": 1}):
            with self.subTest(odd=odd), self.on(TODAY):
                with self.assertRaisesRegex(UserError, "is not to be chosen here"):
                    self.lines.action_open(go_on=odd)
                with self.assertRaisesRegex(UserError, "is not to be chosen here"):
                    overview.action_open_figure("next", self.company.id, go_on=odd)

    def test_what_was_cleaned_up_here_and_there_is_written_again(self):
        """Also where as many rows are left as were counted."""
        whole = self.anew()
        first, second = (partner.id for partner in self.people[:2])
        for query, whose in (
            ("DELETE FROM upominky_preview_customer WHERE customer = %s", first),
            ("DELETE FROM upominky_preview_line WHERE partner_id = %s", second),
        ):
            self.env.cr.execute(query, [whose])
        self.open()
        self.assertEqual(self.rows(), whole)

    def test_both_kinds_of_rows_are_cleaned_up(self):
        self.open()
        for name in ("upominky.preview.line", "upominky.preview.customer"):
            model = self.env[name].sudo()
            self.assertEqual(model.search_count([]), 5)
            self.env.cr.execute(SQL("UPDATE %s SET write_date = '2020-01-01'", SQL(model._table)))
            model.invalidate_model()
            model._transient_vacuum()
            self.assertFalse(model.search_count([]))

    def test_rows_of_companies_that_are_not_opened_do_not_stay(self):
        """They are those of another day, and would be shown once that company is chosen again."""
        data = self.setup_other_company()
        other = data["company"]
        self.user.company_ids += other
        both = [self.company.id, other.id]
        self.lines = self.lines.with_context(allowed_company_ids=both)
        other.upominky_mode = "live"
        self.invoice(self.people[0], 5, 9, company_id=other.id, currency_id=other.currency_id.id)
        self.open()
        self.assertEqual(len(self.lines.search([]).company_id), 2)
        with self.on(TODAY):
            self.lines.with_context(allowed_company_ids=both[:1]).action_open()
        self.lines.invalidate_model()
        self.assertEqual(self.lines.search([]).company_id, self.company)

    def test_nobody_reads_on_whom_it_was_decided(self):
        self.open()
        kept = self.env["upominky.preview.customer"].with_user(self.user)
        with self.assertRaises(AccessError):
            kept.search([])

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

    def test_opening_it_again_takes_the_same_queries_whatever_their_number(self):
        counts = []
        for _turn in range(2):
            self.open()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.decided(), set())
            counts.append(self.env.cr.sql_log_count - before)
            for n in range(20):
                self.invoice(self.new_customer(f"M{n}", f"m{n}@b.example"), 10, 12)
        self.assertLessEqual(counts[1], counts[0])
