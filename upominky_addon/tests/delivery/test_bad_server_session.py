"""SPEC rules 18, 22, 23: refusals in part, encryption, logins, sessions that end, slow servers."""

import os
import tempfile
import threading
import time

from ..bad_servers import ACCEPT_AND_DROP, DROP_IN_BODY, bad_server
from ..common import TODAY, free_port
from ..smtp_servers import self_signed
from .test_bad_server import ALL, FIRST, SECOND, THIRD, BadServerCommon, only

#: A real server's five seconds in the long run, less in the short one.
SLOW = 5.0 if os.environ.get("UPOMINKY_LONG") else 0.2
COPY = "archiv@dopravce.example"
#: More than the buffers of both ends hold.
LARGE = ("<p>" + "large " * 40_000 + "</p>") * 10


class TestBadServerSession(BadServerCommon):
    # --------------------------------------------------------- refused in part

    def test_rule_18_of_two_recipients_one_is_refused(self):
        """Refused for good or for now, a contact or a copy: the other one gets it once."""
        self.rule.level_ids[0].extra_email = COPY
        second = "jana@run.example"
        for refused, answer, state, named, waits in (
            (FIRST, "550 No such user", "sent", True, False),
            (FIRST, "451 Greylisted", "sent", True, True),
            (COPY, "550 No such user", "sent", True, False),
            (COPY, "451 Greylisted", "sent", True, True),
        ):
            with (
                self.world(f"{refused} {answer}"),
                bad_server(self.env, {"RCPT": only(refused, answer)}) as server,
            ):
                self.people[0].email = f"{FIRST}, {second}"
                self.invoice(self.people[0], due=10)
                reminder = self.generate()
                self.send()
                others = sorted({FIRST, second, COPY} - {refused})
                self.assertEqual(sorted(server.recipients), others)
                self.assertEqual(reminder.state, state)
                self.assertEqual(refused in (reminder.error or ""), named)
                server.answers.clear()
                self.send(hour=10)
                self.assertEqual(sorted(server.recipients), sorted(others + [refused] * waits))
                self.assertEqual(reminder.state, "sent")
                self.assertEqual(bool(reminder.error), not waits)

    # ------------------------------------------------------ encryption, login

    def test_rule_22_a_wrong_certificate_is_refused_by_the_strict_kinds_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            context = self_signed(folder)
        for kind, expected in (("starttls_strict", "queued"), ("starttls", "sent")):
            offered = {"extensions": ("STARTTLS",)}
            with self.world(kind), bad_server(self.env, **offered) as server:
                server.tls, server.record.smtp_encryption = context, kind
                reminders = self.run_of_three()
                self.assertEqual(set(reminders.mapped("delivery_state")), {expected})
                self.assertEqual(server.recipients, ALL if expected == "sent" else [])
                if expected == "queued":
                    self.assertIn("its certificate is not valid", reminders[0].error)
                    self.assertEqual(server.connections, 1)  # not one for each message
                    server.record.smtp_encryption = "none"
                    self.send(hour=10)
                    self.assertEqual(server.recipients, ALL)

    def test_rule_22_what_the_account_lacks_is_told(self):
        login = {"smtp_user": "ucetni", "smtp_pass": "x"}
        for name, answers, values, extensions, words in (
            ("no STARTTLS", {}, {"smtp_encryption": "starttls"}, (), "STARTTLS"),
            ("no AUTH", {}, login, (), "AUTH"),
            ("wrong password", {"AUTH": "535 5.7.8 Bad credentials"}, login, ("AUTH PLAIN LOGIN",),
             "535 5.7.8 Bad credentials"),
            ("TLS to a plain port", {}, {"smtp_encryption": "ssl"}, (), ""),
        ):  # fmt: skip
            with (
                self.world(name),
                bad_server(self.env, answers, timeout=1, extensions=extensions) as server,
            ):
                server.record.write(values)
                reminders = self.run_of_three()
                self.assertFalse(server.accepted)
                self.assertEqual(set(reminders.mapped("state")), {"issued"})
                self.assertIn(words, reminders[0].error)
                self.assertIn("tried again", reminders[0].error)
                self.assertNotIn("..", reminders[0].error)
                server.answers.clear()
                server.record.write({"smtp_encryption": "none", "smtp_user": False})
                self.send(hour=10)
                self.assertEqual(sorted(server.recipients), sorted(ALL))
                self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_rule_22_nobody_listens_then_somebody_does(self):
        with bad_server(self.env) as server:
            port, server.record.smtp_port = server.record.smtp_port, free_port()
            reminders = self.run_of_three()
            self.assertEqual(set(reminders.mapped("delivery_state")), {"queued"})
            self.assertIn("Connection refused", reminders[0].error)
            server.record.smtp_port = port
            self.send(hour=10)
            self.assertEqual(server.recipients, ALL)

    # ---------------------------------------------------------------- letters

    def test_rule_22_a_server_for_ascii_only(self):
        """Letters with accents travel encoded; an address with one cannot, and is told."""
        self.people[0].email = "josé@run.example"
        self.people[1].email = "faktury@příklad.example"
        self.company.name = "Žluťoučký kůň"
        for person in self.people:
            self.invoice(person, due=10, payment_reference="Příliš 😀")
        for extensions in ((), ("8BITMIME",), ("8BITMIME", "SMTPUTF8")):
            with self.world(extensions), bad_server(self.env, extensions=extensions) as server:
                reminders = self.generate()
                self.send()
                known = {"faktury@xn--pklad-zsa96e.example", THIRD}
                (jose,) = reminders.filtered(lambda r: r.partner_id == self.people[0])
                if "SMTPUTF8" in extensions:
                    self.assertEqual(set(server.recipients), {*known, "josé@run.example"})
                    self.assertEqual(jose.state, "sent")
                    continue
                self.assertEqual(set(server.recipients), known)
                self.assertEqual((jose.state, jose.delivery_state), ("failed", "failed"))
                self.assertIn("josé@run.example", jose.error)
                self.assertIn("before the @", jose.error)
                for message in server.messages:
                    self.assertIn("Žluťoučký kůň", message["Subject"])
                    self.assertIn("Příliš 😀", message.get_body(("plain",)).get_content())
                    self.assertTrue(message.as_bytes().isascii())

    # --------------------------------------------------------------- sessions

    def test_rule_22_a_server_that_closes_after_some_messages(self):
        more = [self.new_customer(f"{n}", f"{n}@run.example") for n in range(4)]
        for person in more:
            self.invoice(person, due=10)
        for most in (1, 2, 3):
            with self.world(most), bad_server(self.env, most=most) as server:
                reminders = self.run_of_three()
                self.assertEqual(len(server.recipients), 7)
                self.assertEqual(len(set(server.recipients)), 7)
                self.assertEqual(server.connections, -(-7 // most))
                self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_rule_23_a_large_message_cut_off_before_its_end_is_uncertain(self):
        template = self.rule.level_ids[0].mail_template_id
        # As it was saved before texts had limits: it is sent as it is.
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text)"
            " WHERE id = %s",
            [LARGE, template.id],
        )
        template.invalidate_recordset(["body_html"])
        with bad_server(self.env, {"DATA": [DROP_IN_BODY]}) as server:
            self.invoice(self.people[0], due=10)
            reminder = self.generate()
            self.send()
            self.assertEqual((reminder.state, reminder.delivery_state), ("issued", "uncertain"))
            self.send(hour=10)
            self.assertFalse(server.accepted)
            with self.on(TODAY, 11):
                reminder.delivery_ids.action_send_again()
            self.assertEqual(server.recipients, [FIRST])

    def test_rule_23_a_message_that_was_accepted_unheard_is_not_sent_by_any_button_but_one(self):
        with bad_server(self.env, {"DOT": [ACCEPT_AND_DROP]}) as server:
            reminders = self.run_of_three()
            with self.on(TODAY, 10):
                for button in (reminders[0].action_send_now, reminders[0].action_retry):
                    with self.assertRaises(Exception):  # noqa: B017
                        button()
                reminders[0].delivery_ids.action_mark_sent()
            self.send(hour=11)
            self.assertEqual(server.recipients, ALL)
            self.assertEqual(set(reminders.mapped("state")), {"sent"})

    # ------------------------------------------------------------------- slow

    def test_rule_22_a_slow_server_is_waited_for(self):
        with bad_server(self.env, delay=SLOW, timeout=60) as server:
            reminders = self.run_of_three()
            self.assertEqual(server.recipients, ALL)
            self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_rule_22_a_silent_server_is_waited_for_no_longer_than_the_timeout(self):
        """Once for a session, once for a message of it: never once for each of the others."""
        silence = threading.Event()
        self.addCleanup(silence.set)

        def hang(_line):
            silence.wait(30)

        for command, expected in (
            ("CONNECT", ["queued"] * 3),
            ("EHLO", ["queued"] * 3),
            ("RCPT", ["queued", "sent", "sent"]),
            ("DOT", ["uncertain", "sent", "sent"]),
        ):
            answers = {command: [hang, hang] if command == "EHLO" else [hang]}
            with self.world(command), bad_server(self.env, answers, timeout=0.5) as server:
                started = time.monotonic()
                reminders = self.run_of_three()
                self.assertLess(time.monotonic() - started, 10)
                self.assertEqual(reminders.mapped("delivery_state"), expected)
                self.assertIn("timed out", reminders[0].error)
                sent = [a for a, state in zip(ALL, expected, strict=True) if state == "sent"]
                self.assertEqual(server.recipients, sent)

    def test_rule_22_a_slow_server_costs_a_run_its_time_and_no_message(self):
        """The job stops when its time is up; the next run goes on where it was."""
        with bad_server(self.env) as server:
            for person in self.people:
                self.invoice(person, due=10)
            reminders = self.generate()
            sender = self.env["upominky.send"].sudo().with_context(cron_end_time=0)
            with self.on(TODAY, 9):
                worker = sender._open_worker(self.company)
                ids = sender._claim(self.company, worker)
                self.assertFalse(sender._send_slice(worker, ids))
                self.assertEqual(server.recipients, [FIRST])
            self.send()
            self.assertEqual(server.recipients, ALL)
            self.assertEqual(set(reminders.mapped("state")), {"sent"})
            self.assertEqual(SECOND, server.recipients[1])
