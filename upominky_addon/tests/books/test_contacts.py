"""SPEC rules 18 and 20: who a reminder is written to, in which language, and what is noted."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import ValidationError

from ..common import TODAY, UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
JANA = "jana@odberatel.example"
ARCHIVE = "archiv@dopravce.example"


class TestContacts(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]

    def person(self, name="Jana Horáková", email=JANA, **values):
        return self.new_customer(
            name, email, is_company=False, **{"parent_id": self.customer.id} | values
        )

    def notes(self, reminder):
        """Return how often each line of the note is in the chatter."""
        bodies = "\n".join(str(m.body) for m in reminder.message_ids)
        lang = reminder.company_id.partner_id.lang or "en_US"  # the history's
        note = reminder.with_context(lang=lang).note or ""
        return {line: bodies.count(line) for line in note.splitlines()}

    # ----------------------------------------------------- the order's contact

    def test_rule_18_without_order_contact_the_invoice_address_and_a_note(self):
        for contact in ("order", "both"):
            with self.subTest(contact=contact), smtp_inbox(self.env) as inbox:
                self.level.contact = contact
                move = self.invoice(self.new_customer(contact, f"{contact}@x.example"), due=10)
                reminder = self.generate()
                self.assertIn(move.name, reminder.note)
                self.send()
                self.assertEqual(inbox.recipients, [f"{contact}@x.example"])
                self.assertEqual(reminder.state, "sent")
                (line,) = reminder.note.splitlines()
                self.assertIn("the invoice address is used", line)
                self.assertEqual(self.notes(reminder), {line: 1})

    def test_rule_18_order_contacts_that_cannot_be_written_to_are_named(self):
        self.level.contact = "order"
        cases = (
            ({"email": False}, "Karel Tichý"),
            ({"email": "  "}, "Karel Tichý"),
            ({"email": JANA, "active": False}, "Karel Tichý"),
        )
        for values, name in cases:
            with self.subTest(**values), smtp_inbox(self.env) as inbox:
                self.invoice(due=10, upominky_contact_id=self.person(name, **values).id)
                reminder = self.generate()
                self.send()
                self.assertEqual(inbox.recipients, [ADDRESS])
                self.assertIn(name, reminder.note.splitlines()[0])
                self.assertEqual(set(self.notes(reminder).values()), {1})

    def test_rule_18_a_level_for_the_invoice_address_notes_nothing(self):
        self.invoice(due=10, upominky_contact_id=self.person(email=False).id)
        self.assertFalse(self.generate().note)

    def test_rule_18_an_address_entered_before_sending_takes_the_note_back(self):
        self.level.contact = "order"
        jana = self.person(email=False)
        self.invoice(due=10, upominky_contact_id=jana.id)
        reminder = self.generate()
        self.assertEqual(reminder.email_to, ADDRESS)
        jana.email = JANA
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(inbox.recipients, [JANA])
        self.assertFalse(reminder.note)

    def test_rule_45_recipients_of_a_channel_that_is_gone_are_left_out(self):
        self.invoice(due=10)
        reminder = self.generate().sudo()
        reminder.other_recipients = [["pigeon", "Roof 7", "cs_CZ"]]
        self.assertEqual([r.address for r in reminder._recipients()], [ADDRESS])
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual((reminder.state, inbox.recipients), ("sent", [ADDRESS]))

    def test_rule_18_notes_are_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.company.partner_id.lang = "cs_CZ"
        self.level.contact = "order"
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(set(self.notes(reminder).values()), {1})

    # ---------------------------------------------------------- odd addresses

    def test_rule_18_an_address_with_an_error_fails_alone_with_a_sentence(self):
        self.customer.email = "účetní.odběratel.example; Jana <Jana@Odberatel.example>, jana@@x.cz"
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(inbox.recipients, [JANA])
        self.assertEqual(reminder.state, "sent")
        by_address = {d.email_to: d for d in reminder.delivery_ids}
        self.assertEqual(
            {address: d.state for address, d in by_address.items()},
            {"účetní.odběratel.example": "failed", JANA: "sent", "jana@@x.cz": "failed"},
        )
        self.assertEqual(
            by_address["jana@@x.cz"].error,
            "“jana@@x.cz” is not an e-mail address. Correct it on the contact, then retry.",
        )
        self.assertIn("“účetní.odběratel.example” is not", reminder.error)
        for address in ("účetní.odběratel.example", "jana@@x.cz"):
            self.assertEqual(reminder.error.count(address), 1)

    def test_rule_18_addresses_that_arrive(self):
        cases = (
            # what is in the field, what the server is told
            ('"Horáková, Jana" <jana@odberatel.example>', [JANA]),
            ("JANA@ODBERATEL.EXAMPLE", [JANA]),
            (f"Jana <{JANA}>; petr@odberatel.example", [JANA, "petr@odberatel.example"]),
            (f"{JANA}, Jana <{JANA.upper()}>", [JANA]),
            ("jana@příklad.example", ["jana@xn--pklad-zsa96e.example"]),
            ("josé@odberatel.example", ["josé@odberatel.example"]),
        )
        for text, expected in cases:
            with self.subTest(text=text), smtp_inbox(self.env) as inbox:
                self.invoice(self.new_customer("Odd", text), due=10)
                reminder = self.generate()
                self.send()
                self.assertEqual(inbox.recipients, expected)
                self.assertEqual(reminder.state, "sent")
                self.assertFalse(reminder.error)

    def test_rule_18_letters_that_the_server_cannot_take_fail_at_once(self):
        self.customer.email = "josé@odberatel.example"
        self.invoice(due=10)
        with smtp_inbox(self.env, enable_SMTPUTF8=False) as inbox:
            reminder = self.generate()
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(len(reminder.delivery_ids), 1)
        self.assertIn("SMTPUTF8", reminder.error)

    def test_rule_18_contacts_and_copies_get_it_once(self):
        self.level.write(
            {"contact": "both", "extra_email": f"{JANA.upper()}, {ARCHIVE}; {ARCHIVE}"}
        )
        self.invoice(due=10, upominky_contact_id=self.person("Jana", f"J <{JANA}>, {ADDRESS}").id)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(inbox.recipients, [ARCHIVE, ADDRESS, JANA])
        self.assertEqual(reminder.delivery_ids.filtered("is_copy").email_to, ARCHIVE)

    def test_rule_18_an_address_corrected_between_attempts_is_used(self):
        with smtp_inbox(self.env, {ADDRESS: "451 Later"}) as inbox:
            self.invoice(due=10)
            reminder = self.generate()
            self.send()
            self.customer.email = "nova@odberatel.example"
            self.send(hour=9)
            self.assertFalse(inbox.messages)  # the pause is not over
            self.send(hour=10)
            self.assertEqual(inbox.recipients, ["nova@odberatel.example"])
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.error)

    def test_rule_18_a_corrected_address_is_no_longer_complained_of(self):
        self.customer.email = "jana@@odberatel.example"
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder.state, "failed")
            self.customer.email = JANA
            with self.on(TODAY, 10):
                reminder.action_retry()
            self.assertEqual(inbox.recipients, [JANA])
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.error)

    # ----------------------------------------------------------------- copies

    def test_rule_18_copies_are_checked_on_the_level(self):
        for good in (False, ARCHIVE, f"Archiv <{ARCHIVE}>; b@dopravce.example", "a@příklad.cz"):
            self.level.extra_email = good
        for bad in ("archiv", f"{ARCHIVE}, archiv@dopravce", "a@@x.cz; b@x.cz"):
            with (
                self.subTest(bad=bad),
                self.assertRaisesRegex(ValidationError, "is not an e-mail address"),
            ):
                self.level.extra_email = bad
        with self.assertRaisesRegex(ValidationError, "“archiv@dopravce” .*“Second"):
            self.rule.level_ids[1].write({"name": "Second", "extra_email": "archiv@dopravce"})

    def test_rule_18_copies_decide_nothing(self):
        self.level.extra_email = ARCHIVE
        cases = (
            # who is refused, state, what the error says
            (ADDRESS, "failed", f"{ADDRESS}: "),
            (ARCHIVE, "sent", f"Copy to {ARCHIVE}: "),
        )
        for refused, state, error in cases:
            with (
                self.subTest(refused=refused),
                smtp_inbox(self.env, {refused: "550 No such user"}) as inbox,
            ):
                self.invoice(due=10)
                reminder = self.generate()
                self.send()
                self.assertEqual(len(inbox.messages), 1)
                self.assertEqual(reminder.state, state)
                self.assertEqual(reminder.delivery_state, state)
                self.assertEqual(bool(reminder.sent_date), state == "sent")
                self.assertIn(error, reminder.error)
                self.assertIn("No such user", reminder.error)
                self.assertEqual(len(reminder.error.splitlines()), 1)

    def test_rule_18_copies_never_stand_in_for_a_missing_contact(self):
        self.level.extra_email = ARCHIVE
        self.customer.email = False
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "failed")
        self.assertIn("has no e-mail address", reminder.error)

    def test_rule_18_a_copy_read_is_not_a_contact_that_read(self):
        self.level.extra_email = ARCHIVE
        self.invoice(due=10)
        with smtp_inbox(self.env):
            reminder = self.generate()
            self.send()
        reminder.delivery_ids.filtered("is_copy").sudo()._set_state("read")
        reminder.sudo()._settle()
        self.assertEqual(reminder.delivery_state, "sent")

    # ------------------------------------------------------ the invoice address

    def test_rule_18_which_invoice_address(self):
        child = {"is_company": False, "parent_id": self.customer.id}
        address = self.new_customer("Invoices", "faktury@x.example", type="invoice", **child)
        cases = (
            (
                "with an address",
                {"active": True, "email": "faktury@x.example"},
                "faktury@x.example",
            ),
            ("without an address", {"active": True, "email": False}, ADDRESS),
            ("archived", {"active": False, "email": "faktury@x.example"}, ADDRESS),
        )
        for name, values, expected in cases:
            address.write(values)
            for billed in (self.customer, address):
                with self.subTest(name, billed=billed.name):
                    self.invoice(billed, due=10)
                    self.assertEqual(self.generate().email_to, expected)

    def test_rule_18_queries_do_not_grow_with_customers(self):
        self.level.contact = "both"
        customers = self.env["res.partner"]
        for number in range(50):
            customer = self.new_customer(f"C{number}", f"c{number}@x.example")
            customers += customer
            child = {"is_company": False, "parent_id": customer.id}
            if number % 2:
                self.new_customer("I", f"i{number}@x.example", type="invoice", **child)
            person = self.new_customer("P", f"p{number}@x.example", **child)
            self.invoice(customer, due=10, upominky_contact_id=number % 3 and person.id)
        reader = self.env["upominky.reader"].sudo()
        counts = []
        for some in (customers[:10], customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = reader._customers(self.company, some.ids)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), len(some))
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    # ---------------------------------------------------------------- language

    def test_rule_20_each_recipient_reads_their_own_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.env.ref("base.module_upominky_addon")._update_translations(["cs_CZ"])
        self.level.write({"contact": "both", "extra_email": ARCHIVE})
        self.customer.lang = "en_US"
        jana = self.person(lang="cs_CZ")
        self.invoice(due=10, upominky_contact_id=jana.id)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            found = {to: inbox.html(i) for i, (_from, (to,)) in enumerate(inbox.envelopes)}
        self.assertEqual(reminder.lang, "en_US")
        self.assertIn('lang="cs"', found[JANA])
        self.assertIn("12\xa0100,00\xa0Kč", found[JANA])
        for to in (ADDRESS, ARCHIVE):
            self.assertIn('lang="en"', found[to])
            self.assertIn("12,100.00", found[to])

    def test_rule_20_languages_of_the_same_people_split(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "en_US"
        # Two people of one mailbox.
        czech = self.person("Jana", "kancelar@x.example", lang="cs_CZ")
        english = self.person("Joan", "kancelar@x.example", lang="en_US")
        self.level.contact = "order"
        for person in (czech, english, czech):
            self.invoice(due=10, upominky_contact_id=person.id)
        reminders = self.generate()
        self.assertEqual(
            sorted((r.lang, len(r.line_ids)) for r in reminders), [("cs_CZ", 2), ("en_US", 1)]
        )

    def test_rule_20_else_the_customers_else_the_companys(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.company.partner_id.lang = "cs_CZ"
        self.level.contact = "order"
        day = TODAY - timedelta(days=10)
        for own, customers, expected in (
            ("en_US", "cs_CZ", "en_US"),
            (False, "en_US", "en_US"),
            (False, False, "cs_CZ"),
        ):
            with self.subTest(own=own, customers=customers):
                customer = self.new_customer("C", "c@x.example", lang=customers)
                person = self.person(parent_id=customer.id)
                person.lang = own
                self.invoice(customer, due=day, upominky_contact_id=person.id)
                self.assertEqual(self.generate().lang, expected)

    # ------------------------------------------------- contacts of other companies

    def test_rule_18_of_a_shared_customers_desks_the_companys_own(self):
        """Companies that share a customer have a desk each there, and write to no other's.

        The first that Odoo finds as superuser would be written to for both.
        """
        other = self.env["res.company"].sudo().create({"name": "Another"})
        mine, theirs, all_of_us = self.company.id, other.id, False
        cases = (
            ([theirs], "customer@x.example"),
            ([theirs, mine], "desk1@x.example"),
            ([mine, theirs], "desk0@x.example"),
            ([theirs, all_of_us], "desk1@x.example"),
        )
        for companies, expected in cases:
            with self.subTest(companies=companies):
                customer = self.new_customer("Shared", "customer@x.example")
                for number, company in enumerate(companies):
                    values = {"name": f"{number}", "type": "invoice", "parent_id": customer.id}
                    values["email"] = f"desk{number}@x.example"
                    customer.sudo().create({**values, "company_id": company})
                self.invoice(customer, due=10)
                self.assertEqual(self.generate().email_to, expected)

    def test_rule_18_a_branch_writes_to_the_desk_of_its_parent(self):
        self.company.sudo().child_ids = [Command.create({"name": "Branch"})]
        desk = self.person("Desk", "desk@x.example", type="invoice", company_id=self.company.id)
        reader = self.env["upominky.reader"].sudo()
        for company in self.company + self.company.child_ids:
            self.assertEqual(
                reader._invoice_address({False, *company.parent_ids.ids}, self.customer), desk.id
            )
