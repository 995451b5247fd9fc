"""What the log says of an error: where it was and of which kind, and nothing that it tells of."""

import logging
import traceback

from odoo.exceptions import UserError


def where(problem):
    """Return the kind of an exception and the places that it went through, without its words.

    Its words may name customers, addresses and amounts: the log of a server is read by others.

    :param Exception problem: what was raised
    :rtype: str
    """
    places = "".join(traceback.format_tb(problem.__traceback__))
    return f"{type(problem).__name__}\n{places}".rstrip()


def log_problem(logger, problem, told, *values):
    """Log what went wrong; its words are for whoever looks for them, at DEBUG.

    A sentence of our own is what a person is to do, anything else a fault of the program.

    :param logging.Logger logger: of the file that tells it
    :param Exception problem: what was raised
    :param str told: what it kept from being done, with a place for each value
    :param values: ids, no names
    """
    foreseen = isinstance(problem, UserError)
    level = logging.WARNING if foreseen else logging.ERROR
    kind = type(problem).__name__ if foreseen else where(problem)
    logger.log(level, told + ": %s", *values, kind)  # noqa: G003  no data: our own words
    logger.debug(told, *values, exc_info=problem)
