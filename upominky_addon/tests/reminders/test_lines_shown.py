"""Rules 17 and 26: what lists of a reminder's lines show, on the reminder and on the invoice."""

from types import SimpleNamespace

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import UpominkyCommon, smtp_inbox

PLACES = (
    ("upominky_addon.view_upominky_reminder_form", "upominky.reminder", "line_ids"),
    ("upominky_addon.view_move_upominky_form", "account.move", "upominky_line_ids"),
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestLinesShown(UpominkyCommon):
    def shown(self, view, model, lines, name):
        """Yield the nodes of a field in the lists of lines on a form."""
        view = self.env.ref(view)
        arch = etree.fromstring(self.env[model].get_view(view.id, "form")["arch"])
        yield from arch.iterfind(f".//field[@name='{lines}']/*//field[@name='{name}']")

    def test_rule_17_what_was_paid_or_dropped_out_shows_no_amount_left(self):
        for view, model, lines in PLACES:
            found = list(self.shown(view, model, lines, "amount_due"))
            self.assertTrue(found)
            for node in found:
                for state, hidden in (("open", False), ("paid", True), ("dropped", True)):
                    with self.subTest(model, list=node.getparent().tag, state=state):
                        condition = node.get("invisible", "False")
                        self.assertEqual(safe_eval(condition, {"state": state}), hidden)
            with self.subTest(model, reads="state"):
                self.assertTrue(list(self.shown(view, model, lines, "state")))

    def test_rule_24_a_list_of_unpaid_invoices_raises_no_level_and_shows_none(self):
        (node,) = self.shown(*PLACES[0], "level_order")
        title = self.env["upominky.reminder"].new({"event": "resend"}).event_title
        self.assertTrue(title)
        for told, hidden in ((title, True), (False, False)):
            parent = SimpleNamespace(event_title=told)
            asked = node.get("column_invisible")
            self.assertEqual(bool(safe_eval(asked, {"parent": parent})), hidden)
        row, card = self.shown(*PLACES[1], "level_order")
        self.assertEqual(row.get("widget"), "upominky_level", "it shows the title instead")
        lines = self.env["upominky.reminder.line"]
        for event, hidden in (
            ("resend", True),
            ("notice", True),
            ("thanks", True),
            ("issue", False),
        ):
            reminder = self.env["upominky.reminder"].new({"event": event})
            shown = {"event_title": lines.new({"reminder_id": reminder.id}).event_title}
            condition = card.getparent().get("invisible")
            self.assertEqual(bool(safe_eval(condition, shown)), hidden)

    def test_rule_22_only_where_retry_is_offered_nothing_tells_that_it_is_not(self):
        view = self.env.ref("upominky_addon.view_upominky_delivery_form")
        arch = etree.fromstring(self.env["upominky.delivery"].get_view(view.id, "form")["arch"])
        (button,) = arch.iterfind(".//button[@name='action_retry']")
        (told,) = arch.iterfind(".//sheet/p")
        for state, reminder_state, shown in (
            ("failed", "failed", button),
            ("bounced", "sent", told),
            ("failed", "sent", told),
            ("sent", "sent", None),
            ("failed", "cancelled", None),
        ):
            values = {"state": state, "reminder_state": reminder_state}
            for node in (button, told):
                with self.subTest(node.tag, **values):
                    hidden = safe_eval(node.get("invisible"), values)
                    self.assertEqual(not hidden, node is shown)

    def test_rule_26_the_invoice_says_why_its_reminder_was_cancelled_or_failed(self):
        for happens, told in (
            (lambda r: r.action_cancel("Paid in cash."), "Paid in cash."),
            (lambda r: r.action_cancel(), "Cancelled by"),
            (self.hold, "On hold"),
            (self.refuse, "550 Unknown user"),
        ):
            with self.subTest(told), self.env.cr.savepoint() as savepoint:
                move = self.invoice(due=10)
                happens(self.generate())
                self.env.invalidate_all()
                self.assertIn(told, move.upominky_line_ids.reason_text)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(list(self.shown(*PLACES[1], "reason_text")))

    def hold(self, reminder):
        reminder.line_ids.move_id.upominky_hold_reason = "dispute"
        with smtp_inbox(self.env):
            self.send()

    def refuse(self, _reminder):
        with smtp_inbox(self.env, {self.customer.email: "550 Unknown user"}):
            self.send()
