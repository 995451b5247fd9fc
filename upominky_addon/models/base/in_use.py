from odoo.exceptions import UserError


def refuse_in_use(needs, named, unnamed):
    """Refuse to delete what another record needs, which not everybody may see.

    :param needs: the record that needs it, as superuser
    :param str named: what is said to who may read that record
    :param str unnamed: the same to all others, who learn nothing of it
    :raises UserError: with one of the two
    """
    raise UserError(named if needs.sudo(False).has_access("read") else unnamed)
