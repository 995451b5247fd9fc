"""SPEC rule 26: the next dates that lists are sorted, grouped and searched by are those shown."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from ...core.reasons import Code
from ...core.schedule import Stop
from ...models.reminders import decided_dates
from ..common import TODAY, UpominkyCommon
from ..many import invoices, reminders

#: Invoices of each customer: more than Odoo reads in one piece, over all of them.
EACH = 230


class TestNextDates(UpominkyCommon):
    """What the database works out for all is what the core decides for each, whatever happens."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(decided_dates, "FEW", 0))
        self.tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self.below = self.tags.create({"name": "Below", "parent_id": self.tags[1].id})
        self.rules = self.rule.browse()
        for place, days in enumerate((3, 11, 90)):
            rule = self.rule.copy({"name": f"Rule {days}", "sequence": 2 - place % 2})
            for level in rule.level_ids:
                level.days_overdue += days
            self.rules |= rule
        listing, *by_tag = self.rules
        self.customers = self.env["res.partner"].union(
            *(self.new_customer(f"Customer {n}", f"c{n}@odberatel.example") for n in range(5))
        )
        listing.partner_ids = self.customers[0]
        for rule, tag in zip(by_tag, self.tags, strict=True):
            rule.category_ids = tag
        self.customers[1].category_id = self.tags
        self.customers[2].category_id = self.below
        self.rules[1].level_ids[1].auto_generate = False
        contacts = self.customers.create(
            [{"name": "Contact", "parent_id": customer.id} for customer in self.customers]
        )
        protos = [self.invoice(contact, due=60) for contact in contacts]
        self.moves = self.env["account.move"].union(*protos)
        self.book = self.generate()
        issued = {reminder.partner_id: reminder for reminder in self.book}
        for customer, proto in zip(self.customers, protos, strict=True):
            self.make(proto, issued.get(customer))

    def make(self, proto, issued):
        """Copy an invoice to many days, and its reminder to many states, for most of them."""
        moves = invoices(proto, EACH, SQL("proto.date_maturity + (n %% 80)::int"))
        self.moves |= moves
        if not issued:
            return
        for order, chosen in ((1, moves[: EACH * 2 // 3]), (2, moves[: EACH // 3])):
            state = SQL(
                "(ARRAY['sent', 'sent', 'issued', 'failed', 'to_approve', 'cancelled'])[n %% 6 + 1]"
            )
            values = {
                "state": state,
                "to_send": SQL("n %% 4 != 0"),
                "sent_date": SQL("CASE WHEN n %% 6 < 2 THEN %s::date - (n %% 40)::int END", TODAY),
                "issue_date": SQL("%s::date - (n %% 50)::int", TODAY),
                "rule_id": SQL("(%s::int[])[n %% 2 + 1]", [issued.rule_id.id, self.rule.id]),
                "deadline": SQL("CASE WHEN n %% 5 = 2 THEN %s::date + n %% 60 END", TODAY),
            }
            line = {"level_order": SQL("%s::int", order), "counted": SQL("n %% 7 != 3")}
            self.book |= reminders(issued, chosen, line=line, **values)

    # ---------------------------------------------------------------- dates

    def decided(self):
        """Return what each invoice and each reminder says of itself."""
        self.env.invalidate_all()
        found = {move: move.upominky_next_date for move in self.moves}
        return found | {reminder: reminder.next_date for reminder in self.book}

    def worked_out(self):
        """Return what the database says of all of them, in a query for each model."""
        found = {}
        for records, name in ((self.moves, "upominky_next_date"), (self.book, "next_date")):
            query = records._search([("id", "in", records.ids)])
            column = records._field_to_sql(records._table, name, query)
            own = SQL.identifier(records._table, "id")
            for id, day in self.env.execute_query(query.select(own, column)):
                found[records.browse(id)] = day or False
        return found

    def check(self, day=TODAY):
        with self.on(day):
            decided, found = self.decided(), self.worked_out()
        # Not of all of them: a difference would be told at length.
        others = {each: (day, found[each]) for each, day in decided.items() if found[each] != day}
        self.assertFalse(others)
        return decided

    def check_changed(self, what, before, day=TODAY):
        after = self.check(day)
        self.assertFalse(after == before, f"“{what}” changed nothing")
        return after

    def change(self, *changes):
        """Check what is worked out after each of some changes, and that each changes something."""
        before = self.check()
        for what, act in changes:
            with self.subTest(change=what):
                with self.on(TODAY):
                    act()
                before = self.check_changed(what, before)

    def open_moves(self):
        with self.on(TODAY):
            return self.moves.filtered(lambda move: move.upominky_next_date)

    # ---------------------------------------------------------------- tests

    def test_rule_26_many_dates_of_many_rules_are_those_that_are_decided(self):
        found = self.check()
        self.assertGreater(len(self.moves), 1_000)
        self.assertGreater(len(self.book), 500)
        for records in (self.moves, self.book):
            days = [found[record] for record in records]
            self.assertGreater(len(set(days)), 30)
            self.assertTrue(0 < days.count(False) < len(days))

    def test_rule_26_what_happens_to_an_invoice_changes_the_dates(self):
        first, second, third, fourth, fifth, sixth, seventh = self.open_moves()[:7]
        item = fourth.line_ids.filtered("date_maturity")
        self.change(
            ("paid", lambda: self.pay(first)),
            ("a payment undone", first.line_ids.remove_move_reconcile),
            ("reversed", lambda: second._reverse_moves(cancel=True)),
            ("held until a day", lambda: third.write({"upominky_hold_until": date(2026, 12, 1)})),
            ("held on", lambda: third.write({"upominky_hold_until": date(9999, 12, 31)})),
            ("held until today", lambda: third.write({"upominky_hold_until": TODAY})),
            (
                "held without an end",
                lambda: third.write(
                    {"upominky_hold_until": False, "upominky_hold_reason": "other"}
                ),
            ),
            ("not followed up", lambda: item.write({"no_followup": True})),
            (
                "due later",
                lambda: fifth.line_ids.filtered("date_maturity").write(
                    {"date_maturity": date(2027, 1, 1)}
                ),
            ),
            ("blocked", sixth.action_toggle_block_payment),
            ("in payment", lambda: seventh.write({"payment_state": "in_payment"})),
            ("draft", fifth.button_draft),
        )

    def test_rule_26_what_happens_to_a_customer_changes_the_dates(self):
        first, second, third, fourth, fifth = self.customers
        self.change(
            ("excluded", lambda: first.write({"upominky_excluded": True})),
            ("not excluded", lambda: first.write({"upominky_excluded": False})),
            ("held", lambda: second.write({"upominky_hold_until": date(2026, 11, 2)})),
            (
                "held without an end",
                lambda: second.write(
                    {"upominky_hold_until": False, "upominky_hold_reason": "other"}
                ),
            ),
            ("tag taken", lambda: third.write({"category_id": [Command.clear()]})),
            ("tag given", lambda: third.write({"category_id": [Command.link(self.tags[0].id)]})),
            (
                "a contact of another",
                lambda: fourth.write({"is_company": False, "parent_id": first.id}),
            ),
            ("listed", lambda: self.rules[0].write({"partner_ids": [Command.link(fifth.id)]})),
        )

    def test_rule_26_what_happens_to_rules_changes_the_dates(self):
        level = self.rule.level_ids.sorted("order")[1]
        second = self.rules[0].level_ids.sorted("order")[1]
        self.change(
            ("more days", lambda: level.write({"days_overdue": 44})),
            ("by hand", lambda: level.write({"auto_generate": False})),
            ("a higher order", lambda: level.write({"order": 9})),
            ("a level gone", second.unlink),
            ("another order of rules", lambda: self.rules[1].write({"sequence": 99})),
            ("archived", self.rules[0].action_archive),
            ("start", lambda: self.company.write({"upominky_start_date": date(2026, 4, 20)})),
            ("no start", lambda: self.company.write({"upominky_start_date": False})),
            ("no rules", (self.rules | self.rule).action_archive),
        )

    def test_rule_26_what_happens_to_reminders_changes_the_dates(self):
        book = self.book.sudo()
        sent = book.filtered(lambda reminder: reminder.state == "sent")
        waiting = book.filtered(lambda reminder: reminder.state == "to_approve")
        self.change(
            ("sent later", lambda: sent.write({"sent_date": TODAY})),
            ("more time to pay", lambda: sent.write({"deadline": TODAY + timedelta(days=80)})),
            ("time without an end", lambda: sent.write({"deadline": date.max})),
            ("no deadline", lambda: sent.write({"deadline": False})),
            ("not counted", lambda: sent[::3].line_ids.write({"counted": False})),
            ("approved", lambda: waiting.write({"state": "issued", "to_send": False})),
            ("to be sent again", lambda: waiting.write({"to_send": True})),
            ("its item gone", lambda: sent[1].line_ids.write({"move_line_id": False})),
            ("of another customer", lambda: sent.write({"partner_id": self.customers[3].id})),
        )

    def test_rule_26_days_pass(self):
        chosen = self.open_moves()[:200]
        chosen.upominky_hold_until = TODAY
        self.customers[3].upominky_hold_until = TODAY + timedelta(days=30)
        before = self.check()
        for days in (1, 30, 31):
            with self.subTest(days=days):
                after = self.check(TODAY + timedelta(days=days))
                self.assertEqual(after == before, days == 30)
                before = after

    def test_rule_26_instalments_and_opening_entries_have_dates_of_their_own(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (1, 40)
                ],
            }
        )
        parts = self.invoice(self.customers[3], due=50, invoice_payment_term_id=term.id)
        receivable = self.company_data["default_account_receivable"]
        balances = [(self.customers[3], 30, 100), (self.customers[0], 3, 200)]
        lines = [
            Command.create(
                {
                    "account_id": receivable.id,
                    "partner_id": customer.id,
                    "date_maturity": TODAY - timedelta(days=days),
                    "no_followup": False,
                    "debit": amount,
                }
            )
            for customer, days, amount in balances
        ]
        other = self.company_data["default_account_revenue"]
        lines.append(Command.create({"account_id": other.id, "credit": 300}))
        opening = self.env["account.move"].create({"move_type": "entry", "line_ids": lines})
        opening.action_post()
        self.assertEqual(len(parts.line_ids.filtered("date_maturity")), 2)
        self.book |= self.generate()
        self.moves |= parts | opening
        found = self.check()
        self.book.sudo().filtered(lambda reminder: parts in reminder.line_ids.move_id).write(
            {"state": "sent", "sent_date": TODAY}
        )
        found = self.check_changed("sent", found)
        self.assertTrue(found[parts])
        self.assertTrue(found[opening])

    def test_rule_26_what_an_add_on_stops_is_heeded(self):
        reader = type(self.env["upominky.reader"])
        before = self.check()

        def stops(this, company, rows):
            kinds = (
                (),
                (Stop(Code.BLOCKED),),
                (Stop(Code.ON_HOLD, TODAY + timedelta(days=70)), Stop(Code.ON_HOLD, TODAY)),
                (Stop(Code.BLOCKED, TODAY - timedelta(days=1)),),
                (Stop(Code.ON_HOLD),),
                (Stop(Code.ON_HOLD, date.max),),
            )
            return {row["id"]: kinds[row["id"] % len(kinds)] for row in rows}

        with patch.object(reader, "_stops", stops):
            self.check_changed("stopped", before)

    def test_rule_31_filters_of_rules_change_the_dates(self):
        filtered = {
            "name": "Found",
            "sequence": 1,
            "category_ids": [Command.clear()],
            "partner_domain": "[('name', '=', 'Customer 3')]",
        }
        self.change(
            ("found", lambda: self.rules[2].copy(filtered)),
            ("found no more", lambda: self.customers[3].write({"name": "Renamed"})),
            ("left out", lambda: self.rule.write({"exclude_domain": "[('id', '>', 0)]"})),
            ("left in", lambda: self.rule.write({"exclude_domain": False})),
        )

    def test_rule_26_a_superuser_sees_the_dates_of_all_companies(self):
        self.moves, self.book = self.moves.sudo(), self.book.sudo()
        self.check()


class TestNextDatesKept(TestNextDates):
    """The same of dates that were kept before anything happened to them, but for what changed."""

    def setUp(self):
        super().setUp()
        self.keep()

    def keep(self):
        with self.on(TODAY):
            self.env["upominky.kept"]._refill()
        self.assertEqual(self.env["upominky.mark"]._items(), [])

    def is_kept(self):
        reader = self.env["upominky.reader"].sudo()
        marked = self.env["upominky.mark"]._items()
        return all(reader._dates_of(company, marked, TODAY)[1] for company in self.env.companies)

    def check(self, day=TODAY):
        found = super().check(day)
        if not self.is_kept():
            self.keep()
            self.assertEqual(super().check(day), found)
        return found

    def test_rule_26_what_changed_is_kept_anew_and_nothing_else(self):
        paid, held, *others = self.open_moves()[:3]
        self.pay(paid)
        held.upominky_hold_until = date(2026, 12, 1)
        with self.on(TODAY):
            self.env.flush_all()
            marked = self.env["upominky.mark"]._items()
        items = (paid | held).line_ids.filtered("date_maturity")
        self.assertLessEqual(set(items.ids), set(marked))
        self.assertFalse(set(others[0].line_ids.ids) & set(marked))
        self.assertTrue(self.is_kept())
        before = self.check()
        self.keep()
        self.assertEqual(self.check(), before)


class TestNextDatesSearched(UpominkyCommon):
    """Lists by next date take queries that no record adds to."""

    def setUp(self):
        super().setUp()
        proto = self.invoice(due=30)
        issued = self.generate()
        self.moves = invoices(proto, 1_100, SQL("proto.date_maturity - (n %% 90)::int"))
        sent = SQL("%s::date - (n %% 90)::int", TODAY)
        values = {"state": SQL("'sent'"), "sent_date": sent, "to_send": SQL("TRUE")}
        self.book = reminders(issued, self.moves[:1_050], line={}, **values)

    def lists(self):
        return (self.moves, "upominky_next_date"), (self.book, "next_date")

    def test_rule_26_items_are_searched_by_level_and_date_as_they_are_shown(self):
        items = self.moves.line_ids.filtered("date_maturity")
        middle = TODAY + timedelta(days=3)
        with self.on(TODAY):
            for condition, meets in (
                (("upominky_level", "=", 1), lambda item: item.upominky_level == 1),
                (("upominky_level", "!=", 1), lambda item: item.upominky_level != 1),
                (("upominky_level", "<", 1), lambda item: item.upominky_level < 1),
                (
                    ("upominky_next_date", "<=", middle),
                    lambda item: item.upominky_next_date and item.upominky_next_date <= middle,
                ),
                (("upominky_next_date", "=", False), lambda item: not item.upominky_next_date),
            ):
                with self.subTest(condition=condition):
                    found = items.search([("id", "in", items.ids), condition], order="id")
                    wanted = items.filtered(meets).sorted("id")
                    self.assertEqual(found, wanted)
                    self.assertTrue(0 < len(found) < len(items) or condition[2] is False)

    def test_rule_26_a_search_finds_what_is_shown(self):
        middle = TODAY + timedelta(days=3)
        for sign, value, meets in (
            ("=", middle, lambda day: day == middle),
            ("!=", middle, lambda day: day != middle),
            ("<=", middle, lambda day: day and day <= middle),
            (">", middle, lambda day: day and day > middle),
            ("=", False, lambda day: not day),
            ("!=", False, lambda day: day),
            ("in", [middle, False], lambda day: day in (middle, False)),
            ("not in", [middle, False], lambda day: day not in (middle, False)),
        ):
            for records, name in self.lists():
                with self.subTest(field=name, sign=sign, value=value), self.on(TODAY):
                    self.check_search(records, (name, sign, value), meets)

    def check_search(self, records, condition, meets):
        wanted = records.filtered(lambda record: meets(record[condition[0]]))
        mine = ("id", "in", records.ids)
        self.assertEqual(records.search([mine, condition], order="id"), wanted.sorted("id"))
        others = records.search([mine, "!", condition], order="id")
        self.assertEqual(others, (records - wanted).sorted("id"))
        self.assertEqual(records[:50].filtered_domain([condition]), records[:50] & wanted)

    def ask(self, mine, name, records):
        """Ask for the lists of some records, and return how many queries that took."""
        before = self.env.cr.sql_log_count
        records.search(mine, order=name, limit=80)
        records.search_count([*mine, (name, "<=", TODAY)])
        records.formatted_read_group(mine, [f"{name}:week"], ["__count"])
        return self.env.cr.sql_log_count - before

    def test_rule_26_more_records_take_no_more_queries(self):
        for records, name in self.lists():
            counts = set()
            for some in (records[:600], records):
                with self.on(TODAY):
                    mine = [("id", "in", some.ids)]
                    self.ask(mine, name, records)
                    counts.add(self.ask(mine, name, records))
            self.assertEqual(len(counts), 1, (name, counts))

    def test_rule_26_few_are_decided_and_many_worked_out_alike(self):
        for records, name in self.lists():
            mine = [("id", "in", records[:100].ids)]
            with self.on(TODAY):
                decided = records.search(mine, order=f"{name}, id")
                with patch.object(decided_dates, "FEW", 99):
                    self.assertEqual(records.search(mine, order=f"{name}, id"), decided)


class TestNextDatesKeptSearched(TestNextDatesSearched):
    """The same lists by dates that were kept; of some the reminder or the invoice changed since."""

    def setUp(self):
        super().setUp()
        with self.on(TODAY):
            self.env["upominky.kept"]._refill()
        self.moves[::40].upominky_hold_until = TODAY + timedelta(days=9)
        self.book[::30].sudo().sent_date = TODAY - timedelta(days=2)
