"""SPEC rule 33: who pays the last of what was reminded is thanked, once and soon."""

from datetime import timedelta

from ..common import TODAY, UpominkyCommon, smtp_inbox


def day(number):
    return TODAY + timedelta(days=number)


class TestThanks(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = cls.env["upominky.rule"].with_context(active_test=False)
        cls.thanks = rules.search([("company_id", "=", cls.company.id), ("event", "=", "thanks")])

    def setUp(self):
        super().setUp()
        self.thanks.active = True

    def mailed(self, number=0):
        """Issue and send on a day, and return what was issued."""
        with smtp_inbox(self.env):
            issued = self.generate(day(number))
            self.send(day(number))
        return issued

    def reminded(self, amount=1000.0, **values):
        """Return an invoice of which a reminder was mailed today."""
        move = self.invoice(amount=amount, due=10, **values)
        self.assertEqual(self.mailed().state, "sent")
        return move

    def test_rule_33_nobody_is_thanked_while_its_rule_is_switched_off(self):
        self.thanks.active = False
        self.pay(self.reminded(), day=day(1))
        self.assertFalse(self.generate(day(1)))

    def test_rule_33_once_and_for_what_was_paid(self):
        move = self.reminded()
        self.assertFalse(self.generate(day(1)))
        self.pay(move, day=day(1))
        with smtp_inbox(self.env) as inbox:
            thanks = self.generate(day(1))
            self.assertEqual((thanks.event, thanks.level_order), ("thanks", 0))
            self.assertEqual(thanks.line_ids.move_id, move)
            self.assertFalse(thanks.totals_text)
            self.assertFalse(self.generate(day(1)), "running twice is running once")
            self.send(day(1))
        self.assertEqual((thanks.state, len(inbox.messages)), ("sent", 1))
        self.assertIn("Thank you for your payment", inbox.messages[0]["Subject"])
        text = " ".join(inbox.text().split())
        self.assertIn(f"your payment has arrived: invoice {move.name}.", text)
        for words in (text, inbox.html()):
            self.assertNotRegex(words, "(?i)total to pay|left to pay|overdue|pay by")
        for number in (2, 5, 8):
            self.assertFalse(self.generate(day(number)))

    def test_rule_33_it_raises_no_level_and_stands_in_the_history(self):
        move = self.reminded()
        self.pay(move, day=day(1))
        line = self.mailed(1).line_ids
        self.assertEqual((line.event, line.counted, line.state), ("thanks", False, "open"))
        self.assertIn(line, move.upominky_line_ids)
        self.assertEqual((move.upominky_level, move.upominky_count), (1, 1))
        self.assertEqual(move.upominky_last_date, TODAY)

    def test_rule_33_paid_in_the_last_second_it_is_thanks_and_no_reminder(self):
        move = self.reminded()
        second = self.generate(day(14))
        self.assertEqual(second.level_order, 2)
        with smtp_inbox(self.env) as inbox:
            paying = self.act_at("_mark_sending", lambda: self.pay(move, day=day(14)))
            with paying:
                self.send(day(14))
            self.assertEqual((second.state, len(inbox.messages)), ("cancelled", 0))
            thanks = self.generate(day(14))
            self.send(day(14))
            self.assertEqual((thanks.event, thanks.state), ("thanks", "sent"))
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_33_only_when_the_last_of_them_is_paid_and_all_in_one(self):
        moves = [self.invoice(amount=amount, due=10) for amount in (100, 200, 300)]
        self.mailed()
        self.pay(moves[0], day=day(1))
        self.pay(moves[1], 150, day=day(2))
        self.pay(moves[2], day=day(2))
        self.assertFalse(self.generate(day(2)), "a part is open")
        self.pay(moves[1], day=day(3))
        thanks = self.mailed(3)
        self.assertEqual((thanks.event, len(thanks)), ("thanks", 1))
        self.assertEqual(thanks.line_ids.move_id, moves[0] | moves[1] | moves[2])

    def test_rule_33_what_was_never_reminded_neither_waits_nor_is_thanked_for(self):
        self.pay(self.invoice(due=-5), day=TODAY)
        self.assertFalse(self.generate())
        move = self.reminded()
        self.invoice(amount=50, due=-30)
        self.pay(move, day=day(1))
        self.assertEqual(self.generate(day(1)).line_ids.move_id, move)

    def test_rule_33_a_reminder_that_reached_nobody_is_no_reminder(self):
        move = self.invoice(due=10)
        self.customer.email = False
        self.assertEqual(self.mailed().state, "failed")
        self.pay(move, day=day(1))
        self.assertFalse(self.generate(day(1)))

    def test_rule_33_a_storno_or_a_write_off_is_no_payment(self):
        reversed_one = self.reminded()
        with self.on(day(1)):
            reversed_one._reverse_moves([{"date": day(1), "invoice_date": day(1)}], cancel=True)
        self.assertFalse(self.generate(day(1)))
        credited = self.reminded(amount=900)
        self.pay(credited, 500, day=day(1))
        note = self.credit_note(amount=400, day=day(1))  # its date is before the payment's
        items = (credited + note).line_ids.filtered("date_maturity")
        items.filtered(lambda item: not item.reconciled).reconcile()
        self.assertTrue(all(items.mapped("reconciled")))
        self.assertFalse(self.generate(day(2)))
        cancelled = self.reminded(amount=800)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertFalse(self.generate(day(2)))

    def test_rule_33_a_credit_first_and_then_the_rest_in_money_is_paid(self):
        move = self.reminded()
        note = self.credit_note(amount=400, day=day(1))
        items = (move + note).line_ids.filtered("date_maturity")
        items.filtered(lambda item: not item.reconciled).reconcile()
        self.pay(move, day=day(2))
        self.assertEqual(self.generate(day(2)).line_ids.move_id, move)

    def test_rule_33_not_more_than_seven_days_after(self):
        self.pay(self.reminded(), day=day(1))
        self.assertFalse(self.generate(day(9)))
        self.assertTrue(self.generate(day(8)))

    def test_rule_33_its_level_may_wait_some_days(self):
        self.thanks.level_ids.days_overdue = 2
        self.pay(self.reminded(), day=day(1))
        self.assertFalse(self.generate(day(2)))
        self.assertTrue(self.generate(day(3)))

    # --------------------------------------------------------------- recheck

    def test_rule_17_a_payment_that_came_back_is_not_thanked_for(self):
        move = self.reminded()
        self.pay(move, day=day(1))
        thanks = self.generate(day(1))
        move.line_ids.remove_move_reconcile()
        with smtp_inbox(self.env) as inbox:
            self.send(day(1))
        self.assertEqual((thanks.state, len(inbox.messages)), ("cancelled", 0))
        self.assertIn("has not paid all that was reminded", thanks.cancel_reason)

    def test_rule_17_a_payment_that_comes_back_in_the_moment_before_the_hand_over(self):
        move = self.reminded()
        self.pay(move, day=day(1))
        thanks = self.generate(day(1))
        coming_back = self.act_at("_mark_sending", move.line_ids.remove_move_reconcile)
        with smtp_inbox(self.env) as inbox, coming_back:
            self.send(day(1))
        self.assertEqual((thanks.state, len(inbox.messages)), ("cancelled", 0))

    def test_rule_33_one_that_waited_too_long_does_not_go(self):
        self.pay(self.reminded(), day=day(1))
        thanks = self.generate(day(7))
        with smtp_inbox(self.env) as inbox:
            self.send(day(9))
        self.assertEqual((thanks.state, len(inbox.messages)), ("cancelled", 0))
        self.assertIn("paid too long ago", thanks.cancel_reason)

    def test_rules_02_12_who_is_left_alone_by_now_is_not_thanked(self):
        move = self.reminded()
        self.pay(move, day=day(1))
        thanks = self.generate(day(1))
        self.customer.with_company(self.company).upominky_hold_reason = "dispute"
        with smtp_inbox(self.env) as inbox:
            self.send(day(1))
        self.assertEqual((thanks.state, len(inbox.messages)), ("cancelled", 0))
        self.assertFalse(self.generate(day(2)))
        self.customer.with_company(self.company).upominky_hold_reason = False
        self.assertEqual(self.generate(day(3)).line_ids.move_id, move)

    def test_rule_16_the_mode_binds_it(self):
        self.pay(self.reminded(), day=day(1))
        for mode in ("off", "pilot"):
            self.company.upominky_mode = mode
            self.assertFalse(self.generate(day(1)))
        self.company.upominky_pilot_partner_ids = self.customer
        self.assertTrue(self.generate(day(1)))

    def test_rule_22_retry_finds_the_address_that_there_is_by_now(self):
        move = self.reminded()
        self.customer.email = False
        self.pay(move, day=day(1))
        thanks = self.mailed(1)
        self.assertEqual(thanks.state, "failed")
        self.customer.email = "znovu@odberatel.example"
        with smtp_inbox(self.env) as inbox:
            with self.on(day(1), 10):
                thanks.action_retry()
            self.assertEqual(thanks.state, "sent", thanks.error)
        self.assertEqual(inbox.recipients, ["znovu@odberatel.example"])

    def test_rule_28_thanks_that_a_person_stopped_do_not_come_again(self):
        for afterwards, comes in (("hold", False), ("skip", False), ("again", True)):
            with self.subTest(afterwards):
                partner = self.new_customer(afterwards, f"{afterwards}@x.example")
                move = self.reminded(partner=partner)
                self.pay(move, day=day(1))
                thanks = self.generate(day(1)).filtered(lambda r, p=partner: r.partner_id == p)
                self.assertEqual(thanks.event, "thanks")
                with self.on(day(1)):
                    thanks.action_cancel("No", afterwards, day(15))
                self.assertEqual(thanks.state, "cancelled")
                again = self.generate(day(2)).filtered(lambda r, p=partner: r.partner_id == p)
                self.assertEqual(bool(again), comes)
