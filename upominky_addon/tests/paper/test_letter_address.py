"""SPEC rule 17 on paper: letters go to the address of now, and who posts an old one is told."""

from odoo.exceptions import UserError

from ..common import TODAY, smtp_inbox
from ..pages import pages
from .test_letters_by_post import ADDRESS, NEXT_DAY
from .test_letters_still_owed import ByBothCommon

NEW = "Odběratel s.r.o., Nová 5, 602 00 Brno"
PRINT_AGAIN = "choose Not Printed, then print it again"
ON_ENVELOPE = "write the new address on the envelope"


class TestLetterAddress(ByBothCommon):
    def correct(self, **values):
        """Correct the address of the customer, as somebody does after the letter was made."""
        self.customer.write(values or {"street": "Nová 5"})

    def test_rule_17_the_list_says_which_address_a_letter_that_waits_will_have(self):
        for by_email in (False, True):
            with self.subTest(by_email=by_email), self.env.cr.savepoint() as savepoint:
                self.level.send = by_email
                letter = self.letter_of(self.customer)
                self.assertFalse(self.told(letter))
                self.correct()
                self.assertIn(f"will be printed with “{NEW}”", self.told(letter))
                self.correct(city=False)
                self.assertIn("has no postal address", self.told(letter))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_17_a_letter_beside_a_sent_e_mail_has_the_address_of_now(self):
        letter = self.letter_of(self.customer)
        reminder = letter.reminder_id
        self.correct(street="Nová 5")
        (page,) = pages(self.print_out(letter))
        self.assertIn("Nová 5", page)
        self.assertNotIn("Krátká 2", page)
        old, new = self.letters(reminder)
        self.assertEqual((old.state, old.email_to), ("cancelled", ADDRESS))
        self.assertEqual((new.state, new.email_to, new.postal_zip), ("printed", NEW, "602 00"))
        self.assertEqual(reminder.other_recipients, [["letter", NEW, new.lang]])
        self.assertEqual((reminder.email_to, reminder.state), (self.customer.email, "sent"))
        self.assertFalse(self.told(new))
        self.come_back(letter)  # what it is printed for is still one of its contacts
        self.assertEqual((reminder.state, new.state), ("issued", "printed"))

    def test_rule_17_it_goes_to_the_invoice_address_that_was_entered_since(self):
        letter = self.letter_of(self.customer)
        place = {"street": "Zadní 4", "zip": "602 00", "city": "Brno"}
        parent = {"parent_id": self.customer.id, "type": "invoice", "name": "Účtárna"}
        self.env["res.partner"].create({**parent, **place})
        (page,) = pages(self.print_out(letter))
        self.assertIn("Zadní 4", page)
        self.assertNotIn("Krátká 2", page)

    def test_rule_17_without_an_address_nothing_is_printed_and_it_waits(self):
        letter = self.letter_of(self.customer)
        self.correct(street=False)
        with self.on(TODAY), self.assertRaisesRegex(UserError, "has no postal address"):
            letter.action_print_letters()
        self.assertEqual((letter.state, letter.reminder_id.state), ("to_print", "sent"))
        self.correct(street="Krátká 2")
        self.print_out(letter)
        self.assertEqual(letter.state, "printed")

    def test_rule_17_printed_but_not_posted_the_change_is_told_and_it_is_printed_again(self):
        for by_email in (False, True):
            with self.subTest(by_email=by_email), self.env.cr.savepoint() as savepoint:
                self.level.send = by_email
                letter = self.letter_of(self.customer)
                self.print_out(letter)
                self.assertFalse(self.told(letter))
                self.correct()
                self.assertIn(f"since it was printed, to “{NEW}”", self.told(letter))
                self.assertIn(PRINT_AGAIN, self.told(letter))
                with self.on(NEXT_DAY):
                    letter.action_not_printed()
                self.assertIn("Nová 5", pages(self.print_out(letter, NEXT_DAY))[0])
                self.assertFalse(self.told(self.letters(letter.reminder_id)[-1]))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_17_other_changes_of_the_customer_are_none_of_the_address(self):
        letter = self.letter_of(self.customer)
        self.print_out(letter)
        self.correct(phone="+420 1", comment="x" * 60_000)
        self.assertFalse(self.told(letter))

    def test_rule_36_the_letter_that_was_e_mailed_stays_and_the_envelope_is_told(self):
        self.level.attach_letter = True
        letter = self.letter_of(self.customer)
        kept = letter.reminder_id.letter_id.sudo().raw
        self.correct()
        self.assertIn(ON_ENVELOPE, self.told(letter))
        self.assertEqual(self.print_out(letter), kept)
        new = self.letters(letter.reminder_id)[-1]
        self.assertEqual((new.state, new.email_to), ("printed", NEW))
        self.assertIn(f"to “{NEW}”", self.told(new))
        self.assertIn(ON_ENVELOPE, self.told(new))

    def test_rule_28_a_repetition_goes_to_the_address_of_now_and_stays_one(self):
        self.level.send = False
        letter = self.letter_of(self.customer)
        first = self.print_out(letter)
        self.post(letter)
        with self.on(TODAY):
            letter.reminder_id.action_send_again()
        self.correct()
        again = self.letters(letter.reminder_id) - letter
        self.assertEqual(self.print_out(again), first)
        new = self.letters(letter.reminder_id)[-1]
        self.assertEqual((new.is_repeat, new.state, new.email_to), (True, "printed", NEW))
        self.assertIn(ON_ENVELOPE, self.told(new))

    def test_rule_17_an_address_of_any_length_and_kind_is_a_sentence(self):
        with smtp_inbox(self.env):
            letter = self.letter_of(self.customer)
        self.print_out(letter)
        self.correct(street="<b>x</b>" * 8000)
        self.assertIn("<b>x</b>", self.told(letter))
        self.assertLess(len(self.told(letter)), 1000)
