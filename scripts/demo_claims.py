"""The demo's claims: interest, final notices, what was paid late, the file for a lawyer."""

from datetime import date

from demo_hours import LATER, OFFICE


def plan(story):
    """Plan what becomes of those who pay in part, late, or not at all."""
    claims = Claims(story)
    claims.know_rates()
    story.invoice("metal, paid late", "metal", -80, 54000)
    story.pay(-50, "metal, paid late")
    story.pay(-35, "metal", 30000)
    story.pay(-30, "timber", 15000)
    story.invoice("quarry", "quarry", -60, 38000)
    story.on(-5, OFFICE, claims.bill_interest)
    story.on(-1, LATER, claims.make_file)  # the next night has it made


class Claims:
    """What the accountant and the clerk do beside reminding."""

    def __init__(self, story):
        self.story = story
        self.env = story.env

    def know_rates(self):
        """Copy the last Czech base rate forward, as an accountant does each January and July."""
        rates = self.env["upominky.rate"].with_user(self.story.books.accountant)
        today = self.story.today
        begun = date(today.year, 1 if today.month < 7 else 7, 1)
        while (last := rates.search([("regime", "=", "cz")], limit=1)).date_from < begun:
            last.action_copy_forward()

    def bill_interest(self):
        """Bill what was paid a month after its due date; the draft waits to be posted."""
        self.story.mine("metal, paid late").action_upominky_bill_interest()

    def make_file(self):
        customer = self.story.books.customers["metal"].with_context(lang="cs_CZ")
        customer.with_user(self.story.books.clerk).action_upominky_case_file()
