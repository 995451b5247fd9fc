"""The demo's letters on paper: printed, posted, and one that came back."""

from demo_hours import LATER, OFFICE


def plan(story):
    """Plan letters in each state: two of today wait to be printed."""
    post = Post(story)
    story.invoice("inn", "inn", -40, 18500)
    story.invoice("smith", "smith", -35, 27000)
    story.invoice("mill", "mill", -13, 9800)
    story.invoice("saddler", "saddler", -12, 4600, 2100)
    story.on(-28, LATER, post.print_and_post)
    story.on(-21, LATER, post.print_and_post)
    story.on(-12, OFFICE, post.come_back)
    story.on(-6, OFFICE, post.print_waiting)


class Post:
    """What the clerk does with paper."""

    def __init__(self, story):
        self.story = story

    def _letters(self, *domain):
        letters = self.story.env["upominky.delivery"].with_user(self.story.books.clerk)
        return letters.search([("channel", "=", "letter"), *domain])

    def print_waiting(self):
        self._letters(("state", "=", "to_print")).action_print_letters()

    def print_and_post(self):
        self.print_waiting()
        self._letters(("state", "=", "printed")).action_posted()

    def come_back(self):
        customer = self.story.books.customers["smith"]
        letters = self._letters(("partner_id", "=", customer.id), ("state", "=", "sent"))
        letters.action_returned(note="Adresát je na uvedené adrese neznámý")
