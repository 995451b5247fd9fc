"""Which rule covers whom, as it is settled for a company and an event."""

from collections.abc import Collection
from typing import Any, NamedTuple


class Cover(NamedTuple):
    """The order in which rules are asked for a customer (SPEC rules 4 and 31).

    Rules are records, or plain values with a ``sequence`` and an ``id``. ``by_partner`` are those
    that list a commercial partner, ``by_tag`` those that list a contact tag, by its id; ``filters``
    pairs of a rule and of the query of the customers that its filter finds, the rule that goes
    before first; ``general`` is the one for all, nothing if there is none. Of those that are
    ``broken`` a filter cannot be evaluated any more.
    """

    by_partner: dict[int, Any]
    by_tag: dict[int, Any]
    general: Any
    filters: tuple = ()
    broken: Collection = ()

    def rules(self):
        """Return all rules that may cover somebody, each as often as it is asked.

        >>> Cover({7: "own"}, {3: "group"}, None, (("found", "SELECT"),)).rules()
        ['own', 'group', 'found']
        """
        found = [rule for rule, _query in self.filters]
        general = [self.general] if self.general else []
        return [*self.by_partner.values(), *self.by_tag.values(), *found, *general]
