"""SPEC rules 45 and 46: letters that people print and post, beside e-mails and alone."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ...core.receipt import Reported
from ...models.delivery.letter import print_to_post
from ..common import TODAY, smtp_inbox
from ..pages import pages
from ..rights import USERS, RightsCommon
from .test_letter_pages import PaperCommon

ADDRESS = "Odběratel s.r.o., Krátká 2, 602 00 Brno"
NEXT_DAY = TODAY + timedelta(days=1)


class PostCommon(PaperCommon):
    """A level whose reminders go by post alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write({"send": False, "send_letter": True})
        cls.move = cls.invoice(due=10)

    def waiting(self):
        """Return a letter that waits to be printed."""
        reminder = self.generate()
        self.send()
        return self.letters(reminder)

    def letters(self, reminders):
        return reminders.delivery_ids.filtered(lambda d: d.channel == "letter").sorted("id")

    def print_out(self, letters, day=TODAY):
        """Print letters and return the PDF that the browser gets."""
        with self.on(day), self.enter_registry_test_mode():
            action = letters.action_print_letters()
            action = action.get("params", {}).get("next") or action
            ids = action["context"]["active_ids"]
            report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
            return report._render_qweb_pdf(action["report_name"], ids)[0]

    def post(self, letters, day=TODAY, today=TODAY):
        with self.on(today):
            return letters.action_posted(str(day))

    def second(self, name="Druhý a.s.", **values):
        """Return a customer of its own with an overdue invoice."""
        place = {"street": "Hlavní 3", "zip": "110 00", "city": "Praha", "country_id": self.cz().id}
        customer = self.new_customer(name, "druhy@druhy.example", **{**place, **values})
        self.invoice(customer, due=10)
        return customer


class TestToPrint(PostCommon):
    def test_rule_45_a_letter_waits_to_be_printed_and_job_2_leaves_it_alone(self):
        reminder = self.generate()
        self.assertTrue(reminder.to_send)
        for days in (0, 1, 8, 40):
            self.send(TODAY + timedelta(days=days))
            letter = self.letters(reminder)
            self.assertEqual(
                (letter.state, letter.email_to, letter.attempt, letter.error),
                ("to_print", ADDRESS, 1, False),
            )
            self.assertEqual(
                (reminder.state, reminder.delivery_state, reminder.next_try, reminder.sent_date),
                ("issued", "to_print", False, False),
            )
        self.assertEqual(letter.postal_partner_id, self.customer)
        self.assertEqual((letter.postal_country_id.code, letter.postal_zip), ("CZ", "602 00"))

    def test_rule_45_off_there_is_no_letter_and_e_mails_go_as_before(self):
        self.level.write({"send": True, "send_letter": False})
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        self.assertFalse(self.letters(reminder))
        self.assertFalse(reminder.other_recipients)
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))

    def test_rule_45_without_a_postal_address_it_fails_and_says_whose(self):
        for lost in ({"street": False}, {"city": "  "}, {"street": "", "city": False}):
            with self.subTest(lost):
                customer = self.second(name=f"Bez {len(str(lost))}", **lost)
                self.generate()
                self.send()
                reminder = self.reminders().filtered(lambda r, c=customer: r.partner_id == c)
                self.assertEqual(reminder.state, "failed")
                self.assertIn(f"{customer.name} has no postal address", reminder.error)

    def test_rule_45_beside_an_e_mail_the_missing_address_is_noted_once(self):
        self.level.send = True
        self.customer.street = False
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.send()
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))
        self.assertEqual(reminder.note.count("has no postal address"), 1)

    def test_rule_45_one_letter_to_the_invoice_address_however_many_get_an_e_mail(self):
        person = self.env["res.partner"].create(
            {"name": "Jana", "email": "jana@x.example", "street": "Jiná 9", "city": "Plzeň"}
        )
        office = self.env["res.partner"].create(
            {
                "name": "Účtárna",
                "type": "invoice",
                "parent_id": self.customer.id,
                "email": "uctarna@odberatel.example",
                "street": "Zadní 4",
                "zip": "602 00",
                "city": "Brno",
            }
        )
        self.move.upominky_contact_id = person
        self.level.write({"send": True, "contact": "both"})
        with smtp_inbox(self.env) as inbox:
            letter = self.waiting()
        self.assertEqual(inbox.recipients, ["jana@x.example", "uctarna@odberatel.example"])
        self.assertEqual(
            letter.mapped("email_to"), ["Odběratel s.r.o., Účtárna, Zadní 4, 602 00 Brno"]
        )
        self.assertEqual(letter.postal_partner_id, office)
        (page,) = pages(self.print_out(letter))
        self.assertIn("Zadní 4", page)
        self.assertNotIn("Jiná 9", page)

    def test_rule_45_by_post_alone_nothing_is_noted_of_people_who_get_no_letter(self):
        self.move.upominky_contact_id = self.new_customer("Bez mailu")
        self.level.contact = "order"
        letter = self.waiting()
        self.assertEqual((letter.email_to, letter.reminder_id.note), (ADDRESS, False))

    def test_rule_45_the_states_of_a_reminder_by_both(self):
        """What the e-mail and the letter make of the reminder: the first that arrived counts."""
        self.level.send = True
        refuse = {self.customer.email: "550 nobody"}
        for answers, waiting, posted in (
            ({}, ("sent", TODAY), ("sent", TODAY)),
            (refuse, ("issued", False), ("sent", NEXT_DAY)),
        ):
            with self.subTest(answers), smtp_inbox(self.env, answers):
                self.second(email=self.customer.email)
                reminder = self.generate()[-1:]
                self.send()
                letter, now = self.letters(reminder), lambda r=reminder: (r.state, r.sent_date)
                self.assertEqual((letter.state, now()), ("to_print", waiting))
                self.print_out(letter)
                self.assertEqual((letter.state, now()), ("printed", waiting))
                self.post(letter, NEXT_DAY, NEXT_DAY)
                self.assertEqual((letter.state, now()), ("sent", posted))

    def test_rule_46_a_changed_address_is_that_of_the_letter_and_a_lost_one_is_told(self):
        letter = self.waiting()
        self.customer.street = "Nová 5"
        (page,) = pages(self.print_out(letter))
        self.assertIn("Nová 5", page)
        old, new = self.letters(letter.reminder_id)
        self.assertEqual((old.state, new.state), ("cancelled", "printed"))
        self.assertIn("Nová 5", new.email_to)

    def test_rule_46_an_address_that_is_gone_is_told(self):
        letter, other = self.waiting(), self.second()
        self.generate()
        self.send()
        self.customer.street = False
        with self.on(TODAY):
            told = (letter + self.letters(self.reminders()[-1])).action_print_letters()
        self.assertIn("Odběratel s.r.o. has no postal address", told["params"]["message"])
        self.assertEqual(letter.state, "to_print")
        self.assertEqual(self.letters(self.reminders()[-1]).state, "printed", other.name)


