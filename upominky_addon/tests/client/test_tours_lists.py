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
