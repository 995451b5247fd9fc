"""SPEC rule 44: orders of customers who owe overdue reminded invoices warn, or are refused."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command, sql_db
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.upominky_addon.models.base.dates import day_text
from odoo.addons.upominky_addon.tests.common import TODAY

from .stop_case import StopCase

REFUSED = "cannot be confirmed"


@tagged("post_install", "-at_install", "upominky_addon")
class TestStop(StopCase):
    # ----------------------------------------------------------- the banner

    def test_rule_44_it_is_off_until_a_company_switches_it_on(self):
        fresh = self.env["res.company"].create({"name": "Nová firma"})
        self.assertEqual((fresh.upominky_stop, fresh.upominky_stop_level), ("none", 3))
        self.company.upominky_stop = "none"
        order = self.quotation()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertEqual(order._upominky_stops(), {})
        self.assertEqual(order.upominky_stop, "none")
        self.assertFalse(order.upominky_stop_text)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertNotIn("owes", self.history(order))

    def test_rule_44_the_banner_tells_amounts_by_currency_the_level_and_the_oldest_day(self):
        self.owes(self.customer, days=20, amount=480.0, currency=self.eur)
        self.owes(self.customer, days=8, amount=900.0)
        self.owes(self.customer, days=1, amount=77.0)  # overdue, and not reminded yet
        self.generate()
        text = self.by(self.seller, self.quotation()).upominky_stop_text
        for part in (
            self.customer.name,
            self.czk.format(13000.0),
            self.eur.format(480.0),
            day_text(self.env, TODAY - timedelta(days=20)),
            "number 1",
            "a manager of reminders releases it",
        ):
            self.assertIn(part, text)
        self.assertNotIn(self.debt.name, text)

    def test_rule_44_the_banner_in_czech(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        text = self.quotation().with_context(lang="cs_CZ").upominky_stop_text
        self.assertIn("dluží", text)
        self.assertIn("19. 5. 2026", text)
        self.assertNotIn("owes", text)

    def test_rule_44_only_quotations_have_it(self):
        self.company.upominky_stop = "warn"
        order = self.quotation()
        self.assertEqual(order.upominky_stop, "warn")
        order.action_confirm()
        self.assertEqual(order.upominky_stop, "none")
        cancelled = self.quotation()
        cancelled._action_cancel()
        self.assertFalse(cancelled.upominky_stop_text)

    def test_rule_44_below_the_level_it_is_shown_and_stops_nothing(self):
        self.company.upominky_stop_level = 2
        order = self.quotation()
        self.assertEqual(order.upominky_stop, "show")
        self.assertIn("owes", order.upominky_stop_text)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertNotIn("owes", self.history(order))

    def test_rule_44_from_the_second_reminder_on(self):
        self.company.upominky_stop_level = 2
        later = TODAY + timedelta(days=14)
        self.generate(later)
        self.assertEqual(self.debt.upominky_level, 2)
        with self.on(later):
            order = self.quotation()
            self.assertEqual(order.upominky_stop, "block")
            self.assertIn("number 2", order.upominky_stop_text)

    # ------------------------------------------------------ whose debts, which

    def test_rule_44_what_no_reminder_may_touch_or_nobody_owes_stops_no_order(self):
        yesterday = TODAY - timedelta(days=1)
        cases = {
            "disputed": lambda move: move.write({"upominky_hold_reason": "dispute"}),
            "held until today": lambda move: move.write({"upominky_hold_until": TODAY}),
            "customer held": lambda move: move.partner_id.write({"upominky_hold_until": TODAY}),
            "excluded": lambda move: move.partner_id.write({"upominky_excluded": True}),
            "blocked": lambda move: move.write({"payment_state": "blocked"}),
            "no follow-up": lambda move: move.line_ids.write({"no_followup": True}),
            "paid": self.pay,
            "credited": lambda move: self.credit_note(move.partner_id, 12100.0),
            "not reminded": lambda move: move.upominky_line_ids.sudo().write({"counted": False}),
            "left out by the rule": lambda move: move.write({"ref": "Inkaso"}),
        }
        self.rule.exclude_domain = "[('ref', '=', 'Inkaso')]"
        stopping = {
            "held until yesterday": lambda move: move.write({"upominky_hold_until": yesterday}),
            "paid in part": lambda move: self.pay(move, 100.0),
            "credited in part": lambda move: self.credit_note(move.partner_id, 100.0),
        }
        every = {**cases, **stopping}
        moves = {name: self.owes(self.new_customer(name), days=10) for name in every}
        self.generate()
        for name, act in every.items():
            self.assertEqual(moves[name].upominky_level, 1)
            act(moves[name])
        for name in every:
            with self.subTest(name):
                order = self.quotation(moves[name].partner_id)
                self.assertEqual(order.upominky_stop, "block" if name in stopping else "none")

    def test_rule_44_a_reminder_that_nobody_got_stops_no_order(self):
        self.rule.level_ids.send = True
        for state in ("issued", "to_approve", "failed", "skipped", "sent"):
            with self.subTest(state):
                partner = self.new_customer(state, "who@example.com")
                self.owes(partner, days=10)
                reminder = self.generate().filtered(lambda r, p=partner: r.partner_id == p)
                if state == "skipped":
                    reminder.action_cancel("By mistake", "skip")
                elif state == "sent":
                    reminder.action_mark_sent(TODAY)
                elif state != "issued":
                    reminder.sudo()._set_state(state)
                order = self.quotation(partner)
                self.assertEqual(order.upominky_stop, "block" if state == "sent" else "none")

    def test_rule_44_open_credits_are_deducted_from_what_is_owed(self):
        self.credit_note(self.customer, 100.0)
        self.assertIn(self.czk.format(12000.0), self.quotation().upominky_stop_text)

    def test_rule_44_the_commercial_partner_and_whom_it_is_invoiced_to_count(self):
        buyer = self.new_customer("Jana", is_company=False, parent_id=self.customer.id)
        other = self.new_customer("Jiná s.r.o.")
        self.assertEqual(self.quotation(other).upominky_stop, "none")
        for name, order in {
            "a contact": self.quotation(buyer),
            "who pays owes": self.quotation(other, partner_invoice_id=self.customer.id),
            "who orders owes": self.quotation(partner_invoice_id=other.id),
        }.items():
            with self.subTest(name):
                self.assertEqual(order.upominky_stop, "block")
                self.assertEqual(order.upominky_stop_text.count("owes"), 1)

    def test_rule_44_a_form_without_a_customer_shows_nothing_until_there_is_one(self):
        form = Form(self.env["sale.order"].with_user(self.seller))
        self.assertEqual((form.upominky_stop, form.upominky_stop_text), ("none", False))
        form.partner_id = self.customer
        self.assertEqual(form.upominky_stop, "block")
        self.assertIn("owes", form.upominky_stop_text)

    def test_rule_44_debts_with_another_company_are_neither_told_nor_counted(self):
        self.company.write({"child_ids": [Command.create({"name": "Pobočka Brno"})]})
        branch = self.company.child_ids
        self.env.cr.precommit.run()  # Odoo loads the chart of a branch then
        self.env.user.company_ids |= branch
        branch.write({"upominky_stop": "block", "upominky_stop_level": 1})
        order = self.quotation(company=branch)
        self.assertEqual(order.upominky_stop, "none")
        self.assertFalse(order.upominky_stop_text)
        self.assertEqual(self.quotation().upominky_stop, "block")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    # ----------------------------------------------------------- confirming

    def test_rule_44_confirming_is_refused_with_the_facts_and_what_to_do(self):
        order = self.by(self.seller, self.quotation())
        with self.refused(UserError, REFUSED) as caught:
            order.action_confirm()
        for part in (order.name, self.customer.name, self.czk.format(12100.0), "Release…"):
            self.assertIn(part, str(caught.exception))
        self.assertEqual(order.state, "draft")

    def test_rule_44_of_many_at_once_those_that_are_stopped_are_named(self):
        free = self.quotation(self.new_customer("Jiná s.r.o."))
        stopped = self.quotation()
        with self.refused(UserError, REFUSED) as caught:
            (free | stopped).action_confirm()
        self.assertIn(stopped.name, str(caught.exception))
        self.assertNotIn(free.name, str(caught.exception))
        self.assertIn("None was confirmed", str(caught.exception))
        self.assertEqual((free | stopped).mapped("state"), ["draft", "draft"])
        many = self.env["sale.order"].union(*(self.quotation() for _number in range(12)))
        with self.refused(UserError, "And 2 more orders") as caught:
            many.action_confirm()
        self.assertNotIn("None was confirmed", str(caught.exception))

    def test_rule_44_orders_of_two_companies_at_once(self):
        """One that is stopped stops the others with it, and says so."""
        second = self.env["res.company"].create({"name": "Druhá firma"})
        self.env.user.company_ids |= second
        both = self.quotation() | self.quotation(company=second)
        both = both.with_context(allowed_company_ids=(self.company | second).ids)
        with self.refused(UserError, "None was confirmed") as caught:
            both.action_confirm()
        self.assertIn(both[0].name, str(caught.exception))
        self.assertNotIn(both[1].name, str(caught.exception))
        self.assertEqual(both.mapped("state"), ["draft", "draft"])
        both[1].action_confirm()
        self.assertEqual(both.mapped("state"), ["draft", "sale"])

    def test_rule_44_no_way_around_the_button(self):
        """Neither a call from outside that writes the state, nor an import, nor a new customer."""
        order = self.quotation()
        with self.refused(UserError, REFUSED):
            order.write({"state": "sale"})
        with self.refused(UserError, REFUSED):
            self.quotation(state="sale")
        free = self.quotation(self.new_customer("Jiná s.r.o."))
        with self.refused(UserError, REFUSED):
            free.write({"partner_invoice_id": self.customer.id, "state": "sale"})
        for word in (False, True, "x", {"upominky_ask": 1}):
            with self.refused(UserError, REFUSED):
                order.with_context(upominky_ask=word).action_confirm()
        with self.refused(UserError, REFUSED):
            order.action_upominky_confirm()

    def test_rule_44_an_import_names_what_is_wrong(self):
        row = [str(self.customer.id), str(self.company.id), "sale"]
        result = self.env["sale.order"].load(["partner_id/.id", "company_id/.id", "state"], [row])
        self.assertFalse(result["ids"])
        self.assertTrue(any(REFUSED in found["message"] for found in result["messages"]))

    def test_rule_44_what_was_confirmed_before_stays_as_it_is(self):
        self.company.upominky_stop = "none"
        order = self.quotation()
        order.action_confirm()
        self.company.upominky_stop = "block"
        order.write({"state": "sale", "client_order_ref": "PO 7"})
        order.action_lock()
        self.assertEqual((order.state, order.client_order_ref), ("sale", "PO 7"))

    # -------------------------------------------------------------- warning

    def test_rule_44_a_person_is_asked_and_goes_on_with_one_button(self):
        self.company.upominky_stop = "warn"
        order = self.by(self.seller, self.quotation())
        with self.assertRaises(RedirectWarning) as caught:
            order.with_context(upominky_ask=True).action_confirm()
        message, action, button, context = caught.exception.args
        self.assertIn(self.czk.format(12100.0), message)
        self.assertEqual(button, "Confirm All the Same")
        self.assertEqual((order.state, context["active_ids"]), ("draft", order.ids))
        server = self.env["ir.actions.server"].with_user(self.seller).browse(action)
        result = server.with_context(**context).run()
        self.assertEqual(result["tag"], "soft_reload")
        self.assertEqual(order.state, "sale")
        self.assertIn("Confirmed all the same", self.history(order))
        server.with_context(**context).run()  # pressed twice
        self.assertEqual(self.history(order).count("Confirmed all the same"), 1)

    def test_rule_44_programs_are_not_asked_and_the_history_tells(self):
        self.company.upominky_stop = "warn"
        orders = self.quotation() | self.quotation(self.new_customer("Jiná s.r.o."))
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        owing, free = orders
        self.assertIn("Confirmed all the same", self.history(owing))
        self.assertNotIn("Confirmed all the same", self.history(free))

    def test_rule_44_both_buttons_of_the_form_ask(self):
        form = self.env.ref("sale.view_order_form")
        arch = self.env["sale.order"].get_view(form.id, "form")["arch"]
        self.assertEqual(arch.count("'upominky_ask': True"), 2)

    def test_rule_44_names_are_text_in_the_history(self):
        self.company.upominky_stop = "warn"
        self.customer.name = "<html>Škoda & syn</html>"
        order = self.quotation()
        order.action_confirm()
        self.assertIn("&lt;html&gt;Škoda &amp; syn", self.history(order))

    # --------------------------------------------------------------- rights

    def test_rule_44_who_sees_it_and_who_is_shown_the_invoices(self):
        order = self.quotation()
        portal = new_test_user(self.env, "stop_portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.assertIn("owes", self.by(self.seller, order).upominky_stop_text)
        for name in ("upominky_stop", "upominky_stop_text", "upominky_release_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.by(portal, order).read([name])
        with self.assertRaises(AccessError):
            self.by(self.seller, order).action_upominky_overdue()
        action = self.by(self.clerk, order).action_upominky_overdue()
        self.assertEqual(action["domain"], [("id", "in", self.debt.ids)])

    def test_rule_44_who_may_not_confirm_is_told_nothing_either(self):
        order = self.quotation()
        for login, group in (
            ("employee", "base.group_user"),
            ("reader", "account.group_account_readonly"),
            ("portal", "base.group_portal"),
        ):
            user = self.person(login, group)
            with self.subTest(login), self.assertRaises(AccessError) as caught:
                self.by(user, order).write({"state": "sale"})
            self.assertNotIn("owes", str(caught.exception))
            with self.subTest(login), self.assertRaises(AccessError) as caught:
                self.by(user, order).action_upominky_confirm()
            self.assertNotIn("owes", str(caught.exception))

    def test_rule_44_a_customer_reads_that_it_is_stopped_and_nothing_of_why(self):
        portal = new_test_user(self.env, "stop_portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        # sudo: accountants do not read the public user.
        for user in (portal, self.env.ref("base.public_user").sudo()):
            # sudo: as the portal does for whoever has the link.
            order = self.by(user, self.quotation()).sudo()
            with self.subTest(user.login), self.assertRaises(UserError) as caught:
                order._validate_order()
            self.assertIn("get in touch with us", str(caught.exception))
            self.assertNotIn("owes", str(caught.exception))
            self.assertNotIn("12", str(caught.exception))

    def test_rule_44_a_page_that_acts_as_odoobot_tells_its_customer_nothing_either(self):
        portal = new_test_user(self.env, "stop_portal", "base.group_portal")
        bot = self.env.ref("base.user_root")
        order = self.by(bot, self.quotation())
        callers = "odoo.addons.upominky_addon_sale.models.callers.request"
        for user, words in ((portal, "get in touch with us"), (self.seller, "owes")):
            asking = SimpleNamespace(env=self.env(user=user))
            told = self.refused(UserError, words)
            with self.subTest(user.login), patch(callers, asking), told:
                order._validate_order()
        with self.refused(UserError, "owes"):  # a job, for its log
            order._validate_order()

    def test_rule_44_who_works_in_another_company_is_told_nothing(self):
        """Neither in a form filled in with ids that are not his, nor where others act for him."""
        other = self.env["res.company"].create({"name": "Cizí firma a.s."})
        stranger = self.person("stranger", "sales_team.group_sale_salesman_all_leads", other)
        values = {"company_id": self.company.id, "partner_id": self.customer.id, "state": "draft"}
        spec = {"upominky_stop": {}, "upominky_stop_text": {}}
        for user, told in ((self.seller, True), (stranger, False)):
            orders = self.env["sale.order"].with_user(user)
            with self.subTest(user.login):
                found = orders.onchange(values, ["company_id", "partner_id"], spec)["value"]
                self.assertEqual("owes" in str(found.get("upominky_stop_text")), told)
        # sudo: as a program does that makes documents between companies.
        order = self.by(stranger, self.quotation()).sudo()
        with self.refused(UserError, "get in touch with us") as caught:
            order.with_context(upominky_ask=True).action_confirm()
        self.assertNotIn("owes", str(caught.exception))
        self.company.upominky_stop = "warn"
        order.with_context(upominky_ask=True).action_confirm()
        self.assertEqual(order.state, "sale")

    # -------------------------------------------------------------- queries

    def read_as_a_form(self, orders):
        """Have in memory what the form of a quotation reads anyway, and no release."""
        self.env.flush_all()
        self.env.invalidate_all()
        orders.mapped("partner_id.commercial_partner_id.name")
        orders.mapped("partner_invoice_id.commercial_partner_id.name")
        orders.mapped("upominky_release_id.id")
        orders.currency_id.mapped("decimal_places")
        self.company._upominky_today()

    def asked(self, order, policy):
        """Return the queries that the form of a quotation asks the database, nothing in memory."""
        self.company.upominky_stop = policy
        mine = self.by(self.seller, order).with_context(
            # as the web client says
            allowed_company_ids=self.company.ids,
            lang="en_US",
        )
        spec = Form(mine, view="sale.view_order_form")._view["fields_spec"]
        for name in ("partner_id", "partner_invoice_id", "partner_shipping_id"):
            spec[name] = {"fields": {"display_name": {}}}  # a browser asks for names, a Form not
        mine.web_read(spec)  # what is kept for everybody is warm
        self.env.flush_all()
        self.env.invalidate_all()
        asked, original = [], sql_db.Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return original(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", execute):
            mine.web_read(spec)
        return asked

    def test_rule_44_the_form_of_a_quotation_costs_at_most_two_queries_more(self):
        released = self.quotation()
        self.by(self.chief, released).action_upominky_release("Known well")
        free = self.quotation(self.new_customer("Jiná s.r.o."))
        for name, order in {"owes": self.quotation(), "released": released, "free": free}.items():
            off, on = self.asked(order, "none"), self.asked(order, "block")
            left = list(off)
            more = [query for query in on if query not in left or left.remove(query)]
            with self.subTest(name):
                self.assertLessEqual(len(on) - len(off), 2, "\n---\n".join(more))

    def test_rule_44_one_query_for_many_quotations_and_one_for_releases(self):
        debtors = [self.new_customer(f"Dlužník {number}") for number in range(5)]
        for debtor in debtors:
            self.owes(debtor, days=10)
        self.generate()
        orders = self.env["sale.order"].union(*(self.quotation(debtor) for debtor in debtors))
        self.read_as_a_form(orders)
        with self.assertQueryCount(1):
            self.assertEqual(len(orders._upominky_stops()), 5)
        for order in orders[:3]:
            self.by(self.chief, order).action_upominky_release("Known well")
        self.read_as_a_form(orders)
        with self.assertQueryCount(2):
            stops = orders._upominky_stops()
        self.assertEqual(
            [stops[order.id].effect for order in orders], ["released"] * 3 + ["block"] * 2
        )

    def test_rule_44_sixty_invoices_are_one_sentence(self):
        for number in range(60):
            self.owes(self.customer, days=10, amount=1.0 + number)
        self.generate()
        order = self.quotation()
        self.assertEqual(order.upominky_stop_text.count("\n"), 1)
        self.assertEqual(len(order.action_upominky_overdue()["domain"][0][2]), 61)
