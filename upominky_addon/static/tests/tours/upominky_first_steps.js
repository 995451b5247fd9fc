import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";
import {field, openReminders} from "@upominky_addon/../tests/tours/upominky_steps";

const firstSteps = [
    {
        content: "The page says that no mail server is set",
        trigger: '.o_form_view .o_data_row:contains("outgoing mail server"):contains("Missing")',
    },
    {
        content: "Set one up",
        trigger:
            '.o_data_row:contains("outgoing mail server") button[name="action_fix"]',
        run: "click",
    },
    {
        content: "A new one",
        trigger: ".o_list_button_add",
        run: "click",
    },
    {content: "Its name", trigger: `${field("name")} input`, run: "edit Our server"},
    {content: "Its host", trigger: `${field("smtp_host")} input`, run: "edit 127.0.0.1"},
    {
        content: "Its port",
        trigger: `${field("smtp_port")} input`,
        run: `edit ${cookie.get("smtp_port")}`,
    },
    {
        content: "Test it",
        trigger: '.o_form_view button[name="test_smtp_connection"]',
        run: "click",
    },
    {
        content: "It answers",
        trigger: ".o_notification .o_notification_bar.bg-success",
    },
    {
        content: "Back to the first steps",
        trigger: '.breadcrumb a:contains("First Steps")',
        run: "click",
    },
    {
        content: "Check again",
        trigger: 'button[name="action_check_again"]',
        run: "click",
    },
    {
        content: "The conditions are met",
        trigger: '.o_data_row:contains("outgoing mail server"):contains("Done")',
    },
];

const pilot = [
    {
        content: "Choose a pilot customer",
        trigger: `${field("partner_id")} input`,
        run: "edit Odb",
    },
    {
        content: "The one who owes",
        trigger: '.o-autocomplete--dropdown-item:contains("Odběratel s.r.o.")',
        run: "click",
    },
    {
        content: "What he owes is told",
        trigger: `${field("owed_text")}:contains("12,100.00")`,
    },
    {
        content: "Start with him",
        trigger: 'button[name="action_take_pilot"]',
        run: "click",
    },
    {
        content: "The mode names him",
        trigger: `${field("mode_text")}:contains("only Odběratel s.r.o.")`,
    },
];

const firstReminder = [
    {
        content: "Look at the message",
        trigger: 'button[name="action_preview"]',
        run: "click",
    },
    {
        content: "It is his",
        trigger: '.modal .o_field_widget[name="email_to"]:contains("fakturace@odberatel.example")',
    },
    {content: "Close it", trigger: ".modal-header .btn-close", run: "click"},
    {
        content: "Issue the reminder",
        trigger: 'body:not(:has(.modal)) button[name="action_issue"]',
        run: "click",
    },
    {
        content: "What will be issued",
        trigger: '.modal .o_data_row:contains("First reminder"):contains("Will be issued")',
    },
    {content: "Issue it", trigger: '.modal-footer button[name="action_issue"]', run: "click"},
    {
        content: "The summary shows the reminder",
        trigger: '.modal .o_field_widget[name="reminder_ids"] .o_data_row:contains("UP/")',
    },
    {
        content: "Back to the first steps",
        trigger: '.modal-footer button:contains("Close")',
        run: "click",
    },
    {
        content: "Send it",
        trigger: 'body:not(:has(.modal)) button[name="action_send"]',
        run: "click",
    },
    {
        content: "It is sent",
        trigger: `${field("reminder_state")}:contains("Sent")`,
    },
];

const live = [
    {
        content: "Switch to live",
        trigger: 'button[name="action_live"]',
        run: "click",
    },
    {
        content: "What that would issue",
        trigger: '.modal .o_field_widget[name="summary"]',
    },
    {content: "Do it", trigger: '.modal-footer button[name="action_confirm"]', run: "click"},
    {
        content: "All is done",
        trigger: '.o_form_view .text-success:contains("Reminders are live")',
    },
];

// From the app's first page after the install to the first reminder, and on.
registry.category("web_tour.tours").add("upominky_first_steps", {
    url: "/odoo",
    steps: () => [
        ...openReminders(),
        {
            content: "Its first entry is the overview",
            trigger: '[data-menu-xmlid="upominky_addon.menu_upominky_overview"]',
            run: "click",
        },
        {
            content: "It leads to the first steps",
            trigger: '.o_upominky_overview button[data-figure="first_steps"]',
            run: "click",
        },
        ...firstSteps,
        ...pilot,
        ...firstReminder,
        ...live,
    ],
});