class TestPrinted(PostCommon):
    def test_rule_23_while_its_e_mail_is_handed_over_its_letter_is_not_printed(self):
        """It would be made anew, and be another one than the e-mail carries."""
        letter = self.waiting()
        values = {"company_id": self.company.id, "kind": "send", "date": TODAY}
        run = self.env["upominky.run"].sudo().create(values)
        e_mail = letter.sudo().copy({"channel": "email", "email_to": "x@odberatel.example"})
        e_mail.write({"state": "sending", "run_id": run.id})
        self.patch(self.registry["upominky.send"], "_is_dead", lambda *_args: False)
        with self.assertRaisesRegex(UserError, "right now"):
            self.print_out(letter)
        self.assertEqual(letter.state, "to_print")
        e_mail.state = "sent"
        self.print_out(letter)
        self.assertEqual(letter.state, "printed")

    def test_rule_46_one_file_of_all_sorted_with_pages_of_their_own(self):
        abroad = self.env.ref("base.at")
        vienna = self.second(name="Alpen GmbH", zip="1010", city="Wien", country_id=abroad.id)
        prague = self.second(name="Beta s.r.o.")
        self.generate()
        self.send()
        letters = self.letters(self.reminders())
        data = self.print_out(letters)
        found = pages(data)
        names = [vienna.name, prague.name, self.customer.name]
        for page, name in zip(found, names, strict=True):
            self.assertIn(name, page)
            self.assertIn("Page 1 of 1", page)
            self.assertNotIn("Not sent yet", page)
        self.assertEqual(letters.mapped("state"), ["printed"] * 3)
        self.assertEqual(letters.mapped("pages"), [1, 1, 1])
        self.assertEqual(letters.printed_by_id, self.env.user)
        listed = self.env["upominky.delivery"].search(
            [("id", "in", letters.ids)], order="postal_country_id, postal_zip, email_to, id"
        )
        self.assertEqual(listed.partner_id, vienna + prague + self.customer)

    def test_rule_46_what_was_printed_is_kept_and_printed_again_as_it_was(self):
        letter = self.waiting()
        first = self.print_out(letter)
        reminder = letter.reminder_id
        self.assertEqual(reminder.letter_id.sudo().raw, first)
        self.pay(self.move, 100)
        self.customer.street = "Nová 5"
        with self.on(NEXT_DAY):
            self.assertEqual(
                letter.action_print_letters_again()["context"]["active_ids"], reminder.ids
            )
            self.assertEqual(self.printed(reminder), first)
        self.assertEqual(reminder.line_ids.amount_due, 12100)
        self.post(letter, NEXT_DAY, NEXT_DAY)
        self.assertEqual(self.printed(reminder), first)
        with self.assertRaisesRegex(UserError, "nobody can change"):
            reminder.letter_id.sudo().raw = b"x"

    def test_rule_46_read_again_before_it_is_printed(self):
        letter, other = self.waiting(), self.second()
        self.generate()
        self.send()
        second = self.letters(self.reminders()[-1])
        self.pay(self.move)
        self.pay(other.invoice_ids, 100)
        with self.on(TODAY):
            told = (letter + second).action_print_letters()
        self.assertEqual(told["params"]["next"]["context"]["active_ids"], second.reminder_id.ids)
        self.assertIn(letter.reminder_id.name, told["params"]["message"])
        self.assertIn("Everything was paid", told["params"]["message"])
        self.assertEqual((letter.state, letter.reminder_id.state), ("cancelled", "cancelled"))
        (page,) = pages(second.reminder_id.letter_id.sudo().raw)
        self.assertIn("12,000.00", page)

    def test_rule_46_only_one_of_two_people_prints_it(self):
        letter = self.waiting()
        self.print_out(letter)
        with self.on(TODAY), self.assertRaisesRegex(UserError, "was printed by .* meanwhile"):
            letter.action_print_letters()

    def test_rule_46_what_somebody_does_meanwhile_is_noticed(self):
        """Between the press and the lock of the reminder's row, once for each letter."""
        for act, words in (
            (lambda letter: letter.action_print_letters(), "was printed by .* meanwhile"),
            (lambda letter: letter.reminder_id.action_cancel("No more."), "cancelled"),
            (lambda letter: letter.reminder_id.action_mark_sent(way="phone"), "No letter of"),
            (lambda letter: self.pay(letter.reminder_id.line_ids.move_id), "Everything was paid"),
        ):
            with self.subTest(words):
                letter = self.letters(self.send_new(self.second(name=words)))
                refused = self.assertRaisesRegex(UserError, words)
                with self.on(TODAY), self.once_before("_print_to_post", act, letter), refused:
                    letter.action_print_letters()

    def once_before(self, name, act, letter):
        """Patch a step with a reminder: somebody acts before it is first taken."""
        reminders, done = type(self.env["upominky.reminder"]), []
        original = getattr(reminders, name)

        def step(reminder, *args):
            if not done:
                done.append(True)
                act(letter)
                self.env.flush_all()
            return original(reminder, *args)

        return patch.object(reminders, name, step)

    def test_rule_46_job_2_meanwhile_changes_nothing(self):
        letter = self.waiting()

        def job(_letter):
            self.run_job("cron_send")

        with self.on(TODAY), self.once_before("_print_to_post", job, letter):
            letter.action_print_letters()
        self.send()
        self.assertEqual((letter.state, letter.reminder_id.state), ("printed", "issued"))

    def test_rule_46_forty_invoices_in_two_currencies_are_one_letter_of_some_pages(self):
        for number in range(39):
            self.invoice(due=10, currency=self.eur if number % 2 else None)
        letter = self.waiting()
        found = pages(self.print_out(letter))
        self.assertEqual(letter.pages, len(found))
        self.assertIn(f"Page 2 of {len(found)}", found[1])

    def test_rule_46_whatever_stands_in_an_address(self):
        long = self.second(name="<b>&amp;</b>" * 500, street="x" * 60000, street2="<script>")
        letter = self.letters(self.send_new(long))
        self.assertLess(len(letter.email_to), 500)
        self.assertIn("<script>", letter.email_to)
        (page,) = pages(self.print_out(letter))
        self.assertIn("<script>", page)
        self.assertEqual(letter.state, "printed")

    def test_rule_46_what_nobody_may_send_nobody_prints(self):
        letter = self.waiting()
        reminder = letter.reminder_id
        for spoil, mend, words in (
            ({"upominky_mode": "off"}, {"upominky_mode": "live"}, "off"),
            ({"upominky_mode": "pilot"}, {"upominky_mode": "live"}, "pilot"),
            ({"upominky_bank_days": 3}, {"upominky_bank_days": 0}, "bank"),
        ):
            with self.subTest(spoil), self.on(TODAY):
                self.company.write(spoil)
                with self.assertRaisesRegex(UserError, words):
                    letter.action_print_letters()
                self.company.write(mend)
                self.assertEqual((letter.state, reminder.letter_id.id), ("to_print", False))

    def test_rule_46_one_that_waits_for_approval_waits_for_it_first(self):
        self.level.requires_approval = True
        reminder = self.generate()
        self.send()
        self.assertEqual((reminder.state, self.letters(reminder).ids), ("to_approve", []))
        with self.on(TODAY):
            reminder.action_approve()
        self.send()
        self.assertEqual(self.letters(reminder).state, "to_print")

    def test_rule_46_held_customers_get_no_letter(self):
        letter = self.waiting()
        self.customer.with_company(self.company).upominky_hold_until = NEXT_DAY
        with self.on(TODAY), self.assertRaisesRegex(UserError, letter.reminder_id.name):
            letter.action_print_letters()

    def test_rule_46_a_process_that_dies_between_two_letters_loses_none(self):
        self.second()
        self.generate()
        self.send()
        letters = self.letters(self.reminders())._in_order()
        original, done = type(letters)._mark_printed, []

        def die(this, data):
            if done:
                raise KeyboardInterrupt
            done.append(this)
            return original(this, data)

        with patch.object(type(letters), "_mark_printed", die), self.on(TODAY):
            try:  # assertRaises would take the first letter back
                letters.action_print_letters()
            except KeyboardInterrupt:
                self.env.invalidate_all(flush=False)
        self.assertEqual(letters.mapped("state"), ["printed", "to_print"])
        first, second = letters
        self.assertTrue(first.reminder_id.letter_id)
        self.print_out(second)
        self.assertEqual(letters.mapped("state"), ["printed", "printed"])

    def test_rule_46_a_letter_that_cannot_be_made_stays_and_stops_no_other(self):
        self.second()
        self.generate()
        self.send()
        letters = self.letters(self.reminders())
        reminder = type(letters.reminder_id)
        original = reminder._letter_pdf

        def broken(this, page):
            if this.partner_id == self.customer:
                raise UserError("No ink.")
            return original(this, page)

        with patch.object(reminder, "_letter_pdf", broken), self.on(TODAY):
            told = letters.action_print_letters()
        self.assertIn("No ink.", told["params"]["message"])
        self.assertEqual(letters.mapped("state"), ["to_print", "printed"])

    def test_rule_46_what_takes_too_long_is_printed_by_another_press(self):
        self.second()
        self.generate()
        self.send()
        letters = self.letters(self.reminders())
        refused = self.assertRaisesRegex(UserError, "choose Print once more")
        with patch.object(print_to_post, "SECONDS", -1), self.on(TODAY), refused:
            letters.action_print_letters()

    def test_rule_46_printed_by_mistake_waits_again_and_is_read_again(self):
        letter = self.waiting()
        self.print_out(letter)
        with self.on(TODAY):
            letter.action_not_printed()
        self.assertEqual((letter.state, letter.printed_at), ("to_print", False))
        self.pay(self.move, 100)
        (page,) = pages(self.print_out(letter))
        self.assertIn("12,000.00", page)
        self.assertEqual(letter.reminder_id.line_ids.amount_due, 12000)

    def test_rule_46_what_happened_since_it_was_printed_is_said_on_the_list(self):
        for act, words in (
            (lambda reminder, move: self.pay(move), "All that it asks for is paid"),
            (lambda reminder, move: self.pay(move, 100), "A part of what it asks for"),
            (
                lambda reminder, move: reminder.action_cancel("No more."),
                "Do not post it. Cancelled",
            ),
            (lambda reminder, move: reminder.action_mark_sent(str(TODAY), "phone"), "another way"),
        ):
            with self.subTest(words):
                customer = self.second(name=words)
                letter = self.letters(self.send_new(customer))
                self.assertFalse(letter.post_warning)
                self.print_out(letter)
                with self.on(TODAY):
                    act(letter.reminder_id, customer.invoice_ids)
                    letter.invalidate_recordset()
                    self.assertIn(words, letter.post_warning)
                    self.assertEqual(letter.state, "printed")

    def send_new(self, customer):
        self.generate()
        self.send()
        return self.reminders().filtered(lambda reminder: reminder.partner_id == customer)

    def test_rule_46_a_letter_of_a_cancelled_reminder_is_for_the_bin(self):
        letter = self.waiting()
        self.print_out(letter)
        with self.on(TODAY):
            with self.assertRaisesRegex(UserError, "cancel the reminder first"):
                letter.action_leave_out()
            letter.reminder_id.action_cancel("No more.")
            for step in (letter.action_posted, letter.action_not_printed):
                with self.assertRaisesRegex(UserError, "do not post its letter"):
                    step()
            self.assertFalse(letter.reminder_id.line_ids.counted)
            letter.action_leave_out()
        self.assertEqual(letter.state, "cancelled")

    def test_rule_46_an_e_mail_that_is_tried_again_carries_no_letter_that_was_printed(self):
        self.level.send = True
        with smtp_inbox(self.env, {self.customer.email: "550 nobody"}):
            letter = self.waiting()
        self.print_out(letter)
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            letter.reminder_id.action_send_now()
        self.assertEqual([*inbox.messages[0].iter_attachments()], [])
        self.assertEqual((letter.state, letter.reminder_id.state), ("printed", "sent"))

    def test_rule_46_the_overview_counts_them_and_opens_their_list(self):
        overview = self.env["upominky.overview"]
        self.assertEqual(overview.retrieve_dashboard("first")["waiting"]["letters"], 0)
        letter = self.waiting()
        self.print_out(letter)
        self.assertEqual(overview.retrieve_dashboard("first")["waiting"]["letters"], 1)
        action = overview.action_open_figure("letters")
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), letter)


