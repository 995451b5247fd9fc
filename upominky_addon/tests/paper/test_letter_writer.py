"""SPEC rules 36 and 46: what makes letters is missing, fails or hangs, and nobody else waits."""

import time
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from ...models.delivery.letter import make
from ...models.letters import pdf
from ..common import TODAY, smtp_inbox
from .test_letters_by_post import PostCommon

QUIET = mute_logger("odoo.addons.upominky_addon.models.delivery.letter.make")
PAGE = "<p>A letter</p>"


def endless(_writer, page):
    """Stand for a page that is never written."""
    while page:
        time.sleep(0.01)


def slow():
    return patch.multiple(pdf, MOST_SECONDS=0.3), patch.object(pdf._Writer, "_write", endless)


class TestWriter(BaseCase):
    def test_rule_36_a_page_that_hangs_is_given_up_and_the_next_is_written(self):
        self.assertTrue(pdf.write_pdf(PAGE))
        before, (limit, hang) = pdf._DESK.writer, slow()
        with limit, hang:
            start = time.perf_counter()
            with self.assertRaises(pdf.TooSlowError):
                pdf.write_pdf(PAGE)
            self.assertLess(time.perf_counter() - start, 5)
            before.join(5)
            self.assertFalse(before.is_alive(), "it goes on for ever")
        self.assertTrue(pdf.write_pdf(PAGE).startswith(b"%PDF"))
        self.assertIsNot(pdf._DESK.writer, before)

    def test_rule_36_what_a_page_raises_reaches_who_asked_and_the_writer_stays(self):
        self.assertTrue(pdf.write_pdf(PAGE))
        before = pdf._DESK.writer
        for error in (ValueError("bad"), MemoryError("no memory"), RecursionError("deep")):
            wrong = patch.object(pdf._Writer, "_write", side_effect=error)
            with wrong, self.assertRaises(type(error)):
                pdf.write_pdf(PAGE)
        self.assertEqual(pdf.write_pdf(PAGE), pdf.write_pdf(PAGE))
        self.assertIs(pdf._DESK.writer, before)

    def test_rule_36_a_writer_that_is_no_more_is_replaced(self):
        """A fork of the process has no threads but its own."""
        self.assertTrue(pdf.write_pdf(PAGE))
        pdf._DESK.writer.stop()
        pdf._DESK.writer.join(5)
        self.assertTrue(pdf.write_pdf(PAGE))


class TestTroubleWithLetters(PostCommon):
    def troubles(self):
        missing = pdf.NoRendererError("cannot load library 'libpango'")
        return (
            (patch.object(pdf, "_library", side_effect=missing), "cannot load library 'libpango'"),
            (patch.object(make, "write_pdf", side_effect=MemoryError("full")), "a PDF: full"),
            (patch.object(make, "write_pdf", side_effect=OSError(28, "No space")), "No space"),
            (patch.object(make, "write_pdf", side_effect=pdf.TooSlowError), "after 30 seconds"),
        )

    @QUIET
    def test_rule_46_without_a_letter_nothing_is_printed_and_all_wait(self):
        letter = self.waiting()
        for trouble, words in self.troubles():
            with self.subTest(words), trouble:
                with self.on(TODAY), self.assertRaises(Exception) as raised:
                    letter.action_print_letters()
                self.assertIn(words, str(raised.exception))
                self.assertIn(letter.reminder_id.name, str(raised.exception))
                self.assertEqual((letter.state, letter.reminder_id.state), ("to_print", "issued"))
                self.assertFalse(letter.reminder_id.letter_id)
        self.print_out(letter)
        self.assertEqual(letter.state, "printed")

    @QUIET
    def test_rule_46_reminders_by_e_mail_go_out_whatever_the_letters_do(self):
        mail = self.new_customer("Mail", "mail@mail.example")
        own = self.rule.copy({"partner_ids": [Command.set(mail.ids)]}).level_ids[0]
        own.write({"send": True, "send_letter": False})
        for number, (trouble, words) in enumerate(self.troubles()):
            self.invoice(mail, due=10 + number)
            with self.subTest(words), trouble, smtp_inbox(self.env) as inbox:
                self.generate()
                self.send(hour=9 + number)
            self.assertEqual(inbox.recipients, ["mail@mail.example"])

    def test_rule_46_a_level_by_post_is_not_switched_on_where_no_letter_can_be_made(self):
        level = self.rule.level_ids[1]
        no_library = patch.object(pdf, "_library", side_effect=pdf.NoRendererError("no pango"))
        with no_library, self.assertRaisesRegex(ValidationError, "“Send by Post” off"):
            level.send_letter = True
