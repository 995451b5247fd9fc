"""Issue 18, point 7: statements of random worlds of real documents, against Odoo's own figures.

scripts/test -k test_statement_worlds              a few worlds
scripts/test --long -k test_statement_worlds       many
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from ...core.statement import statement
from ..whole.test_oracle import WorldCase, chosen_seeds
from ..worlds import DOCUMENTS, FIRST_DAY, SPAN, World

SHORT, LONG = (2, 11, 23), 60


class TestStatementWorlds(WorldCase):
    def test_section_18_7_balances_are_odoo_s_own_in_any_world(self):
        compared = 0
        for seed in chosen_seeds(SHORT, LONG):
            with self.subTest(seed=seed):
                compared += self.lived_through(seed)
        self.assertGreater(compared, 50)

    def lived_through(self, seed):
        """Play a world and roll it back.

        :return: how many balances were compared
        """
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            with freeze_time("2026-03-02 08:00:00") as clock:
                world = World(self, seed, {})
                world.build()
                compared = 0
                for moment in world.days():
                    world.now = moment
                    clock.move_to(moment)
                    world.happen(DOCUMENTS, 9)
                    compared += self.compared(
                        world, world.today + timedelta(days=1), self.residuals
                    )
                for days in range(-20, SPAN, 7):
                    day = FIRST_DAY + timedelta(days=days)
                    compared += self.compared(world, day, self.aged)
                return compared
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)

    def compared(self, world, day, expected):
        """Compare what statements of a day say with other figures, customer by customer.

        :param expected: gives items with their balance, of those of a company
        :return: how many were compared
        """
        reader, count = self.env["upominky.reader"], 0
        for company in world.companies:
            ids = world.customers.ids
            found = reader.with_company(company)._items_on(company, ids, day)
            told = {
                (customer, block.currency): block.balance
                for customer, items in found.items()
                for block in statement(items, day)
            }
            wanted = defaultdict(Decimal)
            for item, balance in expected(company, day):
                customer = item.partner_id.commercial_partner_id.id
                if customer in ids:
                    wanted[customer, item.currency_id.id] += Decimal(
                        f"{balance:.{item.currency_id.decimal_places}f}"
                    )
            story = "\n".join(world.story)
            keys = {key for key in {*told, *wanted} if told.get(key, 0) or wanted[key]}
            for key in keys:
                self.assertEqual(
                    told.get(key, 0), wanted[key], f"{company.name} {key} {day}\n{story}"
                )
            count += len(keys)
        return count

    def items(self, company):
        return self.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("partner_id", "!=", False),
            ]
        )

    def residuals(self, company, _day):
        """Give what Odoo says is left of each item today."""
        for item in self.items(company):
            yield item, item.amount_residual_currency

    def aged(self, company, day):
        """Give what was left on a day, as Odoo's aged receivables work it out."""
        for item in self.items(company).filtered(lambda item: item.date <= day):
            debits = item.matched_credit_ids.filtered(lambda part: part.max_date <= day)
            credits = item.matched_debit_ids.filtered(lambda part: part.max_date <= day)
            lowered = sum(debits.mapped("debit_amount_currency"))
            raised = sum(credits.mapped("credit_amount_currency"))
            yield item, item.amount_currency - lowered + raised
