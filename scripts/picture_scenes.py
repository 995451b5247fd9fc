"""States of a database that pictures show: what somebody did before. For scripts/screenshots."""

import threading
import time
from datetime import date, timedelta
from itertools import product

#: Customers enough for sending to be left to the job.
TRADES = ("Autoservis", "Klempířství", "Pila", "Zahradnictví")
TOWNS = ("Písek", "Prachatice", "Strakonice", "Tábor", "Třeboň", "Vimperk")
#: Until some of the messages have left.
WAIT_SECONDS = 8
PILOT = "Pekařství"
#: Customers to issue to by hand, one for each language.
BY_HAND = {"en": "Pekařství", "cs": "Potraviny"}
SENT_MANY_MINUTES = 3
#: What the company's own mail server may write from.
DOMAIN = "doprava-vltava.example"


class Scenes:
    """Each scene is called before its picture is taken in a language, and brings it about once.

    Scenes that belong to one record return its id. The page shows what the accountant did;
    ``admin`` only sets the mail server and runs the job.
    """

    def __init__(self, admin, accountant, smtp_port):
        self.admin = admin
        self.accountant = accountant
        self.smtp_port = smtp_port
        self.run_id = None
        self.job = None

    def _customer(self, name):
        domain = [("name", "like", name), ("parent_id", "=", False)]
        return self.accountant.call("res.partner", "search", domain, limit=1)[0]

    def _reminders(self, *domain):
        return self.accountant.call("upominky.reminder", "search", [*domain])

    # ------------------------------------------------------- first steps

    def server(self, lang):
        """A mail server is set up."""
        if not self.admin.call("ir.mail_server", "search_count", []):
            host = {"smtp_host": "127.0.0.1", "smtp_port": self.smtp_port}
            values = {"name": "Náš server", "smtp_encryption": "none", **host}
            values["from_filter"] = DOMAIN
            self.admin.call("ir.mail_server", "create", [values])

    def pilot(self, lang):
        """A pilot customer is chosen."""
        page = self.accountant.call("upominky.first.steps", "action_open")["res_id"]
        values = {"partner_id": self._customer(PILOT)}
        self.accountant.call("upominky.first.steps", "write", [page], values)
        self.accountant.call("upominky.first.steps", "action_take_pilot", [page])

    def issued(self, lang):
        """The pilot's reminder is issued."""
        if not self._reminders():
            self._issue("res.partner", [self._customer(PILOT)])

    def sent(self, lang):
        """It is sent."""
        if waiting := self._reminders(("state", "=", "issued")):
            self.accountant.call("upominky.reminder", "action_send_now", waiting)

    # ---------------------------------------------------- by hand, and many

    def as_pilot(self, lang):
        """The company is in pilot mode again."""
        page = self.accountant.call("upominky.settings", "action_open")["res_id"]
        self.accountant.call("upominky.settings", "action_pilot", [page])

    def by_hand(self, lang):
        """Somebody looks at a customer to whom nothing was issued by hand yet."""
        return self._customer(BY_HAND[lang])

    def _issue(self, model, ids):
        wizard = self.accountant.call(model, "action_upominky_issue", ids)["res_id"]
        self.accountant.call("upominky.issue", "action_issue", [wizard])

    def sending(self, lang):
        """Many reminders are being sent: some have left, others wait."""
        if not self.run_id:
            before = self._reminders()
            self._issue("account.move", self._invoices())
            made = self._reminders(("id", "not in", before))
            action = self.accountant.call("upominky.reminder", "action_send_now", made)
            self.run_id = action["res_id"]
            self.job = threading.Thread(target=self._send)
            self.job.start()
            time.sleep(WAIT_SECONDS)
        return self.run_id

    def _send(self):
        """Call the job as the scheduler does, which gives it ten seconds at a time."""
        cron = self.admin.id_of("upominky_addon.cron_send")
        while self._is_working():
            self.admin.call("ir.cron", "method_direct_trigger", [cron])

    def _is_working(self):
        (run,) = self.admin.call("upominky.run", "read", [self.run_id], ["is_working"])
        return run["is_working"]

    def sent_many(self, lang):
        """All of them are sent."""
        self.sending(lang)
        self.job.join(SENT_MANY_MINUTES * 60)
        return self.run_id

    def _invoices(self):
        due = date.today() - timedelta(days=12)
        names = [f"{trade} {town} s.r.o." for trade, town in product(TRADES, TOWNS)]
        values = [
            {"name": name, "email": f"faktury@zakaznik{number}.example", "is_company": True}
            for number, name in enumerate(names, 1)
        ]
        customers = self.accountant.call("res.partner", "create", values)
        moves = [
            {
                "move_type": "out_invoice",
                "partner_id": customer,
                "invoice_date": str(due - timedelta(days=14)),
                "invoice_date_due": str(due),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Rozvoz zboží", "price_unit": 3000 + 250 * number})
                ],
            }
            for number, customer in enumerate(customers)
        ]
        ids = self.accountant.call("account.move", "create", moves)
        self.accountant.call("account.move", "action_post", ids)
        return ids
