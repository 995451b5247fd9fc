from . import models
from . import wizard


def post_init_hook(env):
    """Give every company that is there already its number series and its default rules."""
    env["res.company"].search([])._upominky_set_up()
