"""Shared by the tests of stopped orders: a debtor who was reminded, and people who sell to him."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.upominky_addon.tests.common import TODAY, UpominkyCommon


class StopCase(UpominkyCommon):
    """A company that stops orders from the first reminder; the customer owes it 12 100 CZK."""

    #: Whether the clock stands at TODAY; a browser's does not.
    frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = TODAY if cls.frozen else fields.Date.today()
        if cls.frozen:
            cls.startClassPatcher(freeze_time(datetime(TODAY.year, TODAY.month, TODAY.day, 8)))
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.rule.level_ids.send = False  # a level counts from its issue: nothing is mailed here
        cls.company.write({"upominky_stop": "block", "upominky_stop_level": 1})
        cls.product = cls.env["product.product"].create(
            {"name": "Přeprava", "type": "service", "invoice_policy": "order", "taxes_id": False}
        )
        cls.seller = cls.person("seller", "sales_team.group_sale_salesman_all_leads")
        cls.clerk = cls.person("clerk", "upominky_addon.group_user")
        cls.chief = cls.person("chief", "upominky_addon.group_manager")

    def setUp(self):
        super().setUp()
        self.debt = self.owes(self.customer, days=10)
        self.generate(self.day)

    @classmethod
    def person(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"stop_{login}",
            group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def owes(cls, partner, days, amount=12100.0, **values):
        """Post an invoice so many days overdue."""
        return cls.invoice(partner, amount, cls.day - timedelta(days=days), **values)

    @classmethod
    def quotation(cls, partner=None, amount=1000, company=None, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": (company or cls.company).id,
                "currency_id": cls.czk.id,
                "user_id": cls.seller.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": amount})
                ],
                **values,
            }
        )

    def by(self, user, order):
        """Return an order as somebody sees it now."""
        self.env.flush_all()
        self.env.invalidate_all()
        return order.with_user(user)

    @contextmanager
    def refused(self, error, words):
        """Expect an error that says some words, and take back what was done before it."""
        with self.assertRaises(error) as caught:
            yield caught
        self.assertIn(words, str(caught.exception))

    def history(self, order):
        return " ".join(str(body) for body in order.sudo().message_ids.mapped("body"))
