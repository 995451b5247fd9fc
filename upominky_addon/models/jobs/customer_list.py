from odoo import fields, models
from odoo.tools import SQL

#: Gives out the next customers of a list, under its lock.
TAKE = """
    WITH held AS (
        SELECT id,
               place,
               jsonb_array_length(customer_ids) AS total,
               jsonb_path_query_array(
                   customer_ids,
                   '$[$first to $last]',
                   jsonb_build_object('first', place, 'last', place + %(last)s)
               ) AS taken
          FROM %(table)s
         WHERE id = %(id)s
           AND jsonb_typeof(customer_ids) = 'array'
           FOR NO KEY UPDATE
    )
    UPDATE %(table)s list
       SET place = held.place + jsonb_array_length(held.taken)
      FROM held
     WHERE list.id = held.id
 RETURNING held.taken, held.total - list.place
"""

#: Writes lists as they are: whoever takes from one at the same moment notices.
MEET = "UPDATE %(table)s SET place = place WHERE id = ANY(%(ids)s)"


class UpominkyCustomerList(models.AbstractModel):
    """Customers who are gone through, some at a time, and how far that is.

    The list stays in the database, which gives out what is asked for: of a million receivables it
    would take longer to read than a chunk takes to do.
    """

    _name = "upominky.customer.list"
    _description = "Customers to Go Through"

    customer_ids = fields.Json(
        string="Customers",
        prefetch=False,
        help="Ids of the customers to go through, ascending.",
    )
    place = fields.Integer(default=0, help="How many customers of the list are done.")

    def _take(self, size):
        """Take the next customers, under a lock that keeps others from taking them.

        :param int size: how many at most
        :return: ids of the customers, and how many are left after them
        :rtype: tuple[list[int], int]
        """
        self.ensure_one()
        self.flush_recordset()
        table = SQL.identifier(self._table)
        ((ids, left),) = self.env.execute_query(SQL(TAKE, table=table, id=self.id, last=size - 1))
        self.invalidate_recordset(["place"])
        return ids, left

    def _meet(self):
        """Let this transaction, and jobs that take from these lists, not miss each other.

        Each waits for the other, and the one that came second begins anew, on what the other did:
        the database refuses it a row that was written since its snapshot.
        """
        if self:
            table = SQL.identifier(self._table)
            self.env.cr.execute(SQL(MEET, table=table, ids=self.ids))

    def _remaining(self):
        """Return how many customers are left."""
        self.ensure_one()
        return max(len(self.customer_ids or []) - self.place, 0)
