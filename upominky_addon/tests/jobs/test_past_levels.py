"""SPEC rule 1: levels reached in another system are brought over, count, and are taken back."""

import base64
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import Command, sql_db
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...models.jobs import past_levels
from ..common import TODAY, smtp_inbox
from ..entries import BooksCase

HEAD = "number;level;day;sent;customer"


def day(days):
    """Return the day so many days ago, as a file has it."""
    return str(TODAY - timedelta(days=days))


class PastLevelsCase(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.clerk = (
            new_test_user(cls.env, login, f"upominky_addon.{group}", company_id=cls.company.id)
            for login, group in (("chief", "group_manager"), ("clerk", "group_user"))
        )

    def asked(self, *lines, user=None):
        """Open the dialog as a manager, with a file of some rows."""
        dialogs = self.env["upominky.past.import"].with_user(user or self.manager)
        dialog = dialogs.browse(dialogs._open(self.company)["res_id"])
        self.give(dialog, *lines)
        return dialog

    def give(self, dialog, *lines):
        content = "\r\n".join([HEAD, *lines]).encode()
        dialog.write({"file": base64.b64encode(content), "file_name": "staré.csv"})

    def checked(self, *lines):
        with self.on(TODAY):
            dialog = self.asked(*lines)
            dialog.action_check()
        return dialog

    def brought(self, *lines):
        """Bring rows over and return the run that did."""
        dialog = self.checked(*lines)
        self.assertFalse(dialog.problems)
        with self.on(TODAY):
            action = dialog.action_import()
        self.assertEqual(action["res_model"], "upominky.run")
        return self.env["upominky.run"].browse(action["res_id"])

    def opening(self, number, partner=None, amount=1000, days=40):
        """Post an opening entry with one item that is followed up."""
        due = TODAY - timedelta(days=days)
        return self.entry(amount, partner, name=number, no_followup=False, date_maturity=due)


class TestPastLevels(PastLevelsCase):
    def test_rule_01_the_next_level_comes_when_it_is_due_and_none_twice(self):
        old, fresh = self.invoice(due=40), self.invoice(due=40)
        opening = self.opening("2026001")
        run = self.brought(
            f"{old.name};1;{day(20)};{day(14)}",
            f"{fresh.name};1;{day(20)};{day(13)}",
            f"2026001;2;{day(14)}",
        )
        self.assertEqual(len(run.reminder_ids), 3)
        issued = self.generate()  # 14 days lie between each two levels
        self.assertEqual(
            sorted((line.move_id.id, line.level_order) for line in issued.line_ids),
            sorted([(old.id, 2), (opening.id, 3)]),
        )
        self.assertEqual(self.generate(TODAY + timedelta(days=1)).line_ids.move_id, fresh)

    def test_rule_01_what_is_brought_over_is_a_reminder_that_was_sent_elsewhere(self):
        move = self.invoice(amount=1210, due=40)
        run = self.brought(f"{move.name};1;{day(20)};{day(18)};{self.customer.name}")
        reminder = run.reminder_ids
        self.assertEqual(
            (reminder.state, reminder.sent_way, reminder.to_send, reminder.next_try),
            ("sent", "elsewhere", False, False),
        )
        self.assertEqual((str(reminder.issue_date), str(reminder.sent_date)), (day(20), day(18)))
        self.assertEqual(reminder.partner_id, self.customer)
        self.assertEqual(reminder.level_id, self.rule.level_ids[0])
        self.assertEqual(reminder.currency_totals, {"CZK": 1210.0})
        self.assertIn("staré.csv", reminder.note)
        line = reminder.line_ids
        self.assertEqual((line.counted, line.level_days, line.days_overdue), (True, 7, 20))
        self.assertEqual((run.kind, run.state, run.source), ("import", "done", "staré.csv"))
        self.assertEqual((run.issued_count, run.sent_count), (1, 1))

    def test_rule_26_it_is_in_the_history_of_invoice_entry_and_customer(self):
        move, opening = self.invoice(due=40), self.opening("2026001")
        self.brought(f"{move.name};1;{day(20)}", f"2026001;1;{day(20)}", f"2026001;2;{day(3)}")
        with self.on(TODAY):
            self.assertEqual((move.upominky_level, move.upominky_count), (1, 1))
            self.assertEqual(str(move.upominky_last_date), day(20))
            self.assertEqual((opening.upominky_level, opening.upominky_count), (2, 2))
            self.assertEqual(opening.upominky_next_date, TODAY + timedelta(days=11))
            # One reminder for both of the first level.
            self.assertEqual(self.customer.upominky_reminder_count, 2)
        self.assertEqual(self.preview()[opening], "waits_after_previous")

    def test_rule_01_nothing_of_it_is_ever_mailed(self):
        move = self.invoice(due=40)
        reminder = self.brought(f"{move.name};1;{day(3)}").reminder_ids
        with smtp_inbox(self.env) as inbox:
            self.send()
            with self.on(TODAY):
                mine = reminder.with_user(self.clerk)
                for call in (mine.action_send_now, mine.action_retry, mine.action_send_again):
                    with self.assertRaisesRegex(UserError, "was sent by another system"):
                        call()
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual((reminder.state, reminder.to_send), ("sent", False))
        self.assertFalse(reminder.delivery_ids)

    def test_what_is_written_without_create_leaves_nothing_empty_that_it_would_fill(self):
        move, written = self.invoice(due=40), {}
        writer = type(self.env["upominky.past.levels"])
        insert = writer._insert

        def noting(this, model, rows, **shared):
            written.setdefault(model, set()).update(shared, *rows)
            return insert(this, model, rows, **shared)

        with patch.object(writer, "_insert", noting):
            self.brought(f"{move.name};1;{day(20)}")
        self.assertEqual(len(written), 2)
        for model, columns in written.items():
            fields = self.env[model]._fields
            given = self.env[model].default_get(list(fields))
            wanted = {name for name, value in given.items() if value not in (False, None)}
            wanted |= {n for n, f in fields.items() if f.store and (f.required or f.compute)}
            columned = {name for name in wanted if fields[name].column_type}
            self.assertFalse(columned - columns, model)

    def test_rule_16_going_live_reminds_nobody_twice(self):
        move = self.invoice(due=40)
        self.company.upominky_mode = "pilot"
        self.brought(f"{move.name};1;{day(20)}")
        model = self.env["upominky.live"].with_user(self.manager)
        with self.on(TODAY):
            live = model.browse(model._open(self.company)["res_id"])
            action = live.action_past_levels()
            self.assertEqual(action["res_model"], "upominky.past.import")
            live.scope = "all"
            _candidates, count = live.sudo()._known()
            self.assertEqual(list(count.levels), [str(self.rule.level_ids[1].id)])
            live.action_confirm()
        self.assertEqual(self.generate().mapped("level_order"), [2])

    def test_rule_01_instalments_that_were_due_by_then_are_brought_over(self):
        half = {"value": "percent", "value_amount": 50}
        lines = [Command.create({**half, "nb_days": 0}), Command.create({**half, "nb_days": 30})]
        term = self.env["account.payment.term"].create({"name": "Halves", "line_ids": lines})
        move = self.invoice(
            amount=1000,
            invoice_date=TODAY - timedelta(days=40),
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        run = self.brought(f"{move.name};1;{day(20)}")
        self.assertEqual(run.reminder_ids.line_ids.mapped("amount_issued"), [500.0])

    def test_rule_01_an_invoice_goes_by_the_reference_that_it_is_paid_under(self):
        half = {"value": "percent", "value_amount": 50}
        lines = [Command.create({**half, "nb_days": days}) for days in (0, 10)]
        term = self.env["account.payment.term"].create({"name": "Halves", "line_ids": lines})
        ordered = self.invoice(due=40, ref="OBJ 7", payment_reference="2026100")
        halves = self.invoice(
            invoice_date=TODAY - timedelta(days=40),
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
            payment_reference="2026101",
        )
        run = self.brought(f"2026100;1;{day(20)}", f"2026101;1;{day(20)}")
        self.assertEqual(run.reminder_ids.line_ids.move_id, ordered + halves)
        self.assertEqual(len(run.reminder_ids.line_ids), 3)

    def test_rule_01_the_history_tells_it_apart_and_no_letter_of_it_is_made_here(self):
        move, own = self.invoice(due=40), self.invoice(due=10)
        mine = self.brought(f"{move.name};1;{day(20)}").reminder_ids
        label = dict(mine._fields["sent_way"]._description_selection(self.env))["elsewhere"]
        self.assertEqual((mine.why_text, mine.name[:4]), (label, "IMP/"))
        self.assertEqual(move.upominky_line_ids.reason_text, label)
        issued = self.generate().filtered(lambda r: r.line_ids.move_id == own)
        self.assertFalse(issued.why_text)
        book = self.env["upominky.reminder"].get_views([(False, "search")])["views"]["search"]
        domain = etree.fromstring(book["arch"]).find(".//filter[@name='elsewhere']").get("domain")
        self.assertEqual(self.reminders().filtered_domain(safe_eval(domain)), mine)
        with (
            self.on(TODAY),
            self.enter_registry_test_mode(),
            self.assertRaisesRegex(UserError, "was sent by another system"),
        ):
            mine.with_user(self.clerk)._print_letters()

    def test_rule_40_what_was_taken_back_is_not_in_the_file_for_a_lawyer(self):
        moves = [self.invoice(due=40), self.invoice(due=60)]
        run = self.brought(*(f"{m.name};1;{day(20 - n)}" for n, m in enumerate(moves)))
        right, wrong = run.reminder_ids
        with self.on(TODAY):
            wrong.with_user(self.clerk).action_cancel(reason="Omyl", afterwards="again")
        case = self.env["upominky.case"]
        told = case._contents_of(self.company, self.customer, moves[0] + moves[1])
        self.assertEqual(told["reminders"], right.ids)

    def test_what_another_system_sent_says_nothing_of_how_well_reminders_work(self):
        brought, own = self.invoice(due=90), self.invoice(due=80)
        self.brought(f"{brought.name};1;{day(60)}")
        old = TODAY - timedelta(days=60)
        issued = self.generate(old).filtered(lambda r: r.line_ids.move_id == own)
        with self.on(old):
            issued.action_mark_sent(old)
        self.pay(brought)
        self.env.flush_all()
        with self.on(TODAY):
            analysis = self.env["upominky.analysis"]
            rows = analysis.search([("move_id", "=", brought.id)])
            found = analysis._read_group(
                [("move_id", "in", (brought + own).ids), ("issue_date", "=", old)],
                ["move_id"],
                ["rate_30:avg"],
            )
        self.assertEqual(dict(found), {brought: False, own: 0})
        self.assertEqual((len(rows), rows.paid_30, rows.days_to_payment), (1, 0, 0))

    def test_rule_01_two_currencies_stand_in_one_reminder_side_by_side(self):
        crowns, euro = (
            self.invoice(amount=1000, due=40),
            self.invoice(amount=40, due=40, currency=self.eur),
        )
        run = self.brought(f"{crowns.name};1;{day(20)}", f"{euro.name};1;{day(20)}")
        self.assertEqual(run.reminder_ids.currency_totals, {"CZK": 1000.0, "EUR": 40.0})


class TestListToFillIn(PastLevelsCase):
    def fetched(self):
        """Return the file that a manager fetches, as rows of cells."""
        with self.on(TODAY):
            dialog = self.asked()
            action = dialog.action_list_open()
        self.assertIn(f"/{dialog.id}/open_file/", action["url"])
        text = base64.b64decode(dialog.open_file).decode("utf-8-sig")
        return [line.split(";") for line in text.splitlines()]

    def test_rule_01_what_is_overdue_and_was_never_reminded_is_listed(self):
        evil = self.new_customer("=HYPERLINK(1)", "e@e.example")
        move, opening = self.invoice(evil, due=40), self.opening(" 2026001 ", days=60)
        reminded, later, paid = self.invoice(due=40), self.invoice(due=-5), self.invoice(due=40)
        self.brought(f"{reminded.name};1;{day(20)}")
        self.pay(paid)
        head, *rows = self.fetched()
        self.assertEqual(head[:5], ["number", "customer", "level", "day", "sent"])
        self.assertEqual(
            [row[:5] for row in rows],
            [
                [move.name, "'=HYPERLINK(1)", "", "", ""],
                ["2026001", self.customer.name, "", "", ""],
            ],
        )
        due, left, currency = rows[1][5:]
        self.assertEqual((due, float(left), currency), (day(60), 1000, "CZK"))
        self.assertNotIn(later.name, str(rows))
        self.assertEqual(opening.upominky_count, 0)

    def test_rule_30_amounts_of_the_list_have_the_point_of_the_reader(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.manager.lang = "cs_CZ"
        self.opening("2026001", amount=1234.5)
        with self.on(TODAY):
            dialog = self.asked().with_context(lang="cs_CZ")
            dialog.action_list_open()
        head, row = base64.b64decode(dialog.open_file).decode("utf-8-sig").splitlines()
        self.assertEqual(head.split(";")[:2], ["číslo", "zákazník"])
        self.assertRegex(row.split(";")[6], "^1234,50?$")

    def test_rule_01_filled_in_it_is_brought_over_and_rows_left_empty_are_passed_over(self):
        evil = self.new_customer("=HYPERLINK(1)", "e@e.example")
        move = self.invoice(evil, due=40)
        self.opening("2026001")
        head, *rows = self.fetched()
        mine = next(row for row in rows if row[0] == move.name)
        mine[2:4] = "1", day(20)
        content = "\r\n".join(";".join(row) for row in (head, *rows))
        with self.on(TODAY):
            dialog = self.asked()
            dialog.file = base64.b64encode(content.encode("cp1250"))
            dialog.action_check()
            self.assertFalse(dialog.problems)
            run = self.env["upominky.run"].browse(dialog.action_import()["res_id"])
        self.assertEqual(run.reminder_ids.line_ids.move_id, move)


class TestWrongRows(PastLevelsCase):
    def test_rule_01_all_that_is_wrong_is_told_by_line_before_anything_is_written(self):
        move, paid = self.invoice(due=40), self.invoice(due=40)
        self.pay(paid)
        dialog = self.checked(
            f"{move.name};1;{day(20)}",
            f"{move.name};1;4.5.1926",
            "XX;9;30.5.2126",
            f"{paid.name};1;{day(20)}",
            f"{move.name};7;{day(20)}",
        )
        told = dialog.problems.splitlines()
        self.assertEqual([line.partition(":")[0] for line in told],
                         ["Line 3", "Line 4", "Line 4", "Line 5", "Line 6"])  # fmt: skip
        for words, line in zip(
            ("before this century", "yet to come", "no posted invoice", "it is paid", "level 7"),
            told,
            strict=True,
        ):
            self.assertIn(words, line)
        counts = (dialog.row_count, dialog.right_count, dialog.wrong_count)
        self.assertEqual(counts, (5, 1, 4))
        self.assertFalse(self.reminders())

    def test_rule_01_what_is_right_is_brought_over_where_the_person_says_so(self):
        move = self.invoice(due=40)
        dialog = self.checked("XX;1;2026-05-04", f"{move.name};1;{day(20)}")
        with self.on(TODAY):
            run = self.env["upominky.run"].browse(dialog.action_import()["res_id"])
        self.assertEqual(run.reminder_ids.line_ids.move_id, move)

    def test_rule_01_the_same_file_twice_brings_nothing_over(self):
        move = self.invoice(due=40)
        row = f"{move.name};1;{day(20)}"
        self.brought(row)
        dialog = self.checked(row)
        self.assertIn("has the level 1 already", dialog.problems)
        with self.on(TODAY), self.assertRaises(UserError):
            dialog.action_import()
        self.assertEqual(len(self.reminders()), 1)

    def test_rule_05_a_level_below_one_that_was_reached_here_is_refused(self):
        move = self.invoice(due=10)
        first = self.generate()
        with self.on(TODAY):
            first.action_mark_sent(TODAY)
        self.generate(TODAY + timedelta(days=30))
        self.assertEqual(move.upominky_level, 2)
        dialog = self.checked(f"{move.name};1;{day(2)}")
        self.assertIn("reached the level 2", dialog.problems)

    def test_rule_07_a_level_above_one_that_waits_here_is_refused(self):
        move = self.invoice(due=40)
        waiting = self.generate()
        row = f"{move.name};2;{TODAY}"
        self.assertIn("waits to be sent here", self.checked(row).problems)
        with self.on(TODAY):
            waiting.action_cancel(reason="Omyl", afterwards="again")
        self.assertEqual(self.brought(row).reminder_ids.level_order, 2)

    def test_rule_29_an_invoice_of_another_company_is_told_to_those_alone_who_may_know(self):
        other = self.setup_other_company(name="Cizí firma a.s.")["company"]
        self.env.user.company_ids |= other
        there = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        move = there["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "payment_reference": "CIZI-1",
                "invoice_date": TODAY - timedelta(days=40),
                "invoice_date_due": TODAY - timedelta(days=30),
                "invoice_line_ids": [
                    Command.create({"name": "X", "price_unit": 100, "tax_ids": False})
                ],
            }
        )
        move.action_post()
        row = f"CIZI-1;1;{day(20)}"
        said = self.checked(row).problems
        self.assertIn("no posted invoice", said)
        self.assertNotIn("Cizí", said)
        self.manager.company_ids += other
        self.assertIn("of another company: Cizí firma a.s.", self.checked(row).problems)

    def test_rule_01_an_item_of_an_opening_entry_goes_by_its_name_and_its_customer(self):
        other = self.new_customer("Jiný", "jiny@jiny.example", company_registry="12345679")
        mine, theirs = self.opening("77"), self.opening("77", other)
        row = f"77;1;{day(20)}"
        self.assertIn("Name the customer", self.checked(row).problems)
        self.assertIn("is owed by", self.checked(f"{row};;Nikdo").problems)
        run = self.brought(f"{row};;JINY", f"{row};;{self.customer.name}")
        self.assertEqual(run.reminder_ids.line_ids.move_id, mine + theirs)
        self.assertEqual(run.reminder_ids.partner_id, self.customer + other)
        by_entry = self.entry_of_two(other)
        self.assertIn("Name the customer", self.checked(f"{by_entry.name};1;{day(20)}").problems)
        run = self.brought(f"{by_entry.name};1;{day(20)};;12345679")
        self.assertEqual(run.reminder_ids.line_ids.mapped("amount_due"), [200.0])

    def test_rule_01_what_is_not_followed_up_or_has_no_rule_is_told(self):
        left_out = self.entry(100, name="88", date_maturity=TODAY - timedelta(days=40))
        self.assertTrue(left_out.line_ids.filtered("no_followup"))
        self.assertIn("not followed up", self.checked(f"88;1;{day(20)}").problems)
        move = self.invoice(due=40)
        self.rule.active = False
        self.assertIn("No rule covers", self.checked(f"{move.name};1;{day(20)}").problems)

    def test_rule_01_a_file_that_is_none_gets_a_sentence(self):
        with self.on(TODAY):
            dialog = self.asked()
            for content, words in (
                (b"", "Choose a CSV file"),
                (b"PK\x03\x04\x00", "CSV UTF-8"),
                (b"number;level\n1;1", "columns: day\\."),
                (b"number;level;day\n", "No row"),
                (b'number;level;day\n"1', "Line 2 cannot be read"),
            ):
                dialog.file = base64.b64encode(content)
                with self.subTest(words), self.assertRaisesRegex(UserError, words):
                    dialog.action_check()
            dialog.file = b"no base64!"
            with self.assertRaisesRegex(UserError, "CSV UTF-8"):
                dialog.action_check()

    def test_rule_01_of_many_sentences_all_are_in_a_file(self):
        dialog = self.checked(*(f"<b>{n}</b>;1;{day(20)}" for n in range(250)))
        self.assertEqual(len(dialog.problems.splitlines()), 200)
        whole = base64.b64decode(dialog.problem_file).decode("utf-8-sig")
        self.assertEqual(len(whole.splitlines()), 250)
        self.assertIn("Line 251: ", whole)

    def test_rule_01_the_example_is_a_file_that_can_be_read(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        with self.on(TODAY):
            dialog = self.asked()
            for lang in ("en_US", "cs_CZ"):
                dialog.file = dialog.with_context(lang=lang).example
                dialog.action_check()
                with self.subTest(lang=lang):
                    self.assertIn("“2026001”", dialog.problems)


class TestMeanwhile(PastLevelsCase):
    def test_rule_01_what_changed_since_it_was_shown_is_shown_first(self):
        move = self.invoice(due=40)
        dialog = self.checked(f"{move.name};1;{day(20)}")
        self.pay(move)
        with self.on(TODAY):
            action = dialog.action_import()
        self.assertEqual(action["res_model"], "upominky.past.import")
        self.assertIn("it is paid", dialog.problems)
        self.assertFalse(self.reminders())

    def test_rule_14_of_two_who_bring_over_the_same_one_does(self):
        move = self.invoice(due=40)
        levels = self.env["upominky.past.levels"].sudo()
        dialog = self.checked(f"{move.name};1;{day(20)}").sudo()
        with self.on(TODAY):
            checked = dialog._checked()
            levels._bring_over(self.company, checked, "a.csv")
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(UserError, "nothing was brought over"),
            ):
                levels._bring_over(self.company, checked, "b.csv")
        self.assertEqual(len(move.upominky_line_ids), 1)

    def test_rule_14_a_job_under_way_and_whoever_brings_over_do_not_miss_each_other(self):
        def versions():
            self.env.flush_all()
            self.env.cr.execute("SELECT id, ctid FROM upominky_run WHERE state = 'running'")
            return dict(self.env.cr.fetchall())

        values = {"company_id": self.company.id, "date": TODAY}
        kinds = ("generate", "hand", "send")
        model = self.env["upominky.run"].sudo()
        runs = [model.create({**values, "kind": kind}).id for kind in kinds]
        before, move = versions(), self.invoice(due=40)
        self.brought(f"{move.name};2;{day(20)}")
        after = versions()
        # A worker holds its run of sending all the time: nobody is to wait for it.
        self.assertEqual([before[id] != after[id] for id in runs], [True, True, False])

    def test_rule_23_a_process_that_dies_between_two_chunks_leaves_nothing(self):
        moves = [self.invoice(due=40 + n) for n in range(3)]
        dialog = self.checked(*(f"{move.name};1;{day(20 - n)}" for n, move in enumerate(moves)))
        writer = type(self.env["upominky.past.levels"])
        original, calls = writer._insert, []

        def dying(this, model, rows, **shared):
            calls.append(model)
            if len(calls) > 2:
                raise KeyboardInterrupt
            return original(this, model, rows, **shared)

        with (
            self.on(TODAY),
            patch.object(past_levels, "CHUNK", 1),
            patch.object(writer, "_insert", dying),
            self.assertRaises(KeyboardInterrupt),
            self.env.cr.savepoint(),
        ):
            dialog.action_import()
        self.env.invalidate_all()
        self.assertFalse(self.reminders())
        self.assertFalse(moves[0].upominky_line_ids)

    def test_rule_01_any_number_of_rows_takes_the_same_queries(self):
        asked = []
        for count in (2, 12):
            moves = [self.invoice(due=40 + n) for n in range(count)]
            lines = [f"{move.name};1;{day(20)}" for move in moves]
            self.env.flush_all()
            self.env.invalidate_all()
            before = sql_db.sql_counter
            self.brought(*lines)
            asked.append(sql_db.sql_counter - before)
        self.assertLessEqual(asked[1], asked[0] + 2)


class TestTakingBack(PastLevelsCase):
    def test_rule_28_all_of_a_run_is_taken_back_as_a_whole(self):
        moves = [self.invoice(due=40), self.invoice(due=60)]
        run = self.brought(*(f"{move.name};1;{day(20)}" for move in moves))
        reminders = run.reminder_ids
        self.assertEqual(run.with_user(self.clerk).action_ask_undo()["res_id"], run.id)
        with self.assertRaises(AccessError):
            run.with_user(self.clerk).action_take_back()
        with self.on(TODAY):
            run.with_user(self.manager).action_take_back()
        self.assertEqual(set(reminders.mapped("state")), {"cancelled"})
        self.assertFalse(reminders.line_ids.filtered("counted"))
        self.assertIn(self.manager.name, reminders[0].cancel_reason)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            run.with_user(self.manager).action_take_back()
        self.assertEqual(self.generate().mapped("level_order"), [1])

    def test_rule_28_what_was_taken_back_may_be_brought_over_anew(self):
        move = self.invoice(due=40)
        row = f"{move.name};1;{day(20)}"
        self.brought(row).with_user(self.manager).action_take_back()
        self.brought(row)
        self.assertEqual(move.upominky_line_ids.filtered("counted").level_order, 1)

    def test_rule_28_one_of_them_is_cancelled_in_the_book(self):
        kept, wrong = self.invoice(due=40), self.invoice(due=60)
        run = self.brought(f"{kept.name};1;{day(20)}", f"{wrong.name};1;{day(19)}")
        mine = run.reminder_ids.filtered(lambda r: r.line_ids.move_id == wrong)
        with self.on(TODAY):
            mine.with_user(self.clerk).action_cancel(reason="Omyl", afterwards="again")
        self.assertEqual((mine.state, mine.line_ids.counted), ("cancelled", False))
        run.with_user(self.manager).action_take_back()
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"cancelled"})

    def test_rule_28_what_was_cancelled_and_skipped_counts_no_more_when_it_is_taken_back(self):
        move = self.invoice(due=40)
        row = f"{move.name};1;{day(20)}"
        run = self.brought(row)
        with self.on(TODAY):
            run.reminder_ids.with_user(self.clerk).action_cancel(reason="x", afterwards="skip")
        self.assertTrue(move.upominky_line_ids.counted)
        run.with_user(self.manager).action_take_back()
        self.assertFalse(move.upominky_line_ids.counted)
        self.brought(row)

    def test_rule_28_what_followed_and_waits_is_cancelled_when_it_is_taken_back(self):
        move = self.invoice(due=40)
        run = self.brought(f"{move.name};1;{day(20)}")
        followed = self.generate()
        self.assertEqual(followed.level_order, 2)
        run.with_user(self.manager).action_take_back()
        self.assertEqual((followed.state, followed.line_ids.counted), ("cancelled", False))
        self.assertIn("The level before it", followed.cancel_reason)
        self.assertEqual(self.generate(TODAY + timedelta(days=1)).level_order, 1)

    def test_rule_28_what_followed_and_was_sent_stays_when_it_is_taken_back(self):
        move = self.invoice(due=40)
        run = self.brought(f"{move.name};1;{day(20)}")
        followed = self.generate()
        with self.on(TODAY):
            followed.action_mark_sent(TODAY)
        run.with_user(self.manager).action_take_back()
        self.assertEqual((followed.state, followed.line_ids.counted), ("sent", True))
        self.assertFalse(self.generate(TODAY + timedelta(days=1)))

    def test_rule_28_other_runs_are_not_taken_back_by_it(self):
        self.invoice(due=10)
        issued = self.generate()
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            issued.run_id.with_user(self.manager).action_take_back()
        self.assertEqual(issued.state, "issued")

    def test_rule_29_only_managers_bring_levels_over(self):
        for user in (self.clerk, self.env.ref("base.public_user").sudo()):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.asked(user=user)
        settings = self.env["upominky.settings"].with_user(self.manager)
        opened = settings.browse(settings.action_open()["res_id"])
        self.assertEqual(opened.action_past_levels()["res_model"], "upominky.past.import")
