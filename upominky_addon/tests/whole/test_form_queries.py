"""What the forms of Odoo cost more for who works with reminders, counted in queries."""

from unittest.mock import patch

from odoo import sql_db
from odoo.tests import Form, new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox

ACCOUNTANT = "account.group_account_invoice,base.group_partner_manager"


class TestFormQueries(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.plain = new_test_user(cls.env, "plain_clerk", ACCOUNTANT, **company)
        groups = f"{ACCOUNTANT},upominky_addon.group_user"
        cls.clerk = new_test_user(cls.env, "reminder_clerk", groups, **company)

    def queries(self, record, user, view):
        """Return the queries of a form's reading, each with how often it was asked."""
        record = record.with_user(user)
        spec = Form(record, view=view)._view["fields_spec"]
        record.web_read(spec)  # what is kept for everybody is warm
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        original = sql_db.Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return original(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", execute):
            record.web_read(spec)
        return asked

    def more(self, record, view):
        """Return how many queries more the form costs who works with reminders."""
        with self.on(TODAY):
            plain = self.queries(record, self.plain, view)
            mine = self.queries(record, self.clerk, view)
        left = list(plain)
        extra = [query for query in mine if query not in left or left.remove(query)]
        return len(mine) - len(plain), "\n---\n".join(extra)

    def test_an_invoice_costs_at_most_six_queries_more(self):
        fresh = self.invoice(due=10)
        reminded = self.invoice(self.new_customer("Druhý", "d@x.example"), due=20)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
        reminded_too = self.invoice(self.new_customer("Třetí", "t@x.example"), due=20)
        for move in (reminded, fresh, reminded_too):
            with self.subTest(invoice=move.partner_id.name):
                count, extra = self.more(move, "account.view_move_form")
                self.assertLessEqual(count, 6, extra)

    def test_a_customer_costs_at_most_three_queries_more(self):
        customer = self.new_customer("Druhý", "d@x.example")
        self.invoice(customer, due=20)
        self.generate()
        for partner in (customer, self.new_customer("Třetí")):
            with self.subTest(customer=partner.name):
                count, extra = self.more(partner, "base.view_partner_form")
                self.assertLessEqual(count, 3, extra)
