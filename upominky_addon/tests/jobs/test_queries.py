"""How many queries the jobs ask: the part of speed that no busy machine can blur."""

from unittest.mock import patch

from odoo import sql_db
from odoo.fields import Many2many

from ...models.delivery import worker
from ...models.jobs import asked_step
from ..common import TODAY, UpominkyCommon, smtp_inbox

CUSTOMERS = 40
REMINDERS = 200


class Count:
    """Counts the queries of each call of a method, put in its place by ``patch.object``."""

    def __init__(self, method):
        self.method, self.queries = method, []

    def __get__(self, instance, owner):
        return lambda *args, **kwargs: self._call(instance, *args, **kwargs)

    def _call(self, *args, **kwargs):
        before = sql_db.sql_counter
        try:
            return self.method(*args, **kwargs)
        finally:
            self.queries.append(sql_db.sql_counter - before)


class QueriesCommon(UpominkyCommon):
    def fill(self, customers):
        """Give each customer an overdue invoice: copies of one, without Odoo's time for each."""
        partners = [self.new_customer(f"C{n}", f"c{n}@x.example") for n in range(customers)]
        move = self.invoice(partners[0], due=10)
        copies = self.env["account.move"].union(
            *(move.copy({"partner_id": partner.id}) for partner in partners[1:])
        )
        for copied in copies:
            copied.write(
                {"invoice_date": move.invoice_date, "invoice_date_due": move.invoice_date_due}
            )
        copies.action_post()

    def queries_of(self, model, method, work):
        """Return how many queries each call of a method asked while ``work`` was done."""
        Model = type(self.env[model])
        count = Count(getattr(Model, method))
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Model, method, count):
            work()
        return count.queries


