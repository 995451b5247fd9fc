"""SPEC rule 20: words for one invoice and for several, what a payment carries, plain text."""

from odoo import Command
from odoo.tests import new_test_user

from ..common import UpominkyCommon, smtp_inbox

#: By level: subject and body say these of one invoice, and the others of several.
ONE = ("unpaid invoice of", "the invoice below is past its due date", "about the invoice not right")
SEVERAL = (
    "unpaid invoices of",
    "the invoices below are past their due date",
    "about one of the invoices not right",
)


class TestNumberForms(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.template = cls.level.mail_template_id

    def arrived(self):
        """Issue and mail one reminder; return subject, HTML and text of it in one."""
        with smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)
        html = " ".join(inbox.html().split())
        return "\n".join([inbox.messages[0]["Subject"], html, inbox.text()])

    def test_rule_20_one_invoice_is_not_called_invoices(self):
        self.invoice(due=10)
        text = self.arrived()
        for one, several in zip(ONE, SEVERAL, strict=True):
            self.assertIn(one, text)
            self.assertNotIn(several, text)

    def test_rule_20_several_invoices_are_not_called_an_invoice(self):
        self.invoice(due=10)
        self.invoice(due=9)
        text = self.arrived()
        for one, several in zip(ONE, SEVERAL, strict=True):
            self.assertIn(several, text)
            self.assertNotIn(one, text)

    def test_rule_20_no_default_text_shows_a_form_that_was_not_chosen(self):
        templates = self.rule.level_ids.mail_template_id | self.env.ref(
            "upominky_addon.mail_template_resend"
        )
        self.assertEqual(len(templates), 5)
        self.invoice(due=10)
        reminder = self.generate()
        for template in templates:
            for name in ("subject", "body_html"):
                with self.subTest(template=template.name, field=name):
                    text = template._render_field(name, reminder.ids)[reminder.id]
                    self.assertNotRegex(str(text), r"[{}|]|invoices")

    def test_rule_01_instalments_are_of_one_invoice(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 1)
                ],
            }
        )
        move = self.invoice(due=10, invoice_payment_term_id=terms.id)
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, move)
        self.assertTrue(reminder._is_of_one_invoice())

    def test_rule_20_each_of_a_batch_gets_its_own_form(self):
        self.template.subject = "{{ object.partner_id.name }}: {one|several}"
        other = self.new_customer("Other", "other@other.example")
        self.invoice(due=10)
        for days in (10, 9):
            self.invoice(other, due=days)
        reminders = self.generate()
        subjects = {subject for subject, _body in reminders._render().values()}
        self.assertEqual(subjects, {f"{self.customer.name}: one", "Other: several"})

    def test_rule_20_what_a_placeholder_puts_in_stays_as_it_is(self):
        name = "{one|several} & co"
        self.customer.name = name
        self.template.subject = "{{ object.customer_name }}, {invoice|invoices}"
        self.template.body_html = '<p>{It|They}: <t t-out="object.customer_name"/></p>'
        self.invoice(due=10)
        text = self.arrived()
        self.assertIn(f"{name}, invoice\n", text)
        self.assertIn("<p>It: {one|several} &amp; co</p>", text)

    def test_rule_20_managers_write_both_forms(self):
        manager = new_test_user(
            self.env,
            "manager@dopravce.example",
            "base.group_user,upominky_addon.group_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        mine = self.template.with_user(manager)
        mine.body_html = '<p>{It is|They are} due.</p><t t-out="object.invoice_table"/>'
        self.invoice(due=10)
        self.assertIn("It is due.", self.arrived())

    # ------------------------------------------------- what a payment carries

    def test_what_is_no_variable_symbol_is_a_message_for_the_recipient(self):
        for reference, shown, text in (
            ("20260177", "Variable symbol: 20260177", "variable symbol 20260177, due"),
            ("A 1", "Message for the recipient: A 1", "message for the recipient: A 1, due"),
        ):
            with self.subTest(reference):
                customer = self.new_customer(reference, "x@x.example")
                move = self.invoice(customer, due=10, payment_reference=reference)
                arrived = self.arrived()
                self.assertIn(shown, arrived)
                self.assertIn(f"- {move.name}, {text}", arrived)

    def test_the_number_of_the_invoice_is_not_repeated_as_a_message(self):
        move = self.invoice(due=10)
        self.assertEqual(move.payment_reference, move.name)
        text = self.arrived()
        self.assertEqual(text.count(move.name), 2)  # the HTML and the text, once each
        for words in ("ariable symbol", "essage for the recipient"):
            self.assertNotIn(words, text)

    def test_templates_know_both(self):
        self.level.text_template = (
            "{% for line in currencies[0].lines %}"
            "{{ line.variable_symbol or '-' }}/{{ line.payment_message or '-' }};{% endfor %}"
        )
        for days, reference in ((10, "20260177"), (9, "A 1")):
            self.invoice(due=days, payment_reference=reference)
        self.assertIn("20260177/-;-/A 1;", self.arrived())

    # ------------------------------------------------------------- plain text

    def test_a_blank_line_lies_between_paragraphs_and_no_second_one(self):
        self.template.body_html = (
            "<p>Hello,</p><p>please pay:</p><p><br/></p>"
            '<t t-out="object.invoice_table"/><p>Regards<br/>Us</p>'
        )
        self.invoice(due=10)
        reminder = self.generate()
        ((_subject, body),) = reminder._render().values()
        text = reminder._default_text(body)
        self.assertTrue(text.startswith("Hello,\n\nplease pay:\n\n- "), text)
        self.assertIn("\n\nRegards\nUs\n\n-- \n", text)
        self.assertNotIn("\n\n\n", text)
