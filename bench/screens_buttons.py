"""What buttons and tabs ask for: windows, figures, and steps with a thousand records."""

from datetime import date, timedelta

from . import client
from .process import DAY
from .requests import call
from .screens_case import Case

BULK = 1_000


def _window(env, answer):
    """Ask for the form that a button opens."""
    kinds = answer.get("views") or [(False, kind) for kind in answer["view_mode"].split(",")]
    action = client.open_action(env, {**answer, "views": kinds})
    if answer.get("res_id"):
        return client.read_form(env, action, answer["res_id"], kinds[0][1])
    if "list" not in action.specs:
        return call(
            env, action.model, "onchange", [], {}, [], action.specs["form"], context=action.context
        )
    domain, by = client.defaults(env, action)
    if by:
        return client.read_groups(env, action, domain, by)
    return client.read_list(env, action, domain)


def button(model, method, ids=(), **kwargs):
    """Return how a button is pressed, and what it opens is asked for."""

    def press(env):
        answer = call(env, model, method, *([list(ids)] if ids else []), **kwargs)
        is_window = isinstance(answer, dict) and answer.get("type") == "ir.actions.act_window"
        return _window(env, answer) if is_window else answer

    return press


def live_at(day):
    """Return how the start date is changed in the dialog of going live."""

    def change(env):
        opened = env["upominky.live"]._open(env.company)
        action = client.open_action(env, {**opened, "views": [(False, "form")]})
        values = {"start_date": day.isoformat()}
        spec = action.specs["form"]
        return call(
            env, "upominky.live", "onchange", [opened["res_id"]], values, ["start_date"], spec
        )

    return change


def overviews():
    """Yield what tells of everybody: the overview in its two parts, and the calendar."""
    for part, kind in (("first", "page"), ("rest", "group")):
        figures = button("upominky.overview", "retrieve_dashboard", part=part)
        yield Case(f"overview: figures, {part}", kind, figures)
    month = DAY.replace(day=1)
    days = {"start": str(month - timedelta(days=6)), "end": str(month + timedelta(days=36))}
    yield Case("calendar of what comes", "group", button("upominky.coming", "read_days", **days))


def pages(env):
    """Return the requests of what is opened by a button."""
    large = env["res.partner"].search([("name", "=", "Customer 0")]).id
    run = env["upominky.run"].search([("kind", "=", "generate")], limit=1)
    level = env["upominky.level"].search([], limit=1)
    rule = env["upominky.rule"].search([("category_ids", "!=", False)], limit=1)
    tag = env["res.partner.category"].search([], limit=1)
    yield from overviews()
    yield Case("readiness", "page", button("upominky.readiness", "action_open"))
    yield Case("settings", "page", button("upominky.settings", "action_open"))
    yield Case("first steps", "page", button("upominky.first.steps", "action_open"))
    yield Case("level: preview", "page", button("upominky.level", "action_preview", level.ids))
    yield Case(
        "rule: tag added",
        "page",
        lambda env: call(
            env,
            "upominky.rule",
            "web_save",
            rule.ids,
            {"category_ids": [[4, tag.id]]},
            {"name": {}},
        ),
    )
    yield Case("runs: undo asked", "bulk", button("upominky.run", "action_ask_undo", run.ids))
    yield Case(
        "customer of 3,000: reminders",
        "page",
        button("res.partner", "action_open_upominky_reminders", [large]),
    )
    yield Case("preview: open", "step", button("upominky.preview.line", "action_open"))
    yield Case(
        "going live: open",
        "step",
        lambda env: _window(env, env["upominky.live"]._open(env.company)),
    )
    yield Case("going live: date changed", "step", live_at(date(2026, 3, 30)))


def tab(env, title, model, view, record_id):
    """Return the request of a tab that is read when it is opened."""
    action = client.open_action(
        env, {"res_model": model, "views": [(env.ref(view).id, "form")], "domain": []}
    )
    return Case(title, "page", lambda env: client.read_form(env, action, record_id))


def tabs(env):
    large = env["res.partner"].search([("name", "=", "Customer 0")])
    other = env["res.partner"].search([("name", "=", "Customer 4321")])
    for title, partner in (("of 3,000", large), ("of a few", other)):
        yield tab(
            env,
            f"customer {title}: reminders' tab",
            "res.partner",
            "upominky_addon.view_partner_upominky_form",
            partner.id,
        )
        move = env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")], limit=1, offset=1
        )
        yield tab(
            env,
            f"invoice of the customer {title}: reminders' tab",
            "account.move",
            "upominky_addon.view_move_upominky_form",
            move.id,
        )


def bulks(env):
    """Return what is done with a thousand at once, and with half of them refused."""
    Reminder = env["upominky.reminder"]

    def some(count, *domain):
        return Reminder.search(list(domain), limit=count).ids

    sent = some(BULK // 2, ("state", "=", "sent"))
    for title, method, state, kwargs in (
        ("approve", "action_approve", "to_approve", {}),
        ("retry", "action_retry", "failed", {}),
        ("cancel", "action_cancel", "issued", {"reason": "Bench"}),
    ):
        ids = some(BULK, ("state", "=", state))
        yield Case(f"{title} {BULK}", "bulk", button("upominky.reminder", method, ids, **kwargs))
        half = [*ids[: BULK // 2], *sent]
        yield Case(
            f"{title} {BULK}, half refused",
            "bulk",
            button("upominky.reminder", method, half, **kwargs),
        )
    customers = Reminder.search([], limit=20 * BULK).partner_id.ids
    for count in (BULK, 5 * BULK):
        yield Case(
            f"issue by hand: {count} customers chosen",
            "bulk" if count == BULK else "many",
            button("res.partner", "action_upominky_issue", customers[:count]),
        )
    columns = ["name", "partner_id/name", "issue_date", "state", "totals_text", "next_date"]
    ten = some(10 * BULK)
    yield Case(
        "book: export of 10,000",
        "step",
        lambda env: len(env["upominky.reminder"].browse(ten).export_data(columns)["datas"]),
    )