class TestQueries(QueriesCommon):
    def test_job_1_asks_the_same_for_any_number_of_customers(self):
        asked = []
        for customers in (2, CUSTOMERS):
            self.fill(customers)
            chunks = self.queries_of("upominky.generate", "_step", self.generate)
            self.assertEqual(len(chunks), 1)
            asked += chunks
        self.assertEqual(len(set(asked)), 1, asked)
        self.assertLessEqual(asked[-1], 20)

    def test_rule_31_no_filter_adds_a_query_to_a_chunk(self):
        asked = []
        for number in (1, 6):
            for turn in range(number):
                self.rule.copy(
                    {
                        "name": f"F {turn}",
                        "sequence": turn,
                        "partner_domain": f"[('city', '=', 'Nikde {turn}')]",
                        "exclude_domain": "[('ref', '=', 'Inkaso')]",
                    }
                )
            self.fill(3)
            asked += self.queries_of("upominky.generate", "_step", self.generate)
        self.assertEqual(len(asked), 2)
        self.assertEqual(len(set(asked)), 1, asked)
        self.assertLessEqual(asked[-1], 21)

    def test_job_1_asks_the_same_for_many_receivables_credits_and_contacts(self):
        def step():
            return self.queries_of("upominky.generate", "_step", self.generate)[0]

        self.fill(3)
        plain = step()
        for partner in (self.new_customer(f"D{n}", f"d{n}@x.example") for n in range(8)):
            self.new_customer("Office", "o@x.example", is_company=False, parent_id=partner.id,
                              type="invoice")  # fmt: skip
            self.invoice(partner, due=20)
            self.invoice(partner, due=20, currency=self.eur)
            self.credit_note(partner)
        # Credits and contacts ask for their own tables once, whatever their number.
        self.assertLessEqual(step(), min(plain + 4, 22))

    def test_preparing_asks_less_than_a_query_for_three_reminders(self):
        self.fill(REMINDERS)
        self.assertEqual(len(self.generate()), REMINDERS)
        with smtp_inbox(self.env) as inbox:
            asked = self.queries_of("upominky.send", "_prepare", self.send)
            self.assertEqual(len(inbox.messages), REMINDERS)
        # The first slices are small, to learn how long one takes; the last one is the usual.
        self.assertLessEqual(sum(asked) / REMINDERS, 0.3 + 0.2 * (len(asked) - 1))

    def asked_by(self, reminders, step):
        """Return how many queries a step asks, with what Odoo writes into the history."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = sql_db.sql_counter
        step(reminders)
        self.env.cr.flush()
        return sql_db.sql_counter - before

    def test_rule_28_work_with_many_asks_for_the_history_of_each_and_no_more(self):
        """A message and the old and new state of each are Odoo's; all else is asked once."""
        self.rule.level_ids.requires_approval = True
        self.fill(CUSTOMERS)
        reminders = self.generate()
        few, many = reminders[:4], reminders[4:]
        steps = (
            ("approve", lambda r: r.action_approve(), "issued"),
            ("mark", lambda r: r.action_mark_sent(date=r[0].issue_date), "sent"),
            ("cancel", lambda r: r.action_cancel("No", "skip"), "cancelled"),
        )
        for name, step, state in steps:
            with self.subTest(name), self.on(TODAY):
                base = self.asked_by(few, step)
                grown = (self.asked_by(many, step) - base) / (len(many) - len(few))
                self.assertEqual(set(reminders.mapped("state")), {state})
                self.assertLessEqual(grown, 2)

    def test_rule_28_to_ask_for_sending_very_many_asks_the_same_for_any_number(self):
        self.fill(CUSTOMERS)
        reminders = self.generate()
        with self.on(TODAY), patch.object(asked_step, "AT_ONCE", 2):
            few = self.asked_by(reminders[:4], lambda r: r.action_send_now())
            many = self.asked_by(reminders[4:], lambda r: r.action_send_now())
        self.assertLessEqual(many, few)

    def test_a_step_reads_no_more_than_its_chunk_of_what_was_asked_for(self):
        self.fill(CUSTOMERS)
        read, original = [], Many2many.read

        def spy(field, records):
            read.append(field.name)
            return original(field, records)

        with self.on(TODAY), patch.object(asked_step, "AT_ONCE", 2):
            self.generate().action_mark_sent(way="post")
        self.env.invalidate_all()
        chunks = patch.object(asked_step, "CHUNK", 5)
        with patch.object(Many2many, "read", spy), chunks, self.on(TODAY):
            self.env["upominky.run"].sudo()._take_steps(lambda: False)
        self.assertEqual(set(self.reminders().mapped("state")), {"sent"})
        self.assertNotIn("asked_reminder_ids", read)

    def test_a_letter_is_built_once_for_its_html_and_its_text(self):
        self.fill(CUSTOMERS)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            built = self.queries_of("upominky.reminder", "_build_letter", self.send)
            self.assertEqual(len(inbox.messages), CUSTOMERS)
        self.assertEqual(len(built), CUSTOMERS)

    def test_before_a_message_nothing_is_read_that_its_worker_knows(self):
        self.fill(CUSTOMERS)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            asked = self.queries_of("upominky.send", "_deliver", self.send)
            self.assertEqual(len(inbox.messages), CUSTOMERS)
        self.assertLessEqual(sorted(asked)[CUSTOMERS // 2], 10)  # six are for savepoints

    def test_no_more_of_what_waits_is_counted_than_says_that_the_job_goes_on(self):
        self.fill(CUSTOMERS)
        self.generate()
        sender = self.env["upominky.send"]
        self.assertEqual(sender._count_waiting(self.company), CUSTOMERS)
        with patch.object(worker, "MOST_COUNTED", 3):
            self.assertEqual(sender._count_waiting(self.company), 3)
            with smtp_inbox(self.env) as inbox:
                self.send()
                self.assertEqual(len(inbox.messages), CUSTOMERS)

    def test_rule_28_invoices_of_many_cancelled_reminders_are_held_at_once(self):
        self.fill(CUSTOMERS)
        reminders = self.generate()
        with self.on(TODAY):
            written = self.queries_of(
                "account.move", "write", lambda: reminders.action_cancel("No", "hold", TODAY)
            )
        moves = reminders.line_ids.move_id
        self.assertEqual(set(moves.mapped("upominky_hold_until")), {TODAY})
        self.assertEqual(len(moves), CUSTOMERS)
        self.assertLessEqual(len(written), 2)  # Odoo's own write calls itself once

    def test_rule_28_to_hold_invoices_asks_for_none_of_their_items(self):
        self.fill(CUSTOMERS)
        reminders = self.generate()
        moves = reminders.line_ids.move_id
        moves.is_manually_modified = False  # what copied them, set it
        with self.on(TODAY):
            asked = self.queries_of(
                "account.move", "write", lambda: reminders.action_cancel("No", "hold", TODAY)
            )
        self.assertEqual(set(moves.mapped("upominky_hold_until")), {TODAY})
        self.assertFalse(any(moves.mapped("is_manually_modified")))
        self.assertLess(sum(asked), CUSTOMERS)

    def test_the_writer_leaves_out_nothing_that_the_orm_would_fill(self):
        """What is written without ``create`` has a value for each column that is not empty."""
        self.invoice(amount=1000, due=10)
        self.credit_note(amount=100)
        written = {}
        writer = type(self.env["upominky.writer"])
        insert = writer._insert

        def noting(this, model, rows, **shared):
            written.setdefault(model, set()).update(shared, *rows)
            return insert(this, model, rows, **shared)

        with patch.object(writer, "_insert", noting):
            self.generate()
        self.assertEqual(len(written), 3)
        for model, columns in written.items():
            defaults = self.env[model].default_get(list(self.env[model]._fields))
            filled = {name for name, value in defaults.items() if value not in (False, None)}
            computed = {
                name
                for name, field in self.env[model]._fields.items()
                if field.store and field.compute and field.column_type
            }
            required = {n for n, f in self.env[model]._fields.items() if f.required and f.store}
            self.assertFalse((filled | computed | required) - columns, model)

    def test_what_is_updated_without_the_orm_has_nothing_that_the_orm_would_do(self):
        """Columns that go round ``write`` are not tracked, and nothing stored follows from them."""
        for model, names in (
            ("upominky.reminder", ("claim_totals", "claim_terms", "claim_error")),
            ("upominky.reminder.line", ("flat_cost",)),
        ):
            for name in names:
                field = self.env[model]._fields[name]
                followers = self.env.registry.get_dependent_fields(field)
                with self.subTest(field=field):
                    self.assertFalse(getattr(field, "tracking", None))
                    self.assertFalse([f for f in followers if f.store])
