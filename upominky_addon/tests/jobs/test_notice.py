"""SPEC rule 32: what will be due is told before it is, once, in one message, and is no reminder."""

from datetime import timedelta

import psycopg2

from odoo.tools import mute_logger

from ..common import TODAY, UpominkyCommon, smtp_inbox


def day(number):
    return TODAY + timedelta(days=number)


class NoticeCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = cls.env["upominky.rule"].with_context(active_test=False)
        cls.notices = rules.search([("company_id", "=", cls.company.id), ("event", "=", "notice")])

    def setUp(self):
        super().setUp()
        self.notices.active = True

    def mailed(self, number=0):
        """Issue and send on a day, and return what was issued."""
        with smtp_inbox(self.env):
            issued = self.generate(day(number))
            self.send(day(number))
        return issued


class TestNotice(NoticeCommon):
    def test_rule_32_it_tells_nobody_while_its_rule_is_switched_off(self):
        self.notices.active = False
        self.invoice(due=-2)
        self.assertFalse(self.generate())

    def test_rule_32_all_of_a_customers_in_one_message_and_each_once(self):
        soon = self.invoice(amount=1000, due=-3)
        euro = self.invoice(amount=20, due=-1, currency=self.eur)
        afterwards = self.invoice(amount=50, due=-4)
        with smtp_inbox(self.env) as inbox:
            notice = self.generate()
            self.assertEqual((notice.event, notice.state), ("notice", "issued"))
            self.assertEqual((notice.level_order, notice.rule_id), (0, self.notices))
            self.assertEqual(notice.line_ids.move_id, soon | euro)
            self.assertEqual(notice.currency_totals, {"CZK": 1000.0, "EUR": 20.0})
            self.assertFalse(self.generate(), "running twice is running once")
            self.send()
            self.assertEqual((notice.state, len(inbox.messages)), ("sent", 1))
            self.assertFalse(self.generate())
        self.assertEqual(self.generate(day(1)).line_ids.move_id, afterwards)
        self.assertFalse(self.generate(day(2)))

    def test_rule_32_sixty_invoices_are_one_message(self):
        for number in range(60):
            self.invoice(amount=100 + number, due=-(number % 4))
        notice = self.mailed()
        self.assertEqual((len(notice), len(notice.line_ids)), (1, 60))
        self.assertEqual(notice.state, "sent")

    def test_rule_32_it_says_when_and_not_how_late(self):
        self.notices.level_ids.deadline_days = 7
        move = self.invoice(amount=1000, due=-3)
        with smtp_inbox(self.env) as inbox:
            notice = self.generate()
            self.send()
        self.assertEqual(notice.event_title, "Notice before the due date")
        self.assertFalse(notice.deadline)
        text = " ".join(inbox.text().split())
        self.assertIn("the invoice below will be due shortly", text)
        self.assertIn(f"- {move.name}", text)
        self.assertIn("left to pay: ", text)
        for words in (text, inbox.html()):
            self.assertNotRegex(words, "(?i)days overdue|pay by|unpaid")

    def test_rule_32_on_the_day_itself_and_never_after(self):
        self.notices.level_ids.days_overdue = 0
        self.invoice(due=0)
        self.invoice(due=-1)
        self.invoice(due=1)
        notice = self.generate()
        self.assertEqual(notice.line_ids.mapped("due_date"), [TODAY])

    def test_rule_32_it_raises_no_level_and_stands_in_the_history(self):
        move = self.invoice(due=-3)
        line = self.mailed().line_ids
        self.assertEqual((line.event, line.counted, line.state), ("notice", False, "open"))
        self.assertEqual(move.upominky_line_ids, line)
        self.assertEqual((move.upominky_level, move.upominky_count), (0, 0))
        self.assertEqual((move.upominky_last_date, move.upominky_status), (False, False))
        with self.on(TODAY):
            self.assertEqual(move.upominky_next_date, day(10))
            self.assertFalse(line.reminder_id.next_date)
        reminder = self.mailed(10)
        self.assertEqual((reminder.event, reminder.level_order), ("issue", 1))
        self.assertEqual((move.upominky_level, move.upominky_count), (1, 1))

    def test_rule_32_its_failure_holds_nothing_and_is_not_repeated(self):
        self.invoice(due=-3)
        self.customer.email = False
        notice = self.mailed()
        self.assertEqual(notice.state, "failed")
        self.assertFalse(self.mailed(1))
        self.customer.email = "znovu@odberatel.example"
        self.assertEqual(self.mailed(10).level_order, 1)

    def test_rules_02_12_16_who_is_left_alone_is_not_told(self):
        for name, act in (
            ("held", lambda move: move.write({"upominky_hold_reason": "dispute"})),
            ("excluded", lambda move: move.partner_id.write({"upominky_excluded": True})),
            ("blocked", lambda move: move.write({"payment_state": "blocked"})),
        ):
            customer = self.new_customer(name, f"{name}@x.example")
            act(self.invoice(customer, due=-2).with_company(self.company))
        self.assertFalse(self.generate())
        self.invoice(due=-2)
        for mode in ("off", "pilot"):
            self.company.upominky_mode = mode
            self.assertFalse(self.generate())
        self.company.upominky_mode = "live"
        self.assertEqual(self.generate().partner_id, self.customer)

    def test_rule_13_what_a_credit_covers_is_not_asked_for(self):
        self.credit_note(amount=1000)
        covered = self.invoice(amount=400, due=-2)
        self.assertFalse(self.generate())
        self.invoice(amount=1000, due=-2)
        notice = self.generate()
        self.assertEqual(notice.currency_totals, {"CZK": 400.0})
        self.assertEqual(sum(notice.credit_ids.mapped("amount")), 1000)
        self.assertIn(covered, notice.line_ids.move_id)

    def test_rule_04_of_two_rules_one_applies_and_the_form_tells(self):
        own = self.notices.copy({"name": "Own", "active": True, "partner_ids": self.customer.ids})
        own.level_ids.days_overdue = -10
        general = self.notices.copy({"name": "Twin", "active": True, "sequence": 200})
        self.assertIn("covers all customers too, and applies", general.overlap_text)
        self.invoice(due=-9)
        other = self.new_customer("Jiný", "jiny@x.example")
        self.invoice(other, due=-9)
        self.assertEqual(self.generate().rule_id, own)
        self.invoice(other, due=-3)
        found = self.generate(day(0))
        self.assertEqual((found.partner_id, found.rule_id), (other, self.notices))

    # ------------------------------------------------------------ due dates

    def posted_anew(self, move, due=None):
        move.button_draft()
        if due:
            move.invoice_date_due = due
        move.action_post()

    def test_rule_32_a_due_date_that_moved_later_is_told_again(self):
        move = self.invoice(due=-2)
        self.mailed()
        self.posted_anew(move)
        self.assertFalse(self.generate(day(1)), "it is due when it was")
        self.posted_anew(move, day(20))
        self.assertFalse(self.generate(day(16)))
        self.assertEqual(self.mailed(17).line_ids.move_id, move)
        self.posted_anew(move, day(19))
        self.assertFalse(self.generate(day(18)), "earlier is nothing new")

    def test_rule_17_what_became_overdue_or_due_later_before_it_went_is_not_told(self):
        overdue = self.invoice(amount=100, due=0)
        moved = self.invoice(amount=200, due=-2)
        kept = self.invoice(amount=300, due=-3)
        notice = self.generate()
        self.posted_anew(moved, day(30))
        with smtp_inbox(self.env) as inbox:
            self.send(day(1))
        states = {line.move_id: (line.state, line.drop_reason) for line in notice.line_ids}
        self.assertEqual(states[overdue], ("dropped", "not_ahead"))
        self.assertEqual(states[kept], ("open", False))
        self.assertEqual(states[moved][0], "dropped")
        self.assertEqual((notice.state, notice.currency_totals), ("sent", {"CZK": 300.0}))
        self.assertNotIn(overdue.name, inbox.text())
        again = self.generate(day(27)).filtered(lambda reminder: reminder.event == "notice")
        self.assertEqual(again.line_ids.move_id, moved)

    def test_rule_17_nothing_is_left_to_tell(self):
        self.invoice(due=0)
        notice = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send(day(1))
        self.assertEqual((notice.state, len(inbox.messages)), ("cancelled", 0))
        self.assertIn("Overdue by now", notice.cancel_reason)

    # ------------------------------------------------------- the last second

    def test_rule_17_paid_or_cancelled_before_it_goes_it_does_not_go(self):
        for act in (
            self.pay,
            lambda move: move._reverse_moves(cancel=True),
            lambda move: (move.button_draft(), move.button_cancel()),
        ):
            customer = self.new_customer("Poslední", "posledni@x.example")
            move = self.invoice(customer, due=-2)
            notice = self.generate()
            self.assertEqual(notice.partner_id, customer)
            act(move)
            with smtp_inbox(self.env) as inbox:
                self.send()
            self.assertEqual((notice.state, len(inbox.messages)), ("cancelled", 0))

    def test_rule_17_paid_in_the_moment_before_the_hand_over(self):
        move = self.invoice(due=-2)
        notice = self.generate()
        with smtp_inbox(self.env) as inbox, self.act_at("_mark_sending", lambda: self.pay(move)):
            self.send()
        self.assertEqual((notice.state, len(inbox.messages)), ("cancelled", 0))

    # ----------------------------------------------------------------- people

    def test_rule_28_one_that_a_person_cancels_is_issued_again_or_skipped_or_held(self):
        for afterwards, until, again in (
            ("again", None, True),
            ("skip", None, False),
            ("hold", day(14), False),
        ):
            with self.subTest(afterwards):
                customer = self.new_customer(afterwards, f"{afterwards}@x.example")
                move = self.invoice(customer, due=-3)
                notice = self.generate()
                self.assertEqual(notice.partner_id, customer)
                with self.on(TODAY):
                    notice.action_cancel(afterwards=afterwards, until=until)
                self.assertEqual(notice.state, "cancelled")
                self.assertEqual(move.upominky_hold_until, until or False)
                self.assertEqual(bool(self.generate(day(1))), again)

    def test_rule_14_the_database_refuses_two_a_day_but_not_after_a_merge(self):
        twin = self.new_customer("Odběratel", "dvojnik@odberatel.example")
        for customer in self.customer | twin:
            self.invoice(customer, due=-2)
        notices = self.generate().sudo()
        self.assertEqual(len(notices), 2)
        refused = self.assertRaises(psycopg2.errors.UniqueViolation)
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            notices.partner_id = twin
            self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([self.customer.id, twin.id], self.customer)
        self.assertEqual(notices.partner_id, self.customer)

    def test_rule_32_a_second_invoice_of_the_same_day_waits_for_the_next(self):
        self.invoice(due=-3)
        self.mailed()
        late = self.invoice(amount=50, due=-2)
        self.assertFalse(self.generate())
        self.assertEqual(self.generate(day(1)).line_ids.move_id, late)


