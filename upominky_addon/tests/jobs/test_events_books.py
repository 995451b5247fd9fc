"""SPEC rules 32 and 33: notices and thanks for what is booked in ways that are less usual."""

from datetime import timedelta

from odoo import Command

from ..common import TODAY, smtp_inbox
from ..entries import BooksCase


def day(number):
    return TODAY + timedelta(days=number)


class EventsCase(BooksCase):
    """Both events are switched on; payments carry journal entries of a bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notices, cls.thanks = map(cls.shipped, ("notice", "thanks"))
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 20)
                ],
            }
        )

    @classmethod
    def shipped(cls, event):
        rules = cls.env["upominky.rule"].with_context(active_test=False)
        return rules.search([("company_id", "=", cls.company.id), ("event", "=", event)])

    def setUp(self):
        super().setUp()
        (self.notices | self.thanks).active = True

    def in_halves(self, first, partner=None):
        """Return an invoice whose first half is due on a day, the second 20 days later."""
        terms = {"invoice_payment_term_id": self.halves.id, "invoice_date_due": False}
        return self.invoice(partner, amount=1000, invoice_date=first, **terms)

    def mailed(self, number=0):
        """Issue and send on a day, and return what was issued."""
        with smtp_inbox(self.env):
            issued = self.generate(day(number))
            self.send(day(number))
        return issued

    def of(self, event, number=0):
        """Issue on a day, and return what of an event was issued."""
        return self.generate(day(number)).filtered(lambda reminder: reminder.event == event)

    def matched(self, *moves):
        """Match what of entries is open on the account of customers."""
        items = self.env["account.move"].union(*moves).line_ids
        items = items.filtered(lambda item: item.account_id == self.receivable)
        items.filtered(lambda item: not item.reconciled).reconcile()


class TestNoticeBooks(EventsCase):
    def test_rule_32_each_instalment_is_told_by_its_own_date(self):
        move = self.in_halves(day(3))
        notice = self.mailed()
        self.assertEqual(notice.line_ids.mapped("due_date"), [day(3)])
        self.assertEqual(notice.currency_totals, {"CZK": 500.0})
        self.assertFalse(self.of("notice", 10))
        second = self.of("notice", 20)
        self.assertEqual(second.line_ids.mapped("due_date"), [day(23)])
        self.assertEqual(second.line_ids.move_id, move)

    def test_rule_32_instalments_that_were_made_anew_are_told_no_second_time(self):
        move = self.in_halves(day(3))
        told = self.mailed().line_ids
        move.button_draft()
        move.invoice_line_ids.price_unit = 1200  # Odoo makes the receivables anew, or keeps them
        move.action_post()
        self.assertFalse(self.of("notice", 1))
        told.sudo().move_line_id = False  # as if it had made them anew
        self.assertFalse(self.of("notice", 2))
        self.assertEqual(self.of("notice", 20).line_ids.mapped("due_date"), [day(23)])

    def test_rule_32_a_part_that_was_paid_is_not_told(self):
        move = self.invoice(amount=1000, due=-3)
        self.pay(move, 400)
        notice = self.of("notice")
        self.assertEqual(notice.currency_totals, {"CZK": 600.0})
        self.pay(move, 100)
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual((notice.state, notice.currency_totals), ("sent", {"CZK": 500.0}))
        self.assertIn("500.00", inbox.text())

    def test_rule_32_an_opening_balance_is_told_as_an_invoice(self):
        followed = self.entry(700, date_maturity=day(2), no_followup=False)
        self.entry(900, date_maturity=day(2), no_followup=True)
        notice = self.mailed()
        self.assertEqual((notice.line_ids.move_id, notice.state), (followed, "sent"))

    def test_rule_32_whoever_owes_it_since_is_told_of_it(self):
        move = self.invoice(due=-3)
        self.mailed()
        other = self.new_customer("Pravý", "pravy@x.example")
        move.button_draft()
        move.partner_id = other
        move.invoice_date_due = day(3)
        move.action_post()
        notice = self.mailed(1)
        self.assertEqual((notice.partner_id, notice.line_ids.move_id), (other, move))
        self.assertFalse(self.of("notice", 2))

    def test_rule_32_what_no_rule_of_the_customer_tells_is_not_even_read(self):
        far = {"name": "Far", "active": True, "partner_ids": self.customer.ids}
        self.notices.copy(far).level_ids.days_overdue = -30
        other = self.new_customer("Jiný", "jiny@x.example")
        mine = self.invoice(due=-20)
        self.invoice(other, due=-20)
        near = self.invoice(other, due=-2)
        reader = self.env["upominky.reader"].sudo()
        facts = reader._facts(self.company, TODAY)
        untold = reader._untold(self.company, facts)
        items = self.env["account.move.line"].browse(untold)
        self.assertEqual(items.move_id, mine | near)
        self.assertEqual(set(untold.values()), {self.customer.id, other.id})

    def test_rules_03_29_a_branch_tells_its_own_by_its_own_rule(self):
        branch = self.env["res.company"].create(
            {"name": "Pobočka", "parent_id": self.company.id, "upominky_mode": "live"}
        )
        self.env["account.chart.template"].try_loading("cz", branch, install_demo=False)
        self.env.user.company_ids = [Command.link(branch.id)]
        ours = self.invoice(due=-3)
        moves = self.env["account.move"].with_company(branch)
        theirs = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": TODAY,
                "invoice_date_due": day(3),
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 1, "tax_ids": False})
                ],
            }
        )
        theirs.action_post()
        self.assertEqual(self.generate().line_ids.move_id, ours)
        everything = self.env["upominky.reminder"].sudo()
        of_branch = [("company_id", "=", branch.id)]
        self.assertFalse(everything.search(of_branch), "its rule is switched off")
        rules = self.env["upominky.rule"].sudo().with_context(active_test=False)
        rules.search([*of_branch, ("event", "=", "notice")]).active = True
        self.assertFalse(self.generate(), "ours was told")
        self.assertEqual(everything.search(of_branch).line_ids.move_id, theirs)

    def test_rule_32_it_is_in_no_number_of_reminders(self):
        move = self.invoice(due=-3)
        notice = self.mailed()
        self.assertEqual((self.customer.upominky_reminder_count, move.upominky_count), (0, 0))
        self.assertEqual(self.customer.upominky_reminder_ids, notice)
        self.assertEqual(move.upominky_line_ids.event_title, "Notice before the due date")
        self.mailed(10)
        self.env.invalidate_all()
        self.assertEqual((self.customer.upominky_reminder_count, move.upominky_count), (1, 1))
        action = self.customer.action_open_upominky_reminders()
        self.assertEqual(action["context"], {"search_default_reminders": 1})
        self.assertEqual(len(self.env["upominky.reminder"].search(action["domain"])), 2)

    def test_rule_32_one_that_needs_approval_waits_for_it(self):
        self.notices.level_ids.requires_approval = True
        self.invoice(due=-3)
        notice = self.mailed()
        self.assertEqual(notice.state, "to_approve")
        with self.on(day(1)):
            notice.action_approve()
        with smtp_inbox(self.env) as inbox:
            self.send(day(1))
        self.assertEqual((notice.state, len(inbox.messages)), ("sent", 1))

    def test_rule_32_switched_on_late_it_tells_what_is_ahead_alone(self):
        self.notices.active = False
        self.invoice(amount=1, due=1)
        soon = self.invoice(amount=2, due=-1)
        self.invoice(amount=3, due=-9)
        self.assertFalse(self.generate())
        self.notices.active = True
        self.assertEqual(self.generate().line_ids.move_id, soon)


class TestThanksBooks(EventsCase):
    def reminded(self, **values):
        """Return an invoice of which a reminder was mailed today."""
        move = self.invoice(**{"amount": 1000, "due": 10, **values})
        self.assertEqual(self.mailed().state, "sent")
        return move

    def test_rule_33_two_currencies_and_another_rate_by_the_day_of_the_payment(self):
        euro, crowns = self.invoice(amount=40, due=10, currency=self.eur), self.invoice(due=10)
        self.assertEqual(self.mailed().state, "sent")
        rates = self.env["res.currency.rate"]
        rates.create(
            {
                "name": day(1),
                "rate": 0.05,
                "currency_id": self.eur.id,
                "company_id": self.company.id,
            }
        )
        self.pay(euro, day=day(1))
        self.assertTrue(any(euro.line_ids.mapped("reconciled")))
        self.assertFalse(self.of("thanks", 1), "the other is open")
        self.pay(crowns, day=day(2))
        thanks = self.mailed(2)
        self.assertEqual((thanks.event, thanks.state), ("thanks", "sent"))
        self.assertEqual(thanks.line_ids.move_id, euro | crowns)
        self.assertFalse(thanks.currency_totals)

    def test_rule_33_an_instalment_that_was_reminded_is_thanked_for(self):
        move = self.in_halves(day(-10))
        self.assertEqual(self.mailed().state, "sent")
        self.pay(move, 500, day=day(1))
        thanks = self.of("thanks", 1)
        self.assertEqual(thanks.line_ids.mapped("due_date"), [day(-10)])

    def test_rule_33_a_payment_that_is_booked_anew_is_the_same_payment(self):
        move = self.reminded()
        self.pay(move, day=day(1))
        self.assertEqual(self.mailed(1).event, "thanks")
        for number in (2, 3):
            move.line_ids.remove_move_reconcile()
            self.pay(move, day=day(number))
            self.assertFalse(self.of("thanks", number))

    def test_rule_33_what_came_back_and_was_reminded_again_is_thanked_for_again(self):
        move = self.reminded()
        payment = self.pay(move, day=day(1))
        self.assertEqual(self.mailed(1).event, "thanks")
        payment.action_draft()
        payment.action_cancel()
        second = self.mailed(14)
        self.assertEqual((second.event, second.level_order), ("issue", 2))
        self.pay(move, day=day(15))
        self.assertEqual(self.of("thanks", 15).line_ids.move_id, move)

    def test_rule_33_a_payment_on_account_that_is_matched_later_is_a_payment(self):
        move = self.reminded()
        self.matched(move, self.payment(1000, day=day(1)).move_id)
        self.assertEqual(self.of("thanks", 2).line_ids.move_id, move)

    def test_rule_33_a_set_off_against_another_entry_is_no_payment(self):
        move = self.reminded()
        self.matched(move, self.entry(-1000))
        self.assertTrue(move.line_ids.filtered("date_maturity").reconciled)
        self.assertFalse(self.of("thanks", 1))

    def test_rule_33_a_line_of_a_bank_statement_is_a_payment(self):
        move = self.reminded()
        self.matched(move, self.statement_line(1000).move_id)
        self.assertEqual(self.of("thanks", 0).line_ids.move_id, move)

    def test_rule_33_switched_on_late_it_thanks_for_nothing_old(self):
        self.thanks.active = False
        old, fresh = (self.new_customer(name, f"{name}@x.example") for name in ("old", "fresh"))
        moves = [self.invoice(partner, due=10) for partner in (old, fresh)]
        self.mailed()
        self.pay(moves[0], day=day(1))
        self.pay(moves[1], day=day(8))
        self.assertFalse(self.generate(day(9)))
        self.thanks.active = True
        self.assertEqual(self.generate(day(9)).partner_id, fresh)

    def test_rule_33_it_is_in_no_number_of_reminders(self):
        self.pay(self.reminded(), day=day(1))
        self.assertEqual(self.mailed(1).event, "thanks")
        self.assertEqual(self.customer.upominky_reminder_count, 1)
