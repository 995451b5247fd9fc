"""What people do with reminders, on one and on many (SPEC rule 28)."""

import base64
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox


class ByHandCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "clerk", "upominky_addon.group_user", company_id=cls.company.id
        )

    def issued(self, name="Odběratel", due=10, email="x@odberatel.example"):
        """Issue one reminder and return it as the clerk sees it."""
        move = self.invoice(self.new_customer(name, email), due=due)
        reminder = self.generate().filtered(lambda r: r.partner_id == move.partner_id)
        return reminder.with_user(self.clerk)

    def message(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"]

    def dialog(self, action, **values):
        """Open the dialog of an action as the client does, and fill it in."""
        model = self.env[action["res_model"]].with_user(self.clerk)
        return model.with_context(**action["context"]).create(values)


class TestMany(ByHandCommon):
    def test_rule_28_send_now_sends_what_can_be_sent_and_tells_the_rest(self):
        good, waiting, bad = (
            self.issued("A"),
            self.issued("B"),
            self.issued("C", email="bad.example"),
        )
        waiting.sudo().state = "to_approve"
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            action = (good + waiting + bad).action_send_now()
            self.assertEqual(len(inbox.messages), 1)
        text = self.message(action)
        self.assertIn("Sent: 1, Failed: 1, Left out: 1.", text)
        self.assertIn(f"{waiting.name} waits for approval", text)
        self.assertIn(f"{bad.name}: “bad.example” is not an e-mail address", text)
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual((good.state, waiting.state, bad.state), ("sent", "to_approve", "failed"))

    def test_rule_28_send_now_tells_what_the_recheck_took_out(self):
        good, paid = self.issued("A"), self.issued("B")
        self.pay(paid.line_ids.move_id)
        with smtp_inbox(self.env), self.on(TODAY):
            text = self.message((good + paid).action_send_now())
        self.assertIn("Sent: 1, Cancelled: 1.", text)
        self.assertIn(f"{paid.name}: Everything was paid", text)

    def test_rule_28_a_server_that_is_busy_leaves_it_issued_with_the_reason(self):
        reminder = self.issued()
        with smtp_inbox(self.env, {"x@odberatel.example": "451 busy"}), self.on(TODAY):
            text = self.message(reminder.action_send_now())
        self.assertIn("Issued: 1.", text)
        self.assertIn("451 busy", text)

    def test_rule_28_retry_many(self):
        failed, sent, issued = self.issued("A", email="a.example"), self.issued("B"), None
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            (failed + sent).action_send_now()
            issued = self.issued("C")
            failed.partner_id.sudo().email = "a@b.example"
            text = self.message((failed + sent + issued).action_retry())
            self.assertEqual(len(inbox.messages), 2)
        self.assertIn("Sent: 1, Left out: 2.", text)
        self.assertIn(f"{sent.name} was sent to all its contacts already", text)
        self.assertIn(f"{issued.name} is “Issued”.", text)

    def test_rule_28_approve_many(self):
        self.rule.level_ids.requires_approval = True
        one, paid = self.issued("A"), self.issued("B")
        self.rule.level_ids.requires_approval = False
        issued = self.issued("C")
        self.pay(paid.line_ids.move_id)
        with self.on(TODAY):
            text = self.message((one + paid + issued).action_approve())
        self.assertIn("Issued: 1, Cancelled: 1, Left out: 1.", text)
        self.assertIn("Everything was paid", text)
        self.assertEqual((one.state, paid.state), ("issued", "cancelled"))
        self.assertEqual(one.approved_date, TODAY)

    def test_nothing_done_is_an_error_with_each_reason(self):
        one, other = self.issued("A"), self.issued("B")
        with self.assertRaises(UserError) as caught, self.on(TODAY):
            (one + other).action_approve()
        self.assertEqual(
            str(caught.exception), f"{one.name} is “Issued”.\n{other.name} is “Issued”."
        )

    def test_more_reasons_than_fit_are_counted(self):
        good = self.issued("A")
        others = good.browse()
        for number in range(7):
            others |= self.issued(f"B{number}")
        others.sudo().state = "to_approve"
        with smtp_inbox(self.env), self.on(TODAY):
            text = self.message((good + others).action_send_now())
        self.assertEqual(text.count("waits for approval"), 5)
        self.assertIn("2 more", text)

    def test_rule_23_what_may_have_arrived_is_not_sent_by_send_now(self):
        reminder = self.issued()
        self.env["upominky.delivery"].sudo().create(
            {
                "reminder_id": reminder.id,
                "company_id": self.company.id,
                "email_to": "x@odberatel.example",
                "state": "uncertain",
            }
        )
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            with self.assertRaisesRegex(UserError, "Nobody knows whether"):
                reminder.action_send_now()
            self.assertFalse(inbox.messages)


class TestMarkSent(ByHandCommon):
    def test_rule_28_marked_by_post_on_a_day_is_noted_and_satisfies_rule_7(self):
        reminder = self.issued(due=20)
        with self.on(TODAY):
            wizard = self.dialog(reminder.action_ask_mark_sent())
            self.assertEqual((wizard.date, wizard.way), (TODAY, "post"))
            wizard.way = "data_box"
            self.assertIn("Sent: 1.", self.message(wizard.action_confirm()))
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", TODAY))
        self.assertEqual(reminder.sent_way, "data_box")
        self.assertIn("Way: Data box", "".join(reminder.message_ids.mapped("body")))
        following = self.generate(TODAY + timedelta(days=14))
        self.assertEqual(following.level_order, 2)

    def test_a_number_and_a_file_prove_it(self):
        reminder, other = self.issued("A"), self.issued("B")
        with self.on(TODAY):
            wizard = self.dialog(
                (reminder + other).action_ask_mark_sent(),
                way="post",
                number="RR123456789CZ",
                proof=base64.b64encode(b"%PDF-1.4 podaci listek"),
                proof_name="podací lístek.pdf",
            )
            wizard.with_context(bin_size=True).action_confirm()
        for marked in (reminder, other):
            self.assertEqual((marked.state, marked.sent_number), ("sent", "RR123456789CZ"))
            note = marked.message_ids.filtered("attachment_ids")
            self.assertIn("Way: Post. Number: RR123456789CZ.", note.body)
            file = note.attachment_ids
            self.assertEqual(
                (file.name, file.raw), ("podací lístek.pdf", b"%PDF-1.4 podaci listek")
            )
            self.assertEqual((file.res_model, file.res_id), (marked._name, marked.id))

    def test_a_proof_that_is_none_or_for_too_many_is_refused(self):
        reminder = self.issued()
        for words, some, proof in (
            ("cannot be read", reminder, "ž"),
            ("cannot be read", reminder, "no base64!"),
            ("at most 50", reminder.browse([reminder.id] * 51), "eA=="),
        ):
            with self.subTest(words), self.on(TODAY), self.assertRaisesRegex(UserError, words):
                some.action_mark_sent(way="post", proof=proof)
        self.assertEqual(reminder.state, "issued")

    def test_rule_28_every_unsent_reminder_can_be_marked(self):
        for state in ("to_approve", "issued", "failed"):
            with self.subTest(state), self.on(TODAY):
                reminder = self.issued(state)
                reminder.sudo().state = state
                reminder.action_mark_sent(way="phone")
                self.assertEqual(reminder.state, "sent")

    def test_rule_28_one_that_is_sent_already_does_not_stop_the_others(self):
        sent, issued = self.issued("A"), self.issued("B")
        with self.on(TODAY):
            sent.action_mark_sent()
            text = self.message((sent + issued).action_mark_sent())
        self.assertIn("Sent: 1, Left out: 1.", text)
        self.assertIn(f"{sent.name} is “Sent”.", text)

    def test_a_day_that_cannot_be(self):
        reminder = self.issued()
        for days in (-1, 1):
            with (
                self.subTest(days=days),
                self.on(TODAY),
                self.assertRaisesRegex(UserError, "enter the day"),
            ):
                reminder.action_mark_sent(date=TODAY + timedelta(days=days))
        self.assertEqual(reminder.state, "issued")

    def test_an_e_mail_that_fails_afterwards_does_not_unmark_it(self):
        reminder = self.issued()
        with smtp_inbox(self.env, {"x@odberatel.example": "451 busy"}), self.on(TODAY):
            reminder.action_send_now()
            reminder.action_mark_sent(way="post")
        self.assertEqual(set(reminder.delivery_ids.mapped("state")), {"cancelled", "failed"})
        reminder.sudo()._settle()
        self.assertEqual(reminder.state, "sent")


class TestHold(ByHandCommon):
    def test_rule_12_invoices_or_customers_are_held_from_the_reminder_with_a_note(self):
        day = TODAY + timedelta(days=14)
        for held in ("invoices", "customers"):
            with self.subTest(held), self.on(TODAY):
                reminder = self.issued(held)
                values = {"held": held, "hold_reason": "announced", "note": "Volala paní Nová"}
                wizard = self.dialog(reminder.action_ask_hold(), **values)
                self.assertEqual(wizard.hold_until, day)
                wizard.action_confirm()
                move = reminder.sudo().line_ids.move_id
                customer = reminder.sudo().partner_id.with_company(self.company)
                on_move = (move.upominky_hold_until, move.upominky_hold_reason)
                on_customer = (customer.upominky_hold_until, customer.upominky_hold_reason)
                wanted, other = (day, "announced"), (False, False)
                self.assertEqual(
                    (on_move, on_customer),
                    (wanted, other) if held == "invoices" else (other, wanted),
                )
                self.assertIn("Volala paní Nová", "".join(reminder.message_ids.mapped("body")))
                with smtp_inbox(self.env) as inbox:
                    reminder.action_send_now()
                self.assertEqual((reminder.state, inbox.messages), ("cancelled", []))

    def test_rule_12_a_hold_of_many_ends_no_longer_one(self):
        """Among many one is in dispute: nobody looks at it, and nobody means to write to it."""
        day, later = TODAY + timedelta(days=14), TODAY + timedelta(days=30)
        for held, reason, left in (
            (False, "dispute", (False, "dispute")),
            (later, "promise", (later, "promise")),
            (TODAY + timedelta(days=3), "promise", (day, "announced")),
            (TODAY - timedelta(days=3), "dispute", (day, "announced")),
        ):
            values = {"upominky_hold_until": held, "upominky_hold_reason": reason}
            reminder = self.issued(f"{held}").with_company(self.company)
            move, customer = reminder.sudo().line_ids.move_id, reminder.sudo().partner_id
            other = self.invoice(customer, due=5)
            for owner, asked in (
                (move, lambda r=reminder: r.action_ask_hold()),
                (other, lambda o=other: o.with_user(self.clerk).action_upominky_hold_many()),
                (customer, lambda c=customer: c.with_user(self.clerk).action_upominky_hold_many()),
            ):
                with self.subTest(owner=owner._name, held=held), self.on(TODAY):
                    owner.write(dict(values))
                    self.dialog(asked(), hold_reason="announced").action_confirm()
                    owner.invalidate_recordset()
                    self.assertEqual((owner.upominky_hold_until, owner.upominky_hold_reason), left)

    def test_rule_12_a_hold_that_is_over_before_it_begins_is_refused(self):
        reminder = self.issued("A")
        with self.assertRaisesRegex(UserError, "today or later"), self.on(TODAY):
            self.dialog(
                reminder.action_ask_hold(),
                hold_until=TODAY - timedelta(days=1),
                hold_reason="dispute",
            ).action_confirm()

    def test_many_invoices_and_many_customers_are_held_at_once(self):
        moves = self.invoice(due=5) + self.invoice(due=6)
        customers = self.new_customer("A") + self.new_customer("B")
        customers[0].with_company(self.company).upominky_excluded = True
        for records, name in ((moves, "upominky_hold_reason"), (customers, "upominky_hold_reason")):
            mine = records.with_user(self.clerk).with_company(self.company)
            self.dialog(mine.action_upominky_hold_many(), hold_reason="promise").action_confirm()
            self.assertEqual(records.with_company(self.company).mapped(name), ["promise"] * 2)
        self.assertTrue(customers[0].with_company(self.company).upominky_excluded)
        with self.assertRaisesRegex(UserError, "Enter until when, or why"):
            self.dialog(
                moves.with_user(self.clerk).action_upominky_hold_many(), hold_until=False
            ).action_confirm()


class TestCancel(ByHandCommon):
    def cancel(self, reminder, **values):
        with self.on(TODAY):
            return self.dialog(reminder.action_ask_cancel(), **values).action_confirm()

    def test_rule_28_hold_is_proposed_for_a_fortnight_and_stops_the_job(self):
        reminder = self.issued()
        move = reminder.line_ids.move_id
        self.cancel(reminder)
        until = TODAY + timedelta(days=14)
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(reminder.line_ids.counted)
        self.assertEqual((move.upominky_hold_until, move.upominky_hold_reason), (until, "other"))
        self.assertFalse(self.generate(until))
        self.assertEqual(self.generate(until + timedelta(days=1)).level_order, 1)

    def test_rule_28_skip_counts_and_the_next_level_follows(self):
        reminder = self.issued(due=20)
        self.cancel(reminder, afterwards="skip")
        self.assertEqual(reminder.state, "cancelled")
        self.assertTrue(reminder.line_ids.counted)
        self.assertFalse(self.generate(TODAY + timedelta(days=13)))
        self.assertEqual(self.generate(TODAY + timedelta(days=14)).level_order, 2)

    def test_rule_28_again_is_issued_by_the_next_run(self):
        reminder = self.issued()
        self.cancel(reminder, afterwards="again", reason="Wrong text")
        self.assertEqual(reminder.cancel_reason, "Wrong text")
        self.assertEqual(self.generate().level_order, 1)

    def test_rule_12_a_longer_hold_stays_and_a_shorter_one_grows(self):
        fortnight = TODAY + timedelta(days=14)
        for held_to, reason, left in (
            (TODAY + timedelta(days=30), "promise", (TODAY + timedelta(days=30), "promise")),
            (TODAY + timedelta(days=3), "dispute", (fortnight, "dispute")),
            (TODAY - timedelta(days=3), "dispute", (fortnight, "other")),
            (False, "dispute", (False, "dispute")),
        ):
            with self.subTest(held_to=held_to):
                reminder = self.issued(f"{held_to}")
                move = reminder.line_ids.move_id
                move.upominky_hold_until, move.upominky_hold_reason = held_to, reason
                self.cancel(reminder)
                self.assertEqual((move.upominky_hold_until, move.upominky_hold_reason), left)

    def test_a_hold_until_yesterday_is_refused(self):
        reminder = self.issued()
        with self.assertRaisesRegex(UserError, "today or later"):
            self.cancel(reminder, hold_until=TODAY - timedelta(days=1))
        self.assertEqual(reminder.state, "issued")
        self.assertTrue(reminder.line_ids.counted)

    def test_rule_28_mailed_ones_need_a_reason_and_go_on_counting(self):
        mailed, marked, fresh = self.issued("A"), self.issued("B"), self.issued("C")
        with smtp_inbox(self.env), self.on(TODAY):
            mailed.action_send_now()
            marked.action_mark_sent(way="post")
        text = self.message(self.cancel(mailed + marked + fresh, afterwards="again"))
        self.assertIn("Cancelled: 1, Left out: 2.", text)
        self.assertEqual((mailed.state, marked.state, fresh.state), ("sent", "sent", "cancelled"))
        with self.on(TODAY):
            wizard = self.dialog((mailed + marked).action_ask_cancel(), reason="A mistake")
            self.assertEqual((wizard.mailed_count, wizard.unmailed_count), (2, 0))
            action = wizard.action_confirm()
        self.assertEqual(self.message(action), "Cancelled: 2.")
        self.assertEqual(action["params"]["type"], "success")
        for reminder in mailed + marked:
            self.assertEqual(reminder.state, "cancelled")
            self.assertEqual(reminder.cancel_reason, "A mistake")
            self.assertTrue(reminder.line_ids.counted)
            self.assertFalse(reminder.line_ids.move_id.upominky_hold_until)

    def test_one_that_is_being_sent_is_not_cancelled(self):
        reminder = self.issued()
        values = {"company_id": self.company.id, "kind": "send", "date": TODAY}
        self.env["upominky.delivery"].sudo().create(
            {
                "reminder_id": reminder.id,
                "company_id": self.company.id,
                "email_to": "x@odberatel.example",
                "state": "sending",
                "run_id": self.env["upominky.run"].sudo().create(values).id,
            }
        )
        self.patch(self.registry["upominky.send"], "_is_dead", lambda *_args: False)
        for action in (reminder.action_cancel, reminder.action_mark_sent):
            with (
                self.subTest(action.__name__),
                self.on(TODAY),
                self.assertRaisesRegex(UserError, "right now"),
            ):
                action()
        self.assertEqual(reminder.state, "issued")


class TestRuns(ByHandCommon):
    def test_rule_28_undo_cancels_the_unmailed_reminders_of_a_run(self):
        moves = self.env["account.move"]
        for name in "ABC":
            moves += self.invoice(self.new_customer(name, f"{name}@b.example"), due=10)
        a, b, c = self.generate().sorted("id").with_user(self.clerk)
        run = a.run_id.with_user(self.clerk)
        with smtp_inbox(self.env), self.on(TODAY):
            a.action_send_now()
            b.action_mark_sent(way="post")
            wizard = self.dialog(run.action_ask_undo(), afterwards="again")
            self.assertEqual(wizard.reminder_ids, c)
            wizard.action_confirm()
        self.assertEqual((a.state, b.state, c.state), ("sent", "sent", "cancelled"))
        with self.assertRaisesRegex(UserError, "Nothing is left to undo"):
            run.action_ask_undo()
        self.assertEqual(self.generate().line_ids.move_id, c.line_ids.move_id)

    def test_runs_show_what_they_did(self):
        for name, address in (("A", "a@b.example"), ("B", "bad.example"), ("C", "c@b.example")):
            self.invoice(self.new_customer(name, address), due=10)
        reminders = self.generate()
        run = reminders.run_id.with_user(self.clerk)
        self.assertEqual((run.kind, run.issued_count, run.waiting_count), ("generate", 3, 3))
        reminders.filtered(lambda r: r.partner_id.name == "C").with_user(self.clerk).action_cancel()
        with smtp_inbox(self.env):
            self.send()
        self.env.invalidate_all()
        self.assertEqual(
            (run.sent_count, run.failed_count, run.waiting_count, run.cancelled_count), (1, 1, 0, 1)
        )
        sending = self.env["upominky.run"].search([("kind", "=", "send")], limit=1)
        self.assertEqual(sending.sent_count, 1)
        for mine, found in ((run, reminders), (sending, reminders.filtered("delivery_ids"))):
            domain = mine.action_open_reminders()["domain"]
            self.assertEqual(self.env["upominky.reminder"].search(domain), found)

    def test_undo_of_what_was_issued_by_hand(self):
        move = self.invoice(due=2)
        with self.on(TODAY):
            action = move.with_user(self.clerk).action_upominky_issue()
            issue = self.env["upominky.issue"].with_user(self.clerk).browse(action["res_id"])
            issue.action_issue()
            run = issue.reminder_ids.run_id
            self.dialog(run.action_ask_undo(), afterwards="skip").action_confirm()
        self.assertEqual(issue.reminder_ids.state, "cancelled")
        self.assertEqual(move.upominky_level, 1)