class TestPaidOnTime(NoticeCommon):
    def rate(self, *moves, on=20):
        domain = [("move_id", "in", [move.id for move in moves])]
        with self.on(day(on)):
            rows = self.env["upominky.analysis"]._read_group(domain, [], ["rate_on_time:avg"])
        return rows[0][0]

    def test_rule_32_the_analysis_tells_how_many_that_were_told_paid_on_time(self):
        on_time, late, never = (self.invoice(amount=100 * n, due=-3) for n in (1, 2, 3))
        self.mailed()
        self.pay(on_time, day=day(3))
        self.pay(late, day=day(4))
        self.assertFalse(self.rate(on_time, late, never, on=3), "they are not due by then")
        for moves, rate in (((on_time,), 100), ((late,), 0), ((on_time, never), 50)):
            self.assertEqual(self.rate(*moves), rate)

    def test_rule_32_reminders_of_what_was_told_and_of_others_are_set_apart(self):
        told = self.invoice(amount=100, due=-3)
        self.mailed()
        other = self.invoice(amount=200, due=-3, partner=self.new_customer("Jiný", "j@x.example"))
        self.notices.active = False
        reminders = self.mailed(10)
        self.assertEqual(reminders.line_ids.move_id, told | other)
        domain = [("reminder_id", "in", reminders.ids)]
        with self.on(day(20)):
            groups = self.env["upominky.analysis"]._read_group(domain, ["is_told"], ["__count"])
            rows = self.env["upominky.analysis"].search(domain)
            found = {row.move_id: row.is_told for row in rows}
        self.assertEqual(sorted(groups), [(False, 1), (True, 1)])
        self.assertEqual(found, {told: True, other: False})

    def test_rule_32_reminders_have_no_such_figure(self):
        move = self.invoice(due=10)
        self.mailed()
        self.pay(move, day=day(1))
        self.assertFalse(self.rate(move))


