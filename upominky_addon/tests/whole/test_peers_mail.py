"""Faults that users of other reminder programs report, about the message: none is ours."""

from odoo import Command

from ..common import TODAY, UpominkyCommon, smtp_inbox
from ..core.test_core_receipt import raw

ADDRESS = "fakturace@odberatel.example"


class TestPeersMail(UpominkyCommon):
    def czech(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.env.ref("base.module_upominky_addon")._update_translations(["cs_CZ"])

    def both_jobs(self):
        reminders = self.generate()
        self.send()
        return reminders

    def test_peer_html_in_an_invoice_reference_reaches_the_mail_unescaped(self):
        evil = '<img src="https://evil.example/x.png"><b>&amp; paid</b>'
        self.invoice(due=10, payment_reference=evil, ref=evil)
        self.credit_note(amount=100, payment_reference=evil, ref=evil)
        with smtp_inbox(self.env) as inbox:
            reminder = self.both_jobs()
            html, text = inbox.html(), inbox.text()
        self.assertNotIn("<img", html)
        self.assertNotIn("<b>&", html)
        self.assertIn("&lt;img src=", html)
        self.assertIn(evil, text)  # plain text is no HTML: nothing is escaped there
        self.assertNotIn("<img", str(reminder.message_ids.mapped("body")))

    def test_peer_table_in_the_senders_language_body_in_the_customers(self):
        """Both ways round: head, table, texts, amounts and dates are the reader's."""
        self.czech()
        words = {
            "cs_CZ": ("Dobrý den", "Splatnost", "Zbývá uhradit", "12\xa0100,00", "19. 5. 2026"),
            "en_US": ("Hello", "Due", "Left to pay", "12,100.00", "May 19, 2026"),
        }
        for mine, theirs in (("en_US", "cs_CZ"), ("cs_CZ", "en_US")):
            self.env.user.lang = self.company.partner_id.lang = mine
            customer = self.new_customer(theirs, "x@x.example", lang=theirs)
            self.invoice(customer, due=10)
            with self.subTest(theirs=theirs), smtp_inbox(self.env) as inbox:
                reminder = self.generate().with_context(lang=mine)
                with self.on(TODAY):
                    reminder.action_send_now()
                html, text = inbox.html(), inbox.text()
            for word in words[theirs]:
                self.assertIn(word, html)
            for word in words[mine]:
                self.assertNotIn(f">{word}<", html)
            self.assertIn(words[theirs][3], text)
            self.assertNotIn(words[mine][3], html + text)
            self.assertIn(f'lang="{theirs[:2]}"', html)

    def test_peer_editing_the_template_destroys_its_invoice_table(self):
        """The table is one placeholder; what the editor does around it leaves it whole."""
        template = self.rule.level_ids[0].mail_template_id
        move = self.invoice(due=10)
        before = template.body_html
        self.assertIn('t-out="object.invoice_table"', before)
        template.body_html = before.replace("Hello", "Good morning").replace("<p>", '<p class="x">')
        self.assertEqual(template.body_html.count('t-out="object.invoice_table"'), 1)
        with smtp_inbox(self.env) as inbox:
            self.both_jobs()
            html = inbox.html()
        self.assertIn("Good morning", html)
        self.assertEqual(html.count("o_upominky_table"), 1)
        self.assertIn(move.name, html)
        self.assertIn("Total to pay in", html)

    def test_peer_blacklisted_or_bounced_address_stays_queued_for_ever(self):
        self.env["mail.blacklist"].sudo()._add(ADDRESS)
        self.customer.message_bounce = 10
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.both_jobs()
            # A reminder of a debt is no advertisement: it goes out, and ends as the server says.
            self.assertEqual((reminder.state, reminder.delivery_state), ("sent", "sent"))
            delivery = reminder.delivery_ids
            bounce = raw("dsn_postfix_failed", delivery.message_id, delivery._envelope_id())
            self.env["mail.thread"].message_process(None, bounce)
            self.env.invalidate_all()
            self.assertEqual((reminder.state, reminder.delivery_state), ("failed", "bounced"))
            self.assertIn("User unknown", reminder.error)
            self.customer.email = "nova@odberatel.example"
            with self.on(TODAY, 12):
                reminder.action_retry()
            self.assertEqual(reminder.state, "sent")
            self.assertEqual(inbox.recipients, [ADDRESS, "nova@odberatel.example"])
        left = reminder.delivery_ids.filtered(lambda d: d.state in ("queued", "sending"))
        self.assertFalse(left)
        self.assertFalse(self.env["mail.mail"].sudo().search([("res_id", "=", reminder.id)]))

    def test_peer_wrong_contact_as_the_first_of_the_loop_is_returned(self):
        """Each invoice its own invoice address; none takes that of another invoice or customer."""
        expected = {}
        for name in ("alfa", "beta"):
            customer = self.new_customer(name, f"{name}@x.example")
            plain = self.new_customer(
                f"{name} clerk", f"{name}.clerk@x.example", parent_id=customer.id, is_company=False
            )
            for kind, address in (("delivery", "goods"), ("invoice", "bills"), ("other", "other")):
                self.env["res.partner"].create(
                    {
                        "name": address,
                        "type": kind,
                        "parent_id": customer.id,
                        "email": f"{name}.{address}@x.example",
                    }
                )
            branch = self.env["res.partner"].create(
                {"name": "branch", "parent_id": customer.id, "type": "other",
                 "email": f"{name}.branch@x.example", "child_ids": [Command.create(
                     {"name": "b", "type": "invoice", "email": f"{name}.branch.bills@x.example"})]}
            )  # fmt: skip
            expected[self.invoice(customer, due=10)] = f"{name}.bills@x.example"
            expected[self.invoice(plain, due=10)] = f"{name}.bills@x.example"
            expected[self.invoice(branch, due=10)] = f"{name}.branch.bills@x.example"
        lone = self.new_customer("lone", "lone@x.example")
        expected[self.invoice(lone, due=10)] = "lone@x.example"
        with smtp_inbox(self.env) as inbox:
            reminders = self.both_jobs()
            found = {line.move_id: line.reminder_id.email_to for line in reminders.line_ids}
            self.assertEqual(found, expected)
            self.assertEqual(inbox.recipients, sorted(set(expected.values())))
            for number, message in enumerate(inbox.messages):
                for move, address in expected.items():
                    listed = f"{move.name}," in inbox.text(number)
                    self.assertEqual(listed, message["To"] == address)
