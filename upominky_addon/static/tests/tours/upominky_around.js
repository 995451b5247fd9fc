import {registry} from "@web/core/registry";
import {field} from "@upominky_addon/../tests/tours/upominky_steps";

const current = (words) =>
    `.o_statusbar_status .o_arrow_button_current:contains("${words}")`;
const sendNow = {
    content: "Send it now",
    trigger: '.o_form_view button[name="action_send_now"]',
    run: "click",
};

// The sending calendar is closed: whoever sends is asked, waits, then sends all the same.
registry.category("web_tour.tours").add("upominky_outside_hours", {
    steps: () => [
        {
            content: "It says until when it waits",
            trigger: `${field("goes_at")}:not(:empty)`,
        },
        sendNow,
        {
            content: "Why it would wait",
            trigger: '.modal .alert-warning:contains("wait for the sending calendar")',
        },
        {content: "Let it wait", trigger: '.modal button[special="cancel"]', run: "click"},
        {content: "It waits", trigger: `body:not(:has(.modal)) ${current("Issued")}`},
        sendNow,
        {
            content: "Send it all the same",
            trigger: '.modal button[name="action_confirm"]',
            run: "click",
        },
        {content: "It is sent", trigger: current("Sent")},
    ],
});

// A customer asks for a statement: made from its page, and there to be fetched.
registry.category("web_tour.tours").add("upominky_statement", {
    steps: () => [
        {
            content: "Open the actions of the customer",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Choose the statement",
            trigger: '.o-dropdown-item:contains("Statement of Account")',
            run: "click",
        },
        {
            content: "It is about this customer",
            trigger: '.modal .o_field_widget[name="partner_ids"]:contains("Odběratel")',
        },
        {
            content: "Make it",
            trigger: '.modal button[name="action_confirm"]',
            run: "click",
        },
        {
            content: "It is listed, done",
            trigger: '.o_list_view .o_data_row:contains("Odběratel") .badge:contains("Done")',
        },
        {
            content: "And can be fetched, or sent",
            trigger: '.o_list_view .o_data_row button[name="action_download"]',
        },
    ],
});