class TestToday(NoticeCommon):
    def shown(self, rule):
        """Return the invoices that are shown, or the sentence that there are none."""
        with self.on(TODAY):
            action = rule.action_show_today()
        if action["type"] == "ir.actions.client":
            return action["params"]["message"]
        return self.env["account.move.line"].search(action["domain"]).move_id

    def test_rule_32_what_would_be_told_today_is_shown_and_nothing_written(self):
        self.notices.active = False
        soon, euro = self.invoice(due=-3), self.invoice(amount=20, due=0, currency=self.eur)
        self.invoice(due=-4)
        before = self.reminders()
        self.assertEqual(self.shown(self.notices), soon | euro)
        self.assertEqual(self.reminders(), before)
        self.notices.active = True
        self.assertEqual(self.generate().line_ids.move_id, soon | euro)
        self.assertIn("would write to nobody today", self.shown(self.notices))
        self.assertIn("would write to nobody today", self.shown(self.rule))

    def test_rule_33_what_would_be_thanked_for_today_is_shown(self):
        rules = self.env["upominky.rule"].with_context(active_test=False)
        thanks = rules.search([("company_id", "=", self.company.id), ("event", "=", "thanks")])
        move = self.invoice(due=10)
        self.mailed()
        self.assertIn("would write to nobody today", self.shown(thanks))
        self.pay(move)
        self.assertEqual(self.shown(thanks), move)
