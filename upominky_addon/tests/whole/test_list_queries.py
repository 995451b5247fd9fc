"""Lists ask the database the same for a full page as for a few rows, counted in queries."""

from unittest.mock import patch

from lxml import etree

from odoo import sql_db
from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox

GROUPS = "account.group_account_invoice,upominky_addon.group_manager"
FEW, MANY = 3, 80
DUE = [("account_type", "=", "asset_receivable"), ("parent_state", "=", "posted")]
#: The lists that grow with customers: the view, and what is read of its model.
LISTS = {
    "upominky_addon.view_upominky_reminder_list": [],
    "upominky_addon.view_upominky_delivery_list": [],
    "upominky_addon.view_overdue_list": DUE,
    "upominky_addon.view_debtor_list": [],
    "upominky_addon.view_upominky_preview_line_list": [],
    "account.view_out_invoice_tree": [("move_type", "=", "out_invoice")],
}


class TestListQueries(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.user = new_test_user(cls.env, "reader_of_lists", GROUPS, **company)

    def make(self, count):
        """Make invoices of customers of their own, of which each third is on hold, once mailed."""
        for number in range(count):
            customer = self.new_customer(f"{count}/{number}", f"c{count}{number}@x.example")
            self.invoice(customer, due=10)
            if number % 3 == 0:
                self.invoice(customer, due=9, upominky_hold_until=TODAY)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
            for number in range(count):
                self.invoice(self.new_customer(f"next {count}/{number}", "n@x.example"), due=10)
            self.generate()
        self.env["upominky.preview.line"].with_user(self.user).action_open()

    def queries(self, view, domain):
        """Return how often the reading of a page of a list asks the database, and of what."""
        view = self.env.ref(view)
        records = self.env[view.model].with_user(self.user)
        arch = etree.fromstring(records.get_view(view.id, "list")["arch"])
        spec = {node.get("name"): {} for node in arch.iter("field")}
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        original = sql_db.Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            asked.append(" ".join(str(getattr(query, "code", query)).split())[:200])
            return original(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", execute):
            found = records.web_search_read(domain, spec, limit=MANY)
        return len(found["records"]), asked

    def test_a_full_page_of_each_list_asks_what_a_few_rows_ask(self):
        with self.on(TODAY):
            self.make(FEW)
            for view, domain in LISTS.items():
                self.queries(view, domain)  # what is kept for everybody is warm
            few = {view: self.queries(view, domain) for view, domain in LISTS.items()}
            self.make(MANY)
            for view, domain in LISTS.items():
                with self.subTest(view):
                    rows, asked = self.queries(view, domain)
                    self.assertGreater(rows, 5 * few[view][0])
                    more = [query for query in asked if asked.count(query) > 3]
                    told = "\n".join(sorted(set(more)))
                    self.assertLessEqual(len(asked), len(few[view][1]) + 3, told)
