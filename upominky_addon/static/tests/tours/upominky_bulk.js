import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const selectAll = {
    content: "Select all",
    trigger: ".o_list_view thead .o_list_record_selector input",
    run: "click",
};

// Approve what waits, then send it, from the list.
registry.category("web_tour.tours").add("upominky_approve_and_send", {
    steps: () => [
        {
            content: "Two wait for approval",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("To Approve")',
        },
        selectAll,
        {
            content: "Approve them",
            trigger: '.o_control_panel button[name="action_approve"]',
            run: "click",
        },
        {
            content: "It tells what came of it",
            trigger: '.o_notification:contains("Issued: 2.")',
        },
        {
            content: "They are issued",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("Issued")',
        },
        selectAll,
        {
            content: "Send them",
            trigger: '.o_control_panel button[name="action_send_now"]',
            run: "click",
        },
        {
            content: "They are sent",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("Sent")',
        },
        {
            content: "It tells how many",
            trigger: '.o_notification:contains("Sent: 2.")',
        },
        {
            content: "Open one",
            trigger: '.o_data_row td[name="partner_id"]',
            run: "click",
        },
        {
            content: "Look at its e-mail",
            trigger: '.o_notebook a[name="mail"]',
            run: "click",
        },
        {
            content: "It is shown as it was sent",
            trigger: '.o_field_widget[name="mail_body"] iframe',
            run() {
                const body = this.anchor.contentDocument.body;
                const total = body.querySelector(".o_upominky_table tr:last-child strong");
                if (!total || body.innerText.includes("<")) {
                    throw new Error(`The e-mail shows: ${body.innerText}`);
                }
            },
        },
    ],
});

// The same as cards, by level: approve one on its card.
registry.category("web_tour.tours").add("upominky_cards", {
    steps: () => [
        {
            content: "Show cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Their column names the level",
            trigger: '.o_kanban_group .o_column_title:contains("Reminder 1")',
        },
        {
            content: "Approve one on its card",
            trigger: '.o_kanban_record:contains("Odběratel") button[name="action_approve"]',
            run: "click",
        },
        {
            content: "It is issued",
            trigger: '.o_kanban_record:contains("Odběratel") .badge:contains("Issued")',
        },
    ],
});

// On a phone: the book opens as cards; one is opened, and approved there.
registry.category("web_tour.tours").add("upominky_phone", {
    steps: () => [
        {
            content: "The book is drawn as cards",
            trigger: '.o_kanban_record:contains("Odběratel")',
            run: "click",
        },
        {
            content: "Approve it",
            trigger: '.o_form_view button[name="action_approve_next"]',
            run: "click",
        },
        {
            content: "It is issued, and the next one is open",
            trigger: '.o_form_view .o_field_widget[name="partner_id"]:contains("Druhý")',
        },
    ],
});

// Many: the job sends them while the page shows how far it is.
registry.category("web_tour.tours").add("upominky_send_many", {
    steps: () => [
        selectAll,
        {
            content: "Send them",
            trigger: '.o_control_panel button[name="action_send_now"]',
            run: "click",
        },
        {
            content: "The page says that it may be left, and how far it is",
            trigger: '.o_form_view .alert-info:contains("close the browser"):contains("0 / 2")',
        },
        {
            content: "Meanwhile the job runs",
            trigger: ".o_form_view .o_progressbar",
            async run() {
                const found = await rpc("/web/dataset/call_kw/ir.model.data/search_read", {
                    model: "ir.model.data",
                    method: "search_read",
                    args: [
                        [
                            ["module", "=", "upominky_addon"],
                            ["name", "=", "cron_send"],
                        ],
                        ["res_id"],
                    ],
                    kwargs: {},
                });
                await rpc("/web/dataset/call_kw/ir.cron/method_direct_trigger", {
                    model: "ir.cron",
                    method: "method_direct_trigger",
                    args: [[found[0].res_id]],
                    kwargs: {},
                });
            },
        },
        {
            content: "The page tells by itself that it is done",
            trigger: '.o_form_view .alert-success:contains("Done")',
        },
        {
            content: "And links to what was sent",
            trigger: 'button[name="action_open_reminders"]:has([name="sent_count"]:contains("2"))',
            run: "click",
        },
        {
            content: "The book shows them",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("Sent")',
        },
    ],
});

// A level is dragged to another place.
registry.category("web_tour.tours").add("upominky_drag_level", {
    steps: () => [
        {
            content: "Drag the second level before the first",
            trigger: '.o_field_widget[name="level_ids"] .o_data_row:nth-child(2) .o_row_handle',
            run: 'drag_and_drop(.o_field_widget[name="level_ids"] .o_data_row:nth-child(1))',
        },
        {
            content: "It is the first now, and the warning tells of its day",
            trigger:
                '.o_form_view:has(.alert-warning:contains("follows")) .o_data_row:nth-child(1) td:contains("Second reminder")',
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
