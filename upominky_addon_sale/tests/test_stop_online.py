"""SPEC rule 44: customers who sign or pay online, and whose money is never lost for it."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .stop_case import StopCase

#: A picture of one dot.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
WANTED = "The customer wants this order, and it is stopped"


class OnlineCase(StopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # sudo: providers of payments are the administrators'.
        cls.provider = cls.env["payment.provider"].sudo().create({"name": "Brána", "code": "none"})
        cls.method = cls.env.ref("payment.payment_method_unknown")

    def pay_online(self, order, amount, state="done"):
        # sudo: as Odoo's payments do for whoever pays.
        return (
            order.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "reference": f"stop-{order.id}-{amount}",
                    "operation": "online_redirect",
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": state,
                }
            )
        )

    def todos(self, order):
        # sudo: to-dos are their users'; all of them are counted.
        return order.sudo().activity_ids.filtered(lambda todo: todo.summary == WANTED)


@tagged("post_install", "-at_install", "upominky_addon")
class TestStopPaid(OnlineCase):
    def post_process(self, transaction):
        """Have Odoo deal with what was paid; return the payments that it booked for it."""
        booked = []
        Transaction = type(self.env["payment.transaction"])

        def book(tx, **_values):
            booked.append(tx)
            return tx.env["account.payment"]

        thanks = patch.object(
            type(self.env["sale.order"]), "_send_order_notification_mail", lambda *_arguments: None
        )
        with patch.object(Transaction, "_create_payment", book), thanks:
            transaction._post_process()
        return booked

    def test_rule_44_a_deposit_is_booked_and_the_order_waits(self):
        order = self.quotation(require_payment=True, prepayment_percent=0.3)
        transaction = self.pay_online(order, 300.0)
        self.assertEqual(self.post_process(transaction), [transaction])
        self.assertTrue(transaction.is_post_processed)
        self.assertIn(order.state, ("draft", "sent"))
        todo = self.todos(order)
        self.assertEqual(todo.user_id, self.seller)
        self.assertNotIn("12,100", todo.note, "done, it is a message that customers may read")

    def test_rule_44_once_released_it_is_confirmed(self):
        order = self.quotation(require_payment=True, prepayment_percent=0.3)
        self.post_process(self.pay_online(order, 300.0))
        self.by(self.chief, order).action_upominky_release("Deposit paid")
        self.by(self.seller, order).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_rule_44_two_deposits_are_one_to_do(self):
        order = self.quotation(require_payment=True, prepayment_percent=0.3)
        self.post_process(self.pay_online(order, 300.0))
        self.post_process(self.pay_online(order, 301.0))
        self.assertEqual(len(self.todos(order)), 1)

    def test_rule_44_what_is_paid_in_full_is_confirmed(self):
        order = self.quotation(require_payment=True, prepayment_percent=1.0)
        self.assertEqual(len(self.post_process(self.pay_online(order, 1000.0))), 1)
        self.assertEqual(order.state, "sale")
        self.assertIn("paid in full", self.history(order))
        self.assertFalse(self.todos(order))

    def test_rule_44_a_deposit_of_who_owes_nothing_confirms_as_ever(self):
        order = self.quotation(
            self.new_customer("Jiná s.r.o."), require_payment=True, prepayment_percent=0.3
        )
        self.post_process(self.pay_online(order, 300.0))
        self.assertEqual(order.state, "sale")

    def test_rule_44_where_orders_warn_a_deposit_confirms_and_the_history_tells(self):
        self.company.upominky_stop = "warn"
        order = self.quotation(require_payment=True, prepayment_percent=0.3)
        self.post_process(self.pay_online(order, 300.0))
        self.assertEqual(order.state, "sale")
        self.assertIn("Confirmed all the same", self.history(order))

    def test_rule_44_whichever_page_it_is_paid_on_what_would_confirm_nothing_is_refused(self):
        """The checkout of a shop and links to pay make their payments as the portal does."""
        public = self.env.ref("base.public_user")
        order = self.by(public, self.quotation(require_payment=True, prepayment_percent=0.3))
        free = self.by(public, self.quotation(self.new_customer("Jiná s.r.o.")))
        with self.refused(UserError, "get in touch with us") as caught:
            self.pay_online(order.sudo(), 300.0, state="draft")
        self.assertNotIn("owes", str(caught.exception))
        on_delivery = patch.object(
            type(self.env["payment.transaction"]), "_upominky_pays_ahead", lambda _tx: False
        )
        with on_delivery, self.refused(UserError, "get in touch with us"):
            self.pay_online(order.sudo(), 1000.0, state="draft")
        for mine, amount in ((order, 1000.0), (free, 300.0)):
            self.assertTrue(self.pay_online(mine.sudo(), amount, state="draft"))

    def test_rule_44_without_a_salesperson_who_is_responsible_for_reminders_is_told(self):
        self.seller.active = False
        order = self.quotation(require_payment=True, prepayment_percent=0.3)
        self.post_process(self.pay_online(order, 300.0))
        self.assertEqual(self.todos(order).user_id, self.company._upominky_responsible())


@tagged("post_install", "-at_install", "upominky_addon")
class TestStopPortal(OnlineCase, HttpCase):
    frozen = False

    def ask(self, order, what, **params):
        """Call the portal without a login, with the token of the order."""
        params["access_token"] = order._portal_ensure_token()
        self.env.flush_all()
        self.authenticate(None, None)
        return self.make_jsonrpc_request(f"/my/orders/{order.id}/{what}", params, timeout=60)

    def sign(self, order):
        return self.ask(order, "accept", name="Jana", signature=SIGNATURE)

    def online(self, partner=None, **values):
        tomorrow = self.day + timedelta(days=1)
        values = {"require_signature": True, "require_payment": False, **values}
        return self.quotation(partner, validity_date=tomorrow, **values)

    def test_rule_44_a_signature_is_refused_in_neutral_words_and_a_colleague_is_told(self):
        order = self.online()
        for _time in range(2):
            answer = self.sign(order)
            self.assertEqual(list(answer), ["error"])
            self.assertIn("get in touch with us", answer["error"])
        self.env.invalidate_all()
        self.assertFalse(order.signature)
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.todos(order).user_id, self.seller)

    def test_rule_44_who_owes_nothing_signs_as_ever(self):
        order = self.online(self.new_customer("Jiná s.r.o.", "jina@x.example"))
        reports, orders = type(self.env["ir.actions.report"]), type(order)
        pdf = patch.object(reports, "_render_qweb_pdf", lambda *_any, **_more: (b"%PDF", "pdf"))
        with pdf, patch.object(orders, "_send_order_notification_mail", lambda *_any: None):
            self.assertTrue(self.sign(order)["force_refresh"])
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")

    def pay(self, order, amount):
        return self.ask(
            order,
            "transaction",
            provider_id=self.provider.id,
            payment_method_id=self.method.id,
            token_id=None,
            amount=amount,
            flow="redirect",
            tokenization_requested=False,
            landing_route="/my",
        )

    def test_rule_44_a_deposit_that_would_confirm_nothing_is_not_taken(self):
        order = self.online(require_signature=False, require_payment=True, prepayment_percent=0.3)
        for amount in (300.0, 999.99, None):
            with self.subTest(amount), mute_logger("odoo.http", "odoo.sql_db"):
                with self.assertRaises(JsonRpcException) as caught:
                    self.pay(order, amount)
                self.assertIn("UserError" if amount else "Error", str(caught.exception))
        self.env.invalidate_all()
        self.assertFalse(order.sudo().transaction_ids)

    def test_rule_44_what_is_paid_in_full_is_taken(self):
        order = self.online(require_signature=False, require_payment=True, prepayment_percent=0.3)
        self.pay(order, 1000.0)
        self.env.invalidate_all()
        self.assertEqual(order.sudo().transaction_ids.mapped("amount"), [1000.0])

    def test_rule_44_without_the_token_nothing_is_told(self):
        order = self.online()
        self.env.flush_all()
        self.authenticate(None, None)
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": "made up", "name": "Jana", "signature": SIGNATURE},
            timeout=60,
        )
        self.assertEqual(answer, {"error": "Invalid order."})
        self.assertFalse(self.todos(order))
