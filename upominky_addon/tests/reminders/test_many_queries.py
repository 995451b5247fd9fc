"""Steps with many reminders take queries that no reminder adds to (SPEC rules 22 and 28)."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import TODAY, UpominkyCommon
from ..many import copies, invoices

FEW, MANY = 20, 200
#: The ORM writes so many rows with one statement, and has so many kinds of rows to write.
ROWS, KINDS = 100, 4

OWNED = """
    UPDATE account_move_line line SET partner_id = owner.id
      FROM unnest(%(moves)s::int[], %(people)s::int[]) AS owner (move_id, id)
     WHERE line.move_id = owner.move_id
"""
BILLED = """
    UPDATE account_move move SET partner_id = owner.id, commercial_partner_id = owner.id
      FROM unnest(%(moves)s::int[], %(people)s::int[]) AS owner (move_id, id)
     WHERE move.id = owner.move_id
"""


@tagged("post_install", "-at_install", "upominky_addon")
class TestManyQueries(UpominkyCommon):
    def some(self, count, state="issued"):
        """Issue reminders of as many customers, in a state."""
        one = self.new_customer("Proto", "proto@b.example")
        move = self.invoice(one, 100, TODAY + timedelta(days=60))
        address = SQL("'p' || n || '@b.example'")
        people = copies(one, count, email=address, email_normalized=address)
        mine = SQL(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", people.ids
        )
        self.env.cr.execute(mine)
        moves = invoices(move, count, SQL("%s::date", TODAY - timedelta(days=10)))
        for query in (OWNED, BILLED):
            self.env.cr.execute(SQL(query, moves=moves.ids, people=people.ids))
        self.env.invalidate_all()
        found = self.generate().with_env(self.env(su=True, context={}))
        found = found.filtered(lambda reminder: reminder.partner_id in people)
        self.assertEqual(len(found), count)
        if state != "issued":
            found.state = state
        self.settle()
        return found

    def settle(self):
        """Write what a commit would: histories as well."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()

    def counted(self, act):
        before = self.env.cr.sql_log_count
        with self.on(TODAY):
            act()
        self.settle()
        return self.env.cr.sql_log_count - before

    def check(self, act, state="issued", kinds=KINDS):
        """Check that many take no more queries than few do, but for their rows.

        :param act: called with reminders
        :param int kinds: of rows that are written
        """
        self.counted(lambda: act(self.some(1, state)))  # caches
        few, many = [self.some(count, state) for count in (FEW, MANY)]
        counts = [self.counted(lambda some=some: act(some)) for some in (few, many)]
        more = kinds * (MANY - FEW) // ROWS
        self.assertLessEqual(counts[1], counts[0] + more, counts)
        return few | many

    def test_rule_28_approving_two_hundred(self):
        self.rule.level_ids.requires_approval = True
        found = self.check(lambda some: some.action_approve(), "to_approve")
        self.assertEqual(set(found.mapped("state")), {"issued"})

    def test_rule_28_cancelling_two_hundred(self):
        found = self.check(lambda some: some.action_cancel("R", "again"))
        self.assertEqual(set(found.mapped("state")), {"cancelled"})

    def test_rule_28_cancelling_two_hundred_and_holding_their_invoices(self):
        until = TODAY + timedelta(days=14)
        # Invoices, their histories and what changed of them come to it.
        found = self.check(lambda some: some.action_cancel("R", "hold", until), kinds=KINDS + 3)
        moves = found.line_ids.move_id
        self.assertEqual(set(moves.mapped("upominky_hold_until")), {until})
        for move in moves[::50]:
            told = move.message_ids.tracking_value_ids.filtered("new_value_datetime")
            self.assertEqual([day.date() for day in told.mapped("new_value_datetime")], [until])

    def test_rule_28_cancelling_two_hundred_of_which_half_cannot(self):
        def act(some):
            some[1::2].state = "cancelled"
            some.action_cancel("R", "again")

        found = self.check(act)
        self.assertEqual(set(found.mapped("state")), {"cancelled"})

    def test_rule_28_undoing_a_run_of_two_hundred(self):
        def act(some):
            asked = some.run_id.action_ask_undo()
            wizard = self.env["upominky.cancel"].with_context(**asked["context"]).create({})
            wizard.write({"afterwards": "skip", "reason": "R"})
            wizard.action_confirm()

        found = self.check(act)
        self.assertEqual(set(found.mapped("state")), {"cancelled"})

    def test_rule_28_marking_two_hundred(self):
        found = self.check(lambda some: some.action_mark_sent(way="post"))
        self.assertEqual(set(found.mapped("state")), {"sent"})

    def test_rule_22_retrying_two_hundred(self):
        def act(some):
            refused = some._together(
                lambda those: those._take_step("retry", {}),
                lambda one: one._check_step("retry", {}),
            )
            self.assertFalse(refused)

        found = self.check(act, "failed")
        self.assertEqual(set(found.mapped("state")), {"issued"})
