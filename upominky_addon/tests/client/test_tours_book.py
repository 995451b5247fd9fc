from unittest.mock import patch

from odoo.tests import tagged

from ...models.delivery import by_hand
from ..common import smtp_inbox
from ..tours import TourCase


class BookCase(TourCase):
    """Two reminders that wait for approval, and the book in a real browser."""

    def setUp(self):
        super().setUp()
        self.rule.level_ids.requires_approval = True
        self.invoice(amount=12100, due=10)
        self.invoice(self.new_customer("Druhý s.r.o.", "f@druhy.example"), 12100, due=10)
        self.reminders_to_approve = self.generate()
        # The book of these tests alone, and on the real clock: Odoo's server runs on it.
        self.env.user.company_ids = self.company

    def book(self, name, **options):
        self.tour("upominky", name, **options)


@tagged("post_install", "-at_install", "upominky_addon")
class TestBookTours(BookCase):
    """Ways through the reminder book with many reminders at once."""

    def test_approve_and_send_many_from_the_list(self):
        with smtp_inbox(self.env) as inbox:
            self.book("upominky_approve_and_send")
        self.assertEqual(inbox.recipients, ["f@druhy.example", "fakturace@odberatel.example"])

    def test_cards(self):
        self.book("upominky_cards")
        self.assertEqual(
            sorted(self.reminders_to_approve.mapped("state")), ["issued", "to_approve"]
        )

    def test_many_are_sent_while_a_page_shows_how_far_it_is(self):
        self.env.user.group_ids += self.env.ref("base.group_system")
        self.reminders_to_approve.action_approve()
        with (
            smtp_inbox(self.env) as inbox,
            patch.object(by_hand, "AT_ONCE", 1),
        ):
            self.book("upominky_send_many")
        self.assertEqual(len(inbox.messages), 2)
        run = self.reminders_to_approve.asked_run_ids
        self.assertEqual((len(run), run.state), (1, "done"))

    def test_levels_are_dragged(self):
        action = self.env.ref("upominky_addon.action_upominky_rule").id
        self.start_tour(
            f"/odoo/action-{action}/{self.rule.id}",
            "upominky_drag_level",
            login=self.env.user.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.rule.level_ids.mapped("days_overdue"), [21, 7, 35, 50])
        self.assertEqual(self.rule.level_ids.mapped("order"), [1, 2, 3, 4])


@tagged("post_install", "-at_install", "upominky_addon")
class TestPhoneTour(BookCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_reminder_is_approved_on_a_phone(self):
        self.book("upominky_phone")
        self.assertEqual(
            sorted(self.reminders_to_approve.mapped("state")), ["issued", "to_approve"]
        )
