"""SPEC rule 44: a manager releases one order with a reason, and managers switch the stop on."""

from html import unescape

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .stop_case import StopCase

REASON = "Paid by phone, known for years"


@tagged("post_install", "-at_install", "upominky_addon")
class TestStopRelease(StopCase):
    def setUp(self):
        super().setUp()
        self.order = self.quotation()

    def release(self, order=None, reason=REASON):
        return self.by(self.chief, order or self.order).action_upominky_release(reason)

    def test_rule_44_a_released_order_is_confirmed_by_who_sells_it(self):
        self.release()
        mine = self.by(self.seller, self.order)
        self.assertEqual(mine.upominky_stop, "released")
        mine.action_confirm()
        self.assertEqual(mine.state, "sale")
        self.assertIn("Confirmed because a manager", self.history(mine))

    def test_rule_44_the_history_tells_who_when_and_why(self):
        self.release()
        note = self.order.sudo().message_ids[:1]
        self.assertIn(REASON, note.body)
        self.assertIn(self.czk.format(1000.0), unescape(str(note.body)))
        self.assertEqual(note.author_id, self.chief.partner_id)
        self.assertTrue(note.is_internal)
        release = self.order.upominky_release_id
        self.assertEqual((release.user_id, release.reason), (self.chief, REASON))
        self.assertEqual(release.date, self.now())

    def test_rule_44_it_holds_for_that_order_alone(self):
        self.release()
        others = self.quotation() | self.order.copy()
        self.assertEqual(others.mapped("upominky_stop"), ["block", "block"])
        forged = self.quotation()
        forged.upominky_release_id = self.order.upominky_release_id
        self.assertEqual(self.by(self.seller, forged).upominky_stop, "block")

    def test_rule_44_it_is_void_when_the_order_grows_or_is_for_somebody_else(self):
        other = self.new_customer("Jiná s.r.o.")
        self.owes(other, days=10)
        self.generate()
        for name, change, left in (
            ("less", {"price_unit": 900}, "released"),
            ("the same", {"price_unit": 1000}, "released"),
            ("more", {"price_unit": 1000.01}, "block"),
            ("a large number", {"product_uom_qty": 100, "price_unit": 1000}, "block"),
        ):
            order = self.quotation()
            self.release(order)
            order.order_line.write(change)
            with self.subTest(name):
                self.assertEqual(self.by(self.seller, order).upominky_stop, left)
        for name, value in (
            ("partner_id", other),
            ("partner_invoice_id", other),
            ("currency_id", self.eur),  # the same number is more money
        ):
            order = self.quotation()
            self.release(order)
            order.write({name: value.id})
            with self.subTest(name):
                self.assertEqual(self.by(self.seller, order).upominky_stop, "block")
                self.assertIn("void", order.upominky_stop_text)

    def test_rule_44_a_void_release_does_not_confirm_and_a_new_one_does(self):
        self.release()
        self.order.order_line.price_unit = 2000
        with self.refused(UserError, "cannot be confirmed"):
            self.by(self.seller, self.order).action_confirm()
        self.release()
        self.by(self.seller, self.order).action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_rule_44_it_is_void_in_another_company(self):
        other = self.env["res.company"].create({"name": "Cizí firma a.s."})
        self.release()
        # sudo: nobody changes a release; here it is as if the order had been another company's.
        self.order.sudo().upominky_release_id.company_id = other
        self.assertEqual(self.by(self.seller, self.order).upominky_stop, "block")

    def test_rule_44_it_lets_the_order_be_confirmed_once(self):
        self.release()
        release = self.order.upominky_release_id
        self.assertFalse(release.used_on)
        self.by(self.seller, self.order).action_confirm()
        self.assertEqual(release.used_on, self.now())
        self.order._action_cancel()
        self.order.action_draft()
        again = self.by(self.seller, self.order)
        self.assertEqual(again.upominky_stop, "block")
        self.assertIn("needs another release", again.upominky_stop_text)
        self.order.write({"upominky_release_id": release.id})  # not by taking the old one again
        with self.refused(UserError, "cannot be confirmed"):
            self.by(self.seller, self.order).action_confirm()
        self.release(reason="Known well")
        self.by(self.seller, self.order).action_confirm()
        self.assertEqual((self.order.state, release.reason), ("sale", REASON))

    def test_rule_44_an_older_release_of_the_order_serves_nobody(self):
        self.release()
        first = self.order.upominky_release_id
        self.order.order_line.price_unit = 1200
        self.release()
        self.by(self.seller, self.order).action_confirm()
        self.order._action_cancel()
        self.order.action_draft()
        self.order.order_line.price_unit = 1000
        self.order.write({"upominky_release_id": first.id})
        with self.refused(UserError, "cannot be confirmed"):
            self.by(self.seller, self.order).action_confirm()

    def test_rule_44_what_was_shown_is_released_and_no_more(self):
        action = self.by(self.chief, self.order).action_upominky_ask_release()
        dialog = (
            self.env["upominky.release"].with_user(self.chief).with_context(**action["context"])
        )
        for name, change in (
            ("more", lambda order: order.order_line.write({"price_unit": 50_000})),
            ("another payer", lambda order: order.write(
                {"partner_invoice_id": self.new_customer("Plátce").id})),
        ):  # fmt: skip
            with self.subTest(name):
                asked = dialog.create({"reason": REASON})
                change(self.order)
                with self.refused(UserError, "has changed since"):
                    asked.action_confirm()
                self.assertFalse(self.order.upominky_release_id)

    def test_rule_44_customers_read_nothing_of_it(self):
        customer = new_test_user(
            self.env, "portal_of_it", "base.group_portal", partner_id=self.customer.id
        )
        self.release()
        self.by(self.seller, self.order).action_confirm()
        self.assertTrue(self.order.with_user(customer).read(["name"]))
        notes = self.order.sudo().message_ids.filtered(lambda note: "owes" in str(note.body))
        self.assertEqual(len(notes), 2)
        for note in notes:
            with self.refused(AccessError, "."):
                note.with_user(customer).read(["body"])

    def test_rule_44_a_refused_confirmation_uses_no_release_up(self):
        self.release()
        other = self.quotation()
        with self.refused(UserError, "cannot be confirmed"):
            self.by(self.seller, self.order | other).action_confirm()
        self.assertFalse(self.order.upominky_release_id.used_on)

    def test_rule_44_a_released_order_is_not_asked_about(self):
        self.company.upominky_stop = "warn"
        self.release()
        self.by(self.seller, self.order).with_context(upominky_ask=True).action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_rule_44_managers_alone_release(self):
        for user in (self.seller, self.clerk):
            with self.subTest(user.login):
                with self.refused(AccessError, "manager"):
                    self.by(user, self.order).action_upominky_release(REASON)
                with self.refused(AccessError, "manager"):
                    self.by(user, self.order).action_upominky_ask_release()
        with self.assertRaises(AccessError):
            self.by(self.env.ref("base.public_user"), self.order).action_upominky_release(REASON)
        self.assertFalse(self.order.upominky_release_id)

    def test_rule_44_a_manager_of_another_company_releases_nothing(self):
        other = self.env["res.company"].create({"name": "Cizí firma a.s."})
        stranger = self.person("stranger", "upominky_addon.group_manager", other)
        with self.assertRaises(AccessError):
            self.by(stranger, self.order).action_upominky_release(REASON)
        self.release()
        with self.assertRaises(AccessError):
            self.by(stranger, self.order.upominky_release_id).read(["reason"])

    def test_rule_44_nobody_writes_a_release_without_the_button(self):
        self.release()
        values = {
            "order_id": self.order.id,
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "payer_id": self.customer.id,
            "currency_id": self.czk.id,
            "amount": 10**6,
            "user_id": self.chief.id,
            "date": self.now(),
            "reason": "x",
        }
        for user in (self.seller, self.clerk, self.chief):
            rows = self.by(user, self.order.upominky_release_id)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    rows.create(values)
                with self.assertRaises(AccessError):
                    rows.write({"amount": 10**6})
                with self.assertRaises(AccessError):
                    rows.unlink()
        self.assertEqual(self.by(self.clerk, self.order.upominky_release_id).reason, REASON)
        with self.assertRaises(AccessError):
            self.by(self.seller, self.order.upominky_release_id).read(["reason"])

    def test_rule_44_a_reason_is_needed_and_kept_as_one_line_of_text(self):
        for reason in (None, "", "  \n ", False):
            with self.subTest(reason), self.refused(UserError, "Say why"):
                self.release(reason=reason)
        self.release(reason="<html>" + "x" * 60_000 + "\0")
        self.assertLessEqual(len(self.order.upominky_release_id.reason), 500)
        self.assertIn("&lt;html&gt;x", self.history(self.order))

    def test_rule_44_what_is_not_stopped_is_not_released(self):
        free = self.quotation(self.new_customer("Jiná s.r.o."))
        self.release()
        confirmed = self.order
        confirmed.action_confirm()
        for order in (free, confirmed):
            with self.subTest(order.state), self.refused(UserError, "is not stopped"):
                self.release(order)

    def test_rule_44_the_dialog_asks_and_releases(self):
        action = self.by(self.chief, self.order).action_upominky_ask_release()
        dialog = (
            self.env["upominky.release"].with_user(self.chief).with_context(**action["context"])
        )
        with self.refused(ValidationError, "is missing"):
            dialog.create({"reason": "  "})
        asked = dialog.create({"reason": REASON})
        self.assertEqual((asked.order_id, asked.amount), (self.order, 1000.0))
        self.assertIn("owes", asked.owed)
        asked.action_confirm()
        self.assertEqual(self.by(self.seller, self.order).upominky_stop, "released")

    # ------------------------------------------------------------- settings

    def opened(self, user):
        pages = self.env["upominky.settings"].with_user(user)
        return pages.browse(pages.action_open()["res_id"])

    def test_rule_44_managers_switch_it_on_in_the_settings_of_reminders(self):
        page = self.opened(self.chief)
        self.assertEqual((page.stop, page.stop_level), ("block", 1))
        page.write({"stop": "warn", "stop_level": 2})
        self.assertEqual(
            (self.company.upominky_stop, self.company.upominky_stop_level), ("warn", 2)
        )
        for level in (0, -1):
            with self.subTest(level), self.refused(ValidationError, "Enter 1"):
                page.write({"stop_level": level})
        with self.assertRaises(AccessError):
            self.opened(self.clerk)

    def test_rule_44_the_page_of_settings_shows_it(self):
        view = self.env.ref("upominky_addon.view_upominky_settings_form")
        arch = self.env["upominky.settings"].get_view(view.id, "form")["arch"]
        for name in ("stop", "stop_level"):
            self.assertIn(f'name="{name}"', arch)
