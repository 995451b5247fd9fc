"""How many reminders a worker takes up at once, so that each call sends as long as it has time."""

from dataclasses import dataclass

#: What a slice should take, prepared and sent: less than a job may use of its time in vain.
SECONDS = 2.0
FIRST = 10
#: Each slice asks some thirty queries, whatever its size: of more than these nothing is saved.
MOST = 200


@dataclass(slots=True)
class Pace:
    """The size of the next slice, learnt from the time that the last one took.

    >>> pace = Pace()
    >>> pace.learn(10, 0.5), pace.size, pace.learn(40, 8.0), pace.size
    (None, 40, None, 10)
    >>> pace.learn(10, 60.0), pace.size
    (None, 1)
    """

    size: int = FIRST
    each: float = 0.0

    def fitting(self, left: float) -> int:
        """Return how many of the next slice fit into ``left`` seconds, at least one.

        >>> pace = Pace()
        >>> pace.learn(10, 1.0), pace.size, pace.fitting(9.0), pace.fitting(0.55), pace.fitting(-1)
        (None, 20, 20, 5, 1)
        """
        if not self.each or left >= self.each * self.size:
            return self.size
        return max(1, int(left / self.each))

    def learn(self, count: int, seconds: float) -> None:
        """Take note that a slice of ``count`` reminders took ``seconds``."""
        if count:
            self.each = seconds / count
            fitting = int(SECONDS * count / max(seconds, 0.001))
            self.size = max(1, min(MOST, fitting, 4 * self.size))
