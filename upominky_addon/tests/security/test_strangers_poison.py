"""SPEC rules 22 and 23: a letter that kills whoever prepares it takes no other one down with it."""

from unittest.mock import patch

from ...models.delivery.worker import MAX_DEATHS
from ..common import TODAY, UpominkyCommon, smtp_inbox


class Killed(BaseException):
    """Ends a worker where it is, as a signal would: nothing of the program's own runs after it."""


class TestPoison(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.poisoned = cls.new_customer("Jed s.r.o.", "jed@jed.example")
        cls.others = [cls.new_customer(f"Zdravá {n}", f"z{n}@z.example") for n in range(4)]
        for customer in (cls.others[0], cls.poisoned, *cls.others[1:]):
            cls.invoice(customer, due=10)

    def call(self, poison=True):
        """Run job 2 once, as the scheduler does; its worker may die over the poisoned letter.

        What a real worker had committed stays, what it was doing is lost: its claim was committed,
        its preparing was not.

        :return: whether it died
        """
        Reminder = self.env.registry["upominky.reminder"]
        render = Reminder._render

        def deadly(reminders):
            if poison and self.poisoned in reminders.partner_id:
                raise Killed
            return render(reminders)

        with patch.object(Reminder, "_render", deadly), self.on(TODAY, 9):
            sender = self.env["upominky.send"].sudo()
            sender._bury_dead()
            worker = sender._open_worker(self.company)
            for suspects in (False, True):
                while ids := sender._claim(self.company, worker, None, suspects):
                    try:
                        with self.env.cr.savepoint():
                            sender._send_slice(worker, ids)
                    except Killed:
                        self.env.invalidate_all(flush=False)
                        return True
            sender._close_worker(worker)
        return False

    def test_rule_22_a_poisoned_letter_fails_alone_and_with_a_sentence(self):
        with smtp_inbox(self.env) as inbox:
            self.generate()
            poisoned = self.reminders().filtered(lambda r: r.partner_id == self.poisoned)
            healthy = self.reminders() - poisoned
            deaths = [self.call() for _time in range(MAX_DEATHS + 1)]
            self.assertEqual(deaths, [*[True] * MAX_DEATHS, False])
            self.assertEqual(set(healthy.mapped("state")), {"sent"}, healthy.mapped("error"))
            self.assertEqual(len(inbox.messages), len(healthy))
            self.assertEqual(poisoned.state, "failed")
            self.assertIn("stopped 3 times", poisoned.error)
            self.assertFalse(poisoned.next_try or poisoned.send_run_id)

    def test_rule_23_a_claim_keeps_to_its_limit_whatever_the_plan(self):
        """As a subselect the limit was made again for each row: all were claimed instead of one."""
        self.generate()
        self.reminders().sudo().preparing_deaths = 1
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        self.env.cr.execute("SET LOCAL enable_hashagg = off; SET LOCAL enable_sort = off")
        self.env.cr.execute("SET LOCAL enable_material = off; SET LOCAL enable_memoize = off")
        sender = self.env["upominky.send"].sudo()
        with self.on(TODAY, 9):
            worker = sender._open_worker(self.company)
            claimed = [
                sender._claim(self.company, worker, None, True) for _reminder in self.reminders()
            ]
        self.assertEqual([len(ids) for ids in claimed], [1] * len(self.reminders()))

    def test_rule_22_a_suspect_that_was_paid_meanwhile_stops_nobody(self):
        with smtp_inbox(self.env) as inbox:
            self.generate()
            poisoned = self.reminders().filtered(lambda r: r.partner_id == self.poisoned)
            for _time in range(MAX_DEATHS):
                self.call()
            self.pay(poisoned.line_ids.move_id)
            self.assertFalse(self.call())
            self.assertIn(poisoned.state, ("failed", "cancelled"))
            self.assertEqual(len(inbox.messages), len(self.others))

    def test_rule_22_once_mended_a_retry_sends_it(self):
        with smtp_inbox(self.env) as inbox:
            self.generate()
            poisoned = self.reminders().filtered(lambda r: r.partner_id == self.poisoned)
            for _time in range(MAX_DEATHS + 1):
                self.call()
            with self.on(TODAY, 10):
                poisoned.action_retry()
            self.assertEqual(poisoned.state, "sent")
            self.assertFalse(poisoned.preparing_deaths)
            self.assertEqual(len(inbox.messages), len(self.reminders()))

    def test_rule_23_a_worker_that_died_once_costs_nobody_anything(self):
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.assertTrue(self.call())
            self.assertEqual(set(self.reminders().mapped("state")), {"issued"})
            self.assertFalse(self.call(poison=False))
            self.assertEqual(set(self.reminders().mapped("state")), {"sent"})
            self.assertEqual(len(inbox.messages), len(self.reminders()))

    def test_rule_23_who_died_while_sending_says_nothing_against_the_letters(self):
        with smtp_inbox(self.env):
            self.generate()
            sender = self.env["upominky.send"].sudo()
            with self.on(TODAY, 9):
                worker = sender._open_worker(self.company)
                ids = sender._claim(self.company, worker)
                sender._prepare_slice(worker, ids)
                sender._bury_dead()  # in tests nothing locks the run: its worker is gone
            self.assertFalse(any(self.reminders().mapped("preparing_deaths")))

    def test_rule_22_a_street_of_400_000_spaces_is_a_letter_like_any_other(self):
        self.poisoned.street = " " * 400_000 + "x"
        self.poisoned.city = "Brno " * 50_000
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
            self.assertEqual(set(self.reminders().mapped("state")), {"sent"})
            sizes = [len(message.as_bytes()) for message in inbox.messages]
            self.assertLess(max(sizes), 100_000)

    def test_rule_18_an_address_field_of_60_kb_fails_alone(self):
        self.poisoned.email = '"' + "a" * 60_000
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
            poisoned = self.reminders().filtered(lambda r: r.partner_id == self.poisoned)
            self.assertEqual(poisoned.state, "failed")
            self.assertEqual(len(inbox.messages), len(self.others))
