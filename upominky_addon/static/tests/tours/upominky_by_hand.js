import {registry} from "@web/core/registry";

// From an invoice: what would be issued, issue it, and look at it in the book.
registry.category("web_tour.tours").add("upominky_issue", {
    steps: () => [
        {
            content: "Issue a reminder of this invoice",
            trigger: '.o_form_view button[name="action_upominky_issue"]',
            run: "click",
        },
        {
            content: "The preview says what would be issued",
            trigger: '.modal .o_data_row:contains("First reminder"):contains("Will be issued")',
        },
        {
            content: "Issue it",
            trigger: '.modal-footer button[name="action_issue"]',
            run: "click",
        },
        {
            content: "The summary shows the reminder",
            trigger: '.modal .o_field_widget[name="reminder_ids"] .o_data_row:contains("UP/")',
        },
        {
            content: "Open it in the book",
            trigger: '.modal-footer button[name="action_open_reminders"]',
            run: "click",
        },
        {
            content: "The book shows it and nothing else",
            trigger:
                '.o_list_view .o_data_row:only-of-type td[name="partner_id"]:contains("Odběratel")',
        },
    ],
});

// From a reminder: cancel it, and hold its invoices for a fortnight.
registry.category("web_tour.tours").add("upominky_cancel", {
    steps: () => [
        {
            content: "Cancel the reminder",
            trigger: '.o_form_view button[name="action_ask_cancel"]',
            run: "click",
        },
        {
            content: "It asks what comes next: skip the level",
            trigger: '.modal .o_field_widget[name="afterwards"] input[data-value="skip"]',
            run: "click",
        },
        {
            content: "No date is asked for then",
            trigger: '.modal:not(:has(.o_field_widget[name="hold_until"]))',
        },
        {
            content: "Hold the invoices after all",
            trigger: '.modal .o_field_widget[name="afterwards"] input[data-value="hold"]',
            run: "click",
        },
        {
            content: "A date is proposed",
            trigger: '.modal .o_field_widget[name="hold_until"]',
        },
        {
            content: "Say why",
            trigger: '.modal .o_field_widget[name="reason"] input',
            run: "edit The customer called",
        },
        {
            content: "Cancel",
            trigger: '.modal-footer button[name="action_confirm"]',
            run: "click",
        },
        {
            content: "It is cancelled, with the reason",
            trigger: '.o_form_view .alert-warning:contains("The customer called")',
        },
        {
            content: "And says so",
            trigger: '.o_notification:contains("Cancelled: 1.")',
        },
    ],
});
