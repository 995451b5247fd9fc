"""SPEC rule 19: who a reminder comes from, and where replies go and whom they tell."""

from email.message import EmailMessage
from email.utils import parseaddr

from odoo.tests import new_test_user

from ..common import TODAY, UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
COMPANY = "ucetni@dopravce.example"
ALENA = "alena@dopravce.example"


class TestSender(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.name = "Dopravce"
        cls.level = cls.rule.level_ids[0]
        cls.alena = cls.new_user("alena", ALENA, "Alena Procházková")
        cls.alias_domain = cls.env["mail.alias.domain"].create(
            {
                "name": "odoo.dopravce.example",
                "bounce_alias": "bounce",
                "catchall_alias": "catchall",
                "default_from": "notifications",
            }
        )
        cls.company.alias_domain_id = False  # the first one goes to all companies by itself

    @classmethod
    def new_user(
        cls, login, email, name, groups="base.group_user,upominky_addon.group_user", **values
    ):
        return new_test_user(
            cls.env,
            login,
            groups,
            email=email,
            name=name,
            company_id=cls.company.id,
            company_ids=cls.company.ids,
            notification_type="inbox",
            **values,
        )

    def sent_one(self, **values):
        """Issue and send one reminder; return it, what the server got, and the envelope."""
        server = values.pop("server", {})
        with smtp_inbox(self.env) as inbox:
            inbox.server.write(server)
            self.invoice(self.new_customer("C", "c@odberatel.example", **values), due=10)
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder, inbox.messages[0], inbox.envelopes[0][0]

    # ----------------------------------------------------------------- sender

    def test_rule_19_an_archived_sender_is_replaced_by_the_company_and_noted(self):
        self.level.sender_id = self.alena
        cases = (
            ("archived", {"active": False}, {}),
            ("without an address", {}, {"email": False}),
            ("with a wrong address", {}, {"email": "alena@dopravce"}),
        )
        for name, user_values, partner_values in cases:
            self.alena.write({"active": True, **user_values})
            self.alena.partner_id.write({"email": ALENA, **partner_values})
            with self.subTest(name):
                reminder, message, envelope = self.sent_one()
                self.assertIn(COMPANY, message["From"])
                self.assertIn(COMPANY, message["Reply-To"])
                self.assertEqual(envelope, COMPANY)
                self.assertIn("The sender Alena Procházková is archived", reminder.note)
                bodies = [b for b in reminder.message_ids.mapped("body") if "is archived" in b]
                self.assertEqual(len(bodies), 1)

    def test_rule_19_the_note_is_written_once_for_many_attempts(self):
        self.level.sender_id = self.alena
        self.alena.active = False
        self.invoice(due=10)
        with smtp_inbox(self.env, {ADDRESS: "451 Later"}):
            reminder = self.generate()
            for hour in (9, 10, 12):
                self.send(hour=hour)
        self.assertEqual(len(reminder.delivery_ids), 4)
        self.assertEqual(len(reminder.note.splitlines()), 1)
        bodies = [b for b in reminder.message_ids.mapped("body") if "is archived" in b]
        self.assertEqual(len(bodies), 1)

    def test_rule_19_a_working_sender_needs_no_note(self):
        self.rule.sender_id = self.alena
        self.alena.email = f"{ALENA}; asistentka@dopravce.example"
        reminder, message, _envelope = self.sent_one()
        self.assertIn(ALENA, message["From"])
        self.assertFalse(reminder.note)

    # ------------------------------------------- From, envelope and Reply-To

    def test_rule_19_what_goes_out(self):
        self.level.sender_id = self.alena
        own = "notifications@odoo.dopravce.example"
        bounce = "bounce@odoo.dopravce.example"
        cases = (
            # alias domain, the server's from_filter, From, envelope
            (False, False, ALENA, ALENA),
            (False, "dopravce.example", ALENA, ALENA),
            # Nothing better is known: Odoo takes the server all the same.
            (False, "jinde.example", ALENA, ALENA),
            (True, "dopravce.example", ALENA, ALENA),
            (True, "dopravce.example,odoo.dopravce.example", ALENA, bounce),
            # Encapsulated: the sender's name, an address that the server may use.
            (True, "odoo.dopravce.example", own, bounce),
            (True, own, own, own),
        )
        for alias, from_filter, sender, envelope in cases:
            with self.subTest(alias=alias, from_filter=from_filter):
                self.company.alias_domain_id = alias and self.alias_domain
                reminder, message, sent_from = self.sent_one(server={"from_filter": from_filter})
                self.assertEqual(message["From"].addresses[0].addr_spec, sender)
                self.assertEqual(message["From"].addresses[0].display_name, "Alena Procházková")
                self.assertEqual(sent_from, envelope)
                reply_to = message["Reply-To"].addresses[0]
                expected = "catchall@odoo.dopravce.example" if alias else ALENA
                self.assertEqual(reply_to.addr_spec, expected)
                self.assertEqual(reply_to.display_name, "Alena Procházková")
                kept = reminder.delivery_ids.mail_message_id
                self.assertIn(ALENA, kept.email_from)
                self.assertIn(expected, kept.reply_to)
                self.check_previewed(from_filter, sender)
                self.check_told(
                    from_filter, f"of {ALENA} leave from {own}" if sender == own else None
                )

    def check_previewed(self, from_filter, sender):
        """The preview of the level names the address that mails arrive from."""
        with smtp_inbox(self.env) as inbox, self.enter_registry_test_mode(), self.on(TODAY):
            inbox.server.from_filter = from_filter
            self.env.flush_all()  # the preview is made in a transaction of its own
            page = self.env["upominky.level.preview"].browse(self.level.action_preview()["res_id"])
            self.assertEqual(parseaddr(page.email_from), ("Alena Procházková", sender))

    def check_told(self, from_filter, sentence):
        """The readiness page tells of a sender whose address is not kept, and of no other."""
        page = self.env["upominky.readiness"].new({"company_id": self.company.id})
        with smtp_inbox(self.env) as inbox:
            inbox.server.from_filter = from_filter
            state, text = page._check_server()
        self.assertEqual(state, "note" if sentence else "done", text)
        if sentence:
            self.assertIn(sentence, text)
            self.assertIn("Enter dopravce.example under", text)

    def test_rule_19_reply_to_names_the_sender_or_nobody(self):
        self.company.alias_domain_id = self.alias_domain
        self.level.sender_id = self.alena
        self.alena.name = "Alena Procházková, vedoucí oddělení správy pohledávek a inkasa"
        _reminder, message, _envelope = self.sent_one()
        (reply_to,) = message["Reply-To"].addresses
        self.assertEqual(reply_to.addr_spec, "catchall@odoo.dopravce.example")
        self.assertFalse(reply_to.display_name)

    # ------------------------------------------------------------ responsible

    def test_rule_19_responsible_is_the_sender_else_the_salesperson(self):
        rules, sales = (
            self.new_user("rules", "r@x.example", "R"),
            self.new_user("sales", "s@x.example", "S"),
        )
        archived = self.new_user("gone", "g@x.example", "G", active=False)
        none = self.env["res.users"]
        for level, rule, salesperson, expected in (
            (self.alena, rules, sales, self.alena),
            (none, rules, sales, rules),
            (none, none, sales, sales),
            (archived, none, sales, sales),
            (none, none, archived, none),
            (none, none, none, none),
        ):
            with self.subTest(level=level.name, rule=rule.name, salesperson=salesperson.name):
                self.level.sender_id, self.rule.sender_id = level, rule
                customer = self.new_customer("C", "c@x.example", user_id=salesperson.id)
                self.invoice(customer, due=10)
                self.assertEqual(self.generate().user_id, expected)

    # ---------------------------------------------------------------- replies

    def reply(self, message, **headers):
        """Feed the customer's reply to a message, as a mail server would."""
        reply = EmailMessage()
        reply["From"] = f"Odběratel <{headers.pop('sender', ADDRESS)}>"
        reply["To"] = message["Reply-To"]
        reply["Subject"] = f"Re: {message['Subject']}"
        reply["Message-ID"] = headers.pop("message_id", "<reply@odberatel.example>")
        reply["In-Reply-To"] = message["Message-ID"]
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        reply.set_content("Zaplatíme příští týden.")
        with self.on(TODAY, 11):
            return self.env["mail.thread"].sudo().message_process(False, reply.as_bytes())

    def sent_to_customer(self):
        self.company.alias_domain_id = self.alias_domain
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        return reminder, inbox.messages[0]

    def test_rule_19_a_reply_comes_back_and_tells_the_responsible_user(self):
        self.level.sender_id = self.alena
        reminder, message = self.sent_to_customer()
        self.assertFalse(reminder.message_partner_ids)  # nobody is told of what goes out
        self.assertEqual(self.reply(message), reminder.id)
        posted = reminder.message_ids[0]
        self.assertIn("Zaplatíme příští týden.", posted.body)
        self.assertEqual(posted.author_id, self.customer)
        self.assertIn(self.alena.partner_id, posted.notified_partner_ids)
        activity = reminder.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.alena, "Customer replied"))
        self.reply(message, message_id="<second@odberatel.example>")
        self.assertEqual(len(reminder.activity_ids), 1)
        self.assertIn(self.alena.partner_id, reminder.message_ids[0].notified_partner_ids)
        self.assertEqual(reminder.state, "sent")

    def test_rule_19_a_reply_to_a_user_without_rights_still_notifies(self):
        seller = self.new_user(
            "seller", "seller@dopravce.example", "Seller", groups="base.group_user"
        )
        self.customer.user_id = seller
        reminder, message = self.sent_to_customer()
        self.reply(message)
        self.assertIn(seller.partner_id, reminder.message_ids[0].notified_partner_ids)
        self.assertFalse(reminder.activity_ids)

    def test_rule_19_whoever_is_away_gives_nobody_a_task(self):
        self.level.sender_id = self.alena
        reminder, message = self.sent_to_customer()
        self.assertEqual(self.reply(message, Auto_Submitted="auto-replied"), reminder.id)
        self.assertIn("Zaplatíme", reminder.message_ids[0].body)
        self.assertFalse(reminder.activity_ids)
        self.reply(message, message_id="<person@odberatel.example>", Auto_Submitted="no")
        self.assertEqual(reminder.activity_ids.user_id, self.alena)

    def test_rule_19_a_reply_without_a_responsible_user_is_kept(self):
        reminder, message = self.sent_to_customer()
        self.assertEqual(self.reply(message), reminder.id)
        self.assertIn("Zaplatíme", reminder.message_ids[0].body)
        self.assertFalse(reminder.activity_ids)

    def test_rule_19_a_colleagues_mail_is_no_reply_of_the_customer(self):
        self.level.sender_id = self.alena
        reminder, message = self.sent_to_customer()
        self.reply(message, sender=ALENA)
        self.assertFalse(reminder.activity_ids)
