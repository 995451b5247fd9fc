"""Steps with many reminders of which some cannot take them (SPEC rule 28)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY, UpominkyCommon


@tagged("post_install", "-at_install", "upominky_addon")
class TestManyAtOnce(UpominkyCommon):
    def some(self, count, state="issued"):
        """Issue reminders of as many customers, in a state."""
        before = self.reminders()
        for n in range(count):
            self.invoice(self.new_customer(f"M{n}", f"m{n}@b.example"), 100 + n, 10)
        self.generate()
        found = (self.reminders() - before).with_env(self.env(su=True, context={}))
        if state != "issued":
            found.state = state
        self.env.flush_all()
        return found

    def states(self, reminders):
        return {reminder.id: reminder.state for reminder in reminders}

    def one_after_the_other(self, reminders, step, arguments):
        """Take a step with each by itself, and return the sentences and the states."""
        refused = {}
        for reminder in reminders:
            try:
                with self.env.cr.savepoint():
                    reminder._take_step(step, arguments)
            except UserError as error:
                refused[reminder.id] = str(error)
        return refused, self.states(reminders)

    def together(self, reminders, step, arguments):
        refused = reminders._together(
            lambda some: some._take_step(step, arguments),
            lambda one: one._check_step(step, arguments),
        )
        return {id: str(said) for id, said in refused.items()}, self.states(reminders)

    def test_each_is_refused_for_what_it_would_be_alone(self):
        every = {}
        for state in ("to_approve", "issued", "failed", "sent", "cancelled"):
            every[state] = self.some(2, state)
        mixed = self.env["upominky.reminder"].union(*every.values())
        day = {"day": str(TODAY), "way": "post"}
        hold = {"afterwards": "hold", "until": str(TODAY + timedelta(days=5))}
        for step, arguments in (
            ("approve", {}),
            ("mark_sent", day),
            ("cancel", {"reason": None, **hold}),
            ("cancel", {"reason": "R", "afterwards": "again", "until": False}),
            ("send", {}),
            ("retry", {}),
        ):
            with self.subTest(step=step, **arguments), self.on(TODAY):
                found = []
                for take in (self.one_after_the_other, self.together):
                    point = self.env.cr.savepoint()
                    found.append(take(mixed, step, arguments))
                    self.env.flush_all()
                    point.close(rollback=True)
                    self.env.invalidate_all()
                self.assertEqual(found[1], found[0])
                self.assertEqual(list(found[1][0]), list(found[0][0]))  # in their order

    def test_that_all_are_refused_fits_in_a_dialog(self):
        approved = self.some(8)
        with self.assertRaisesRegex(UserError, "… and 3 more") as refusal, self.on(TODAY):
            approved.action_approve()
        self.assertEqual(str(refusal.exception).count("is “Issued”"), 5)

    def test_half_refused_costs_no_more_queries_than_all_that_can(self):
        counts = []
        for refused in (0, 20):
            asked = self.some(20, "to_approve") | self.some(refused or 1, "sent")[:refused]
            self.env.invalidate_all()
            with self.on(TODAY):
                before = self.env.cr.sql_log_count
                self.together(asked, "approve", {})
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_what_no_check_foresees_stops_no_other(self):
        reminders = self.some(9, "to_approve")
        bad = reminders[4]
        Reminder = type(reminders)
        approve = Reminder._approve

        def failing(some):
            approve(some)
            if bad in some:
                raise UserError("Not this one")

        with patch.object(Reminder, "_approve", failing), self.on(TODAY):
            refused, states = self.together(reminders, "approve", {})
        self.assertEqual(refused, {bad.id: "Not this one"})
        self.assertEqual(states.pop(bad.id), "to_approve")
        self.assertEqual(set(states.values()), {"issued"})

    def history(self, reminders):
        """Return what the histories tell of changes, by reminder."""
        told = {}
        for message in reminders.message_ids.sorted("id"):
            for value in message.sudo().tracking_value_ids:
                told.setdefault(message.res_id, []).append(
                    (
                        value.field_id.name,
                        value.old_value_char,
                        value.new_value_char,
                        message.author_id,
                        message.subtype_id,
                        message.message_type,
                        message.is_internal,
                    )
                )
        return told

    def tracked(self, reminders, values):
        self.flush_tracking()
        reminders.write(values)
        before = self.env.cr.sql_log_count
        self.flush_tracking()
        return self.env.cr.sql_log_count - before

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_the_history_of_many_tells_what_each_ones_would(self):
        reminders = self.some(6)
        alone, others = reminders[:1], reminders[1:]
        self.tracked(alone, {"state": "failed"})
        self.tracked(others, {"state": "failed"})
        self.env.invalidate_all()
        told = self.history(reminders)
        self.assertEqual(set(told), set(reminders.ids))
        for reminder in others:
            self.assertEqual(told[reminder.id], told[alone.id])
        self.assertEqual(told[alone.id][0][:3], ("state", "Issued", "Failed"))

    def test_the_history_of_many_is_written_in_a_number_of_queries_that_none_adds_to(self):
        few, many = self.some(3), self.some(30)
        self.tracked(few, {"state": "failed"})
        counts = [self.tracked(some, {"state": "issued"}) for some in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 2)
