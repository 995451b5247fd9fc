"""SPEC rule 40: files for lawyers are made last, stop nobody, and hold what went out alone."""

from unittest.mock import patch

from ...models.cases import case as cases
from ..common import TODAY, smtp_inbox
from .test_case_file import CaseCommon

ADDRESS = "fakturace@odberatel.example"


class Killed(BaseException):
    """Stands for the death of the program: nothing catches it."""


class TestCaseJob(CaseCommon):
    def waiting(self):
        """Return a file that the job is to make."""
        with patch.object(cases, "AT_ONCE", 0):
            case = self.made(self.customer)
        self.assertEqual(case.state, "waiting")
        return case

    def call(self):
        """Run job 2 once; the program dies over documents of a file, and what it committed stays.

        :return: whether it died
        """

        def deadly(case):
            raise Killed

        model = self.env.registry["upominky.case"]
        with patch.object(model, "_put_in_some", deadly), self.on(TODAY, 9):
            try:
                self.env["upominky.send"].sudo()._cron_send()
            except Killed:
                self.env.invalidate_all(flush=False)
                return True
        return False

    def test_rule_40_a_file_that_stops_the_program_stops_no_mail_and_is_given_up(self):
        self.invoice(due=30)
        reminder = self.generate()
        case = self.waiting()
        with smtp_inbox(self.env) as inbox:
            self.assertTrue(self.call())
            self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))
            deaths = [self.call() for _time in range(cases.MOST_TRIES)]
        self.assertEqual(deaths, [True] * (cases.MOST_TRIES - 1) + [False])
        self.assertEqual(case.state, "failed")
        self.assertIn("stopped 3 times", case.error)

    def test_rule_40_after_some_deaths_it_is_made_all_the_same(self):
        self.invoice(due=30)
        case = self.waiting()
        self.assertEqual([self.call() for _time in range(cases.MOST_TRIES - 1)], [True, True])
        self.assertEqual(case.tries, 2)
        self.send()
        self.assertEqual((case.state, case.tries), ("done", 0), case.error)

    def test_rule_40_one_that_others_have_in_hand_is_left_to_them(self):
        self.invoice(due=30)
        case = self.waiting()
        asked = []

        def is_time_up():
            asked.append(1)
            return len(asked) > 20

        def locked_by_others(these, **_options):
            return these.browse()

        model = self.env.registry["upominky.case"]
        with patch.object(model, "try_lock_for_update", locked_by_others):
            self.assertTrue(case.sudo()._make_waiting(is_time_up))
        self.assertEqual((case.state, case.tries, len(asked)), ("waiting", 0, 1))
        self.assertFalse(case.sudo()._make_waiting(lambda: True))
        self.assertEqual(case.place, 0)

    # -------------------------------------------------------------- contents

    def test_rule_40_a_letter_that_never_went_out_is_not_in_it(self):
        self.invoice(due=30)
        reminder = self.generate()
        for answer, state in (("451 later", "issued"), ("550 nobody", "failed")):
            with smtp_inbox(self.env, {ADDRESS: answer}):
                self.send(hour=9 if state == "issued" else 12)
            with self.subTest(state):
                self.assertEqual((reminder.state, bool(reminder.letter_id)), (state, True))
                self.check_nothing_went_out(self.opened(self.made(reminder)))

    def check_nothing_went_out(self, files):
        """What reached nobody asked nobody for anything: neither its letter nor its message."""
        told = [path for path in files if path.startswith(("letters/", "messages/"))]
        self.assertFalse(told)

    def test_rule_40_a_message_of_which_nobody_knows_says_so(self):
        self.invoice(due=30)
        reminder = self.sent()
        delivery = reminder.delivery_ids
        self.env.cr.execute(
            "UPDATE upominky_delivery SET state = 'uncertain' WHERE id = %s", [delivery.id]
        )
        delivery.invalidate_recordset()
        files = self.opened(self.made(reminder))
        (note,) = [r[4] for r in self.rows(files, "index.csv") if r[0].startswith("messages/")]
        self.assertRegex(note, "^Not known as sent. State: [A-Z]")

    def test_rule_40_what_was_taken_has_no_note(self):
        self.invoice(due=30)
        files = self.opened(self.made(self.sent()))
        self.assertTrue([path for path in files if path.startswith("letters/")])
        (note,) = [r[4] for r in self.rows(files, "index.csv") if r[0].startswith("messages/")]
        self.assertEqual(note, "")
