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
#: Lists by what they are grouped by, where groups grow with customers.
GROUPED = {
    ("account.move.line", "partner_id"): DUE,
    ("account.move.line", "date_maturity:month"): [*DUE, ("upominky_of_customer", "=", True)],
    ("upominky.delivery", "reminder_id"): [],
    ("upominky.analysis", "partner_id"): [],
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
        found, asked = self.asked(
            lambda: records.web_search_read(domain, spec, limit=MANY),
        )
        return len(found["records"]), asked

    def groups(self, model, by, domain):
        """Return how many groups a list has, and what their reading asks the database."""
        records = self.env[model].with_user(self.user)
        found, asked = self.asked(
            lambda: records.web_read_group(domain, [by], ["__count"], limit=MANY)
        )
        return found["length"], asked

    def part(self, part):
        """Return what the overview asks the database for one of its parts."""
        overview = self.env["upominky.overview"].with_user(self.user)
        return self.asked(lambda: overview.retrieve_dashboard(part))[1]

    def asked(self, ask):
        """Return an answer, and the queries that it took."""
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        original = sql_db.Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            asked.append(" ".join(str(getattr(query, "code", query)).split())[:200])
            return original(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", execute):
            return ask(), asked

    def everything(self):
        """Return what each page asks, with how many rows or groups it has."""
        self.env.ref("upominky_addon.cron_generate").nextcall = f"{TODAY} 23:00:00"
        found = {view: self.queries(view, domain) for view, domain in LISTS.items()}
        found |= {key: self.groups(*key, domain) for key, domain in GROUPED.items()}
        return found, {part: self.part(part) for part in ("first", "rest")}

    def test_a_full_page_of_each_list_asks_what_a_few_rows_ask(self):
        with self.on(TODAY):
            self.make(FEW)
            self.everything()  # what is kept for everybody is warm
            few, overview = self.everything()
            self.make(MANY)
            many, overview_of_many = self.everything()
        for page, (rows, asked) in many.items():
            with self.subTest(page):
                if page != ("account.move.line", "date_maturity:month"):
                    self.assertGreater(rows, 5 * few[page][0])
                more = [query for query in asked if asked.count(query) > 3]
                told = "\n".join(sorted(set(more)))
                self.assertLessEqual(len(asked), len(few[page][1]) + 3, told)
        for part, asked in overview_of_many.items():
            with self.subTest(overview=part):
                self.assertLessEqual(len(asked), len(overview[part]) + 3)
        first = "\n".join(overview_of_many["first"])
        for slow in ("width_bucket", "amount_residual_currency"):
            self.assertNotIn(slow, first, "the page waits for what is worked out of all invoices")