class TestPosted(PostCommon):
    def printed_letter(self):
        letter = self.waiting()
        self.print_out(letter)
        return letter

    def test_rule_46_posted_on_a_day_and_the_next_level_counts_from_it(self):
        letter = self.printed_letter()
        reminder = letter.reminder_id
        days = self.rule.level_ids[1].days_overdue - self.level.days_overdue
        self.assertFalse(self.generate(TODAY + timedelta(days=60)))  # not while it is not posted
        posted = TODAY + timedelta(days=61)
        self.post(letter, posted, posted + timedelta(days=1))
        self.assertEqual((letter.state, reminder.state), ("sent", "sent"))
        self.assertEqual(reminder.sent_date, posted)
        self.assertFalse(self.generate(posted + timedelta(days=days - 1)))
        self.assertEqual(self.generate(posted + timedelta(days=days)).level_order, 2)

    def test_rule_46_days_on_which_it_cannot_have_been_posted_are_refused(self):
        letter = self.printed_letter()
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=6)):
            with self.assertRaisesRegex(UserError, "from then until today"):
                self.post(letter, day, TODAY + timedelta(days=5))
        self.post(letter, TODAY, TODAY + timedelta(days=5))
        self.assertEqual(letter.reminder_id.sent_date, TODAY)

    def test_rule_46_only_what_was_printed_is_posted_and_once(self):
        letter = self.waiting()
        with self.assertRaisesRegex(UserError, "is “To Print”"):
            self.post(letter)
        self.print_out(letter)
        self.post(letter)
        for step in (letter.action_posted, letter.action_not_printed, letter.action_leave_out):
            with self.on(TODAY), self.assertRaisesRegex(UserError, "is “Sent”"):
                step()

    def test_rule_46_a_letter_that_came_back_fails_and_may_be_sent_again(self):
        letter = self.printed_letter()
        reminder = letter.reminder_id
        self.post(letter)
        with self.on(NEXT_DAY):
            with self.assertRaisesRegex(UserError, "enter the day it came back"):
                letter.action_returned(str(TODAY - timedelta(days=1)))
            letter.action_returned(str(NEXT_DAY), "addressee <b>unknown</b>")
        self.assertEqual((letter.state, letter.returned_date), ("bounced", NEXT_DAY))
        self.assertEqual((reminder.state, reminder.sent_date), ("failed", False))
        self.assertIn("The letter came back on", reminder.error)
        self.assertIn("addressee <b>unknown</b>", reminder.error)
        self.assertFalse(self.generate(TODAY + timedelta(days=90)))
        self.customer.street = "Nová 5"
        kept = reminder.letter_id
        with self.on(NEXT_DAY):
            reminder.action_retry()
        new = self.letters(reminder)[-1]
        self.assertEqual((reminder.state, new.state), ("issued", "to_print"))
        self.print_out(new, NEXT_DAY)
        self.assertNotEqual(reminder.letter_id, kept)
        self.assertTrue(kept.sudo().exists())

    def test_rule_46_a_letter_that_came_back_leaves_what_the_e_mail_reached(self):
        self.level.send = True
        with smtp_inbox(self.env):
            letter = self.printed_letter()
        self.post(letter)
        with self.on(TODAY):
            letter.action_returned(note="moved away")
        self.assertEqual((letter.state, letter.reminder_id.state), ("bounced", "sent"))
        self.assertIn("moved away", letter.reminder_id.error)

    def test_rule_46_marked_as_sent_by_post_the_printed_letter_was_posted(self):
        letter = self.printed_letter()
        with self.on(NEXT_DAY):
            letter.reminder_id.action_mark_sent(str(TODAY), "post")
        self.assertEqual((letter.state, letter.reminder_id.sent_date), ("sent", TODAY))
        self.assertTrue(letter.reminder_id.letter_is_out)

    def test_rule_46_late_and_repeated_reports_change_nothing(self):
        letter = self.printed_letter()
        self.assertFalse(letter.sudo()._apply(Reported.FAILED, "early"))
        self.post(letter)
        with self.on(TODAY):
            letter.action_returned()
            with self.assertRaisesRegex(UserError, "is “Bounced”"):
                letter.action_returned()

    def test_rule_22_send_now_and_retry_say_where_the_letter_is(self):
        letter = self.waiting()
        with self.on(TODAY), self.assertRaisesRegex(UserError, "waits in To Print"):
            letter.reminder_id.action_send_now()

    def test_rule_28_sent_again_is_a_letter_that_waits_and_changes_nothing(self):
        letter = self.printed_letter()
        reminder = letter.reminder_id
        self.post(letter)
        with self.on(TODAY):
            reminder.action_send_again()
        again = self.letters(reminder) - letter
        self.assertEqual((again.state, again.is_repeat, reminder.state), ("to_print", True, "sent"))
        self.assertEqual(self.print_out(again, NEXT_DAY), reminder.letter_id.sudo().raw)
        self.post(again, NEXT_DAY, NEXT_DAY)
        self.assertEqual((again.state, reminder.sent_date), ("sent", TODAY))

    def test_rule_46_none_too_many_and_e_mails_are_refused(self):
        letter = self.waiting()
        with self.assertRaisesRegex(UserError, "Choose letters"):
            letter.browse().action_print_letters()
        mail = letter.sudo().copy({"channel": "email", "email_to": "a@x.example"})
        with self.assertRaisesRegex(UserError, "These are not letters"):
            mail.with_env(self.env).action_print_letters()

    def test_rule_46_the_dialogs_mark_what_was_chosen(self):
        letter = self.printed_letter()
        for action, model, state in (
            (letter.action_ask_posted, "upominky.letter.posted", "sent"),
            (letter.action_ask_returned, "upominky.letter.returned", "bounced"),
        ):
            with self.on(TODAY):
                asked = action()
                self.assertEqual(asked["res_model"], model)
                self.env[model].with_context(**asked["context"]).create({}).action_confirm()
            self.assertEqual(letter.state, state)


class TestPostRights(RightsCommon):
    def test_rule_29_users_print_and_post_and_nobody_else(self):
        company = self.companies["ours"]
        there = self.env["upominky.delivery"].sudo()
        delivery = there.search([("company_id", "=", company.id)], limit=1)
        for role, user in self.users.items():
            mine = delivery.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            with self.subTest(role):
                error = UserError if role in USERS and mine.has_access("read") else AccessError
                with self.assertRaises(error) as raised:
                    mine.action_print_letters()
                if error is UserError:
                    self.assertIn("These are not letters", str(raised.exception))
