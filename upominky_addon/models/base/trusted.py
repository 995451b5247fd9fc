"""What a caller may tell a step that then goes past their rights."""

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
