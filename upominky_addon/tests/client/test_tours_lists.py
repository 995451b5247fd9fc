from odoo.tests import tagged

from ..tours import TourCase


@tagged("post_install", "-at_install", "upominky_addon")
class TestListTours(TourCase):
    """Lists of the daily work, in a real browser."""

    def setUp(self):
        super().setUp()
        self.env.user.company_ids = self.company

    def test_a_search_without_a_find_does_not_say_that_there_is_nothing(self):
        self.invoice(amount=12100, due=10, payment_reference="7770001112")
        self.generate()
        self.tour("upominky", "upominky_empty_search")

    def test_an_empty_book_says_that_it_is_empty(self):
        self.tour("upominky", "upominky_empty_book")

    def test_the_calendar_shows_first_reminders_and_leads_to_their_invoices(self):
        self.invoice(amount=12100, due=10)
        self.tour("upominky-overview", "upominky_coming")


@tagged("post_install", "-at_install", "upominky_addon")
class TestPhoneTours(TourCase):
    """On a phone each row is a card: a list would be cut after its second column."""

    browser_size = "375x667"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.env.user.company_ids = self.company

    def open(self, action, tour):
        self.tour(f"action-upominky_addon.{action}", tour)

    def test_what_is_overdue_and_what_would_be_issued_are_cards(self):
        self.invoice(amount=12100, due=10)
        self.open("action_server_preview", "upominky_phone_preview")
        self.open("action_debtors", "upominky_phone_debtors")
        self.open("action_overdue", "upominky_phone_overdue")

    def test_groups_stand_below_each_other(self):
        for customer in range(6):
            self.invoice(self.new_customer(f"Dlužník {customer}", "d@x.example"), due=10)
            self.invoice(self.new_customer(f"Vyloučený {customer}", "v@x.example"), due=10)
        excluded = self.env["res.partner"].search([("name", "like", "Vyloučený")])
        excluded.with_company(self.company).upominky_excluded = True
        self.open("action_server_preview", "upominky_phone_groups")

    def test_deliveries_are_cards(self):
        self.invoice(amount=12100, due=10)
        self.generate()
        self.send()
        self.open("action_upominky_delivery", "upominky_phone_delivery")
