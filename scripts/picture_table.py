"""Which pictures there are of the client, for scripts/screenshots."""

from dataclasses import dataclass

WINDOW = (1360, 800)
PHONE = (390, 780)
STEPS = (1360, 1100)


@dataclass(frozen=True)
class Picture:
    """A screen: an action of Odoo, and of which record.

    ``find`` is (model, domain, order): the first one found is opened; else ``view`` is the kind of
    view. ``first`` are CSS selectors that are clicked if they are there, ``click`` those that must
    be, one after the other. ``page`` are the languages in which it is on the add-on's page.
    ``scene`` is the method of Scenes that brings about what the picture shows; such pictures are
    taken last, for they leave traces, each in all languages before the next.
    """

    name: str
    action: str
    find: tuple = ()
    view: str = ""
    first: tuple = ()
    click: tuple = ()
    size: tuple = WINDOW
    page: tuple = ()
    scene: str = ""


REMINDERS = "upominky_addon.action_upominky_reminder"
SETTINGS = "upominky_addon.action_server_settings"
RULES = "upominky_addon.action_upominky_rule"
LEVELS = ".o_field_widget[name='level_ids']"
ANALYSIS = "upominky_addon.action_upominky_analysis"
CUSTOMERS = "account.res_partner_action_customer"
RUNS = "upominky_addon.action_upominky_run"
FIRST_STEPS = "upominky_addon.action_server_first_steps"
INVOICES = "account.action_move_out_invoice_type"
TO_PRINT = "upominky_addon.action_upominky_letters"
TWO_CURRENCIES = [("totals_text", "=", "EUR"), ("partner_id.name", "like", "Pekařství")]
A_REMINDER = ("upominky.reminder", [*TWO_CURRENCIES, ("level_order", "=", 2)], "id desc")
FAILED = ("upominky.reminder", [("state", "=", "failed")], "id desc")
TO_APPROVE = [("state", "=", "to_approve"), ("level_id.is_final", "=", True)]
#: A final notice of which something is missing, one that is complete, and one that was sent.
LACKING = ("upominky.reminder", [*TO_APPROVE, ("partner_id.company_registry", "=", False)], "id")
COMPLETE = ("upominky.reminder", [*TO_APPROVE, ("partner_id.company_registry", "!=", False)], "id")
SENT_LAST = ("upominky.reminder", [("level_id.is_final", "=", True), ("state", "=", "sent")], "id")
FOR_ALL = ("upominky.rule", [("event", "=", "issue"), ("partner_ids", "=", False)], "id")
FOUND_BY = ("upominky.rule", [("partner_domain", "!=", False), ("event", "=", "issue")], "id")
NOTICES = ("upominky.rule", [("event", "=", "notice")], "id")
WAITS = ("sale.order", [("state", "=", "draft")], "id desc")
THIRD = (
    "account.move",
    [("upominky_level", "=", 3), ("payment_state", "=", "not_paid")],
    "id",
)

