"""Steps that go past a caller's rights: what he may tell them, and what leaves nothing behind."""

from contextlib import contextmanager

#: Of a caller's context: words are theirs, and which of their companies are active. Everything
#: else, as ``active_test``, ``default_…`` or the keys by which steps of the program talk to each
#: other, would let them decide what the program decides.
KEPT = ("lang", "tz", "allowed_company_ids")


def trusted(records):
    """Return records as superuser, without what the caller's context says about the work itself.

    The caller's right must have been checked.

    :raises AccessError: if the context names a company that is not the caller's
    """
    given = records.env.context
    if given.get("allowed_company_ids"):
        records.env.companies.ids  # noqa: B018  raises here: a superuser is not asked whose they are
    context = {name: given[name] for name in KEPT if name in given}
    # sudo: the callers say why, each for its own step.
    return records.with_env(records.env(su=True, context=context))


@contextmanager
def taken_back(env):
    """Give an environment whose transaction leaves nothing behind, whatever is done in it.

    It acts as the jobs do: the caller checks what the user may read.
    """
    context = {
        **env.context,
        "tracking_disable": True,
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
    }
    with env.registry.cursor() as cursor:
        try:
            # sudo: it acts as the jobs do, and nothing of it stays.
            yield env(cr=cursor, su=True, context=context)
        finally:
            cursor.rollback()