#: To add a picture, add a line. Each is taken in every language, as NAME.en.png and NAME.cs.png.
PICTURES = (
    Picture("overview", "upominky_addon.action_upominky_overview", page=("en", "cs")),
    Picture("book", REMINDERS, page=("en", "cs")),
    Picture("cards", REMINDERS, view="kanban"),
    Picture("calendar", "upominky_addon.action_upominky_coming"),
    Picture("reminder", REMINDERS, find=A_REMINDER),
    Picture("mail", REMINDERS, find=A_REMINDER, click=("a[name='mail']",), size=(1360, 1000)),
    Picture("failed", REMINDERS, find=FAILED),
    Picture("cancel", REMINDERS, find=A_REMINDER, click=("button[name='action_ask_cancel']",)),
    Picture("mark_sent", REMINDERS, find=FAILED, click=("button[name='action_ask_mark_sent']",)),
    Picture("rule", RULES, find=FOR_ALL, size=(1360, 900), page=("en", "cs")),
    Picture(
        "level",
        RULES,
        find=FOR_ALL,
        click=(".o_field_widget[name='level_ids'] button[name='action_open_form']",),
        size=(1360, 900),
    ),
    Picture(
        "message",
        RULES,
        find=FOR_ALL,
        click=(".o_field_widget[name='level_ids'] button[name='action_preview']",),
        size=(1360, 1000),
    ),
    Picture(
        "preview",
        "upominky_addon.action_server_preview",
        # All groups are open; the largest, “not overdue long enough”, would hide what follows.
        click=(".o_list_table tbody tr:nth-child(10)",),
        size=(1360, 920),
        page=("en",),
    ),
    Picture("filter", RULES, find=FOUND_BY, size=(1360, 900)),
    Picture("notice", RULES, find=NOTICES, size=(1360, 900)),
    Picture("past_levels", SETTINGS, click=("button[name='action_past_levels']",)),
    Picture("first_steps", FIRST_STEPS, size=STEPS),
    Picture("readiness", "upominky_addon.action_server_readiness"),
    Picture("settings", SETTINGS),
    Picture("deliveries", "upominky_addon.action_upominky_delivery"),
    Picture(
        "delivery",
        "upominky_addon.action_upominky_delivery",
        find=("upominky.delivery", [("state", "=", "sent")], "id desc"),
        size=(1360, 900),
    ),
    Picture("runs", RUNS),
    Picture(
        "run",
        RUNS,
        find=(
            "upominky.run",
            [("kind", "=", "generate"), ("reminder_ids", "!=", False)],
            "id desc",
        ),
    ),
    Picture("analysis", ANALYSIS, size=(1360, 900), page=("en",)),
    Picture("graph", ANALYSIS, view="graph"),
    Picture(
        "invoice",
        INVOICES,
        find=THIRD,
        click=("a[name='upominky']",),
        size=(1360, 900),
        page=("en",),
    ),
    Picture("issue", INVOICES, find=THIRD, click=("button[name='action_upominky_issue']",)),
    Picture(
        "customer",
        CUSTOMERS,
        find=("res.partner", [("name", "like", "Pekařství"), ("parent_id", "=", False)], "id"),
        first=("a[name='upominky']",),
        size=(1360, 900),
    ),
    Picture(
        "charges",
        RULES,
        find=FOR_ALL,
        click=(f"{LEVELS} .o_data_row:nth-child(3) button[name='action_open_form']",),
        size=(1360, 900),
    ),
    Picture("rates", "upominky_addon.action_upominky_rate", click=(".o_group_header",)),
    Picture("final", REMINDERS, find=LACKING),
    Picture("final_ready", REMINDERS, find=COMPLETE, size=(1360, 1000)),
    Picture(
        "interest",
        REMINDERS,
        find=SENT_LAST,
        click=("a[name='interest']",),
        size=(1360, 960),
    ),
    Picture("to_print", TO_PRINT),
    Picture("paid_late", "upominky_addon.action_paid_late"),
    Picture("bill", INVOICES, find=("account.move", [("upominky_is_interest", "=", True)], "id")),
    Picture("cases", "upominky_addon.action_upominky_case"),
    Picture("statements", "upominky_addon.action_upominky_statement"),
    Picture("quotation", "sale.action_quotations", find=WAITS),
    Picture("phone", REMINDERS, find=A_REMINDER, size=PHONE),
    Picture("phone_final", REMINDERS, find=LACKING, size=PHONE),
    Picture("phone_to_print", TO_PRINT, size=PHONE),
    Picture("phone_book", REMINDERS, size=PHONE),
    Picture("phone_overview", "upominky_addon.action_upominky_overview", size=PHONE),
    Picture(
        "issued",
        CUSTOMERS,
        first=("a[name='upominky']",),
        click=("button[name='action_upominky_issue']", ".modal button[name='action_issue']"),
        scene="by_hand",
    ),
    Picture("sending", RUNS, scene="sending"),
    Picture("sent_many", RUNS, scene="sent_many", size=(1360, 900)),
    Picture(
        "live",
        SETTINGS,
        click=("button[name='action_live']",),
        scene="as_pilot",
    ),
)
#: From the database of a company that has just installed the add-on.
FRESH_PICTURES = (
    Picture("first_steps_1", FIRST_STEPS, size=STEPS),
    Picture("first_steps_2", FIRST_STEPS, size=STEPS, scene="server"),
    Picture("phone_first_steps", FIRST_STEPS, size=PHONE, scene="server"),
    Picture("first_steps_3", FIRST_STEPS, size=STEPS, scene="pilot"),
    Picture("first_steps_4", FIRST_STEPS, size=STEPS, scene="issued"),
    Picture("first_steps_5", FIRST_STEPS, size=STEPS, scene="sent"),
)
#: The message as it arrived: by language, the address whose last message is shown.
LETTERS = {"en": "brauerei", "cs": "pekarstvi"}
LETTER_SIZE = (720, 400)
#: Letters on paper, and files of a lawyer: by language, whose reminder of which level is printed,
#: and about whom the file is made.
PAPERS = {"en": ("Brauerei", 2), "cs": ("Kovovýroba", 4)}
CASE = "Kovovýroba"
CASE_SIZE = (1100, 400)
