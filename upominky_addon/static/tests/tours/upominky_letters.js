import {registry} from "@web/core/registry";

const chosen = '.o_list_view .o_data_row .o_list_record_selector input';
const badge = (words) => `.o_list_view .o_data_row td[name="state"]:contains("${words}")`;

// A letter on paper: print it, post it.
registry.category("web_tour.tours").add("upominky_post_letters", {
    steps: () => [
        {
            content: "One waits",
            trigger: '.o_upominky_overview button[data-figure="letters"]:contains("1")',
            run: "click",
        },
        {content: "It is to be printed", trigger: badge("To Print")},
        {content: "Choose it", trigger: chosen, run: "click"},
        {
            content: "Print it",
            trigger: '.o_control_panel button[name="action_print_letters"]',
            run: "click",
        },
        {content: "It is printed", trigger: badge("Printed")},
        {content: "Choose it again", trigger: `${chosen}:not(:checked)`, run: "click"},
        {
            content: "It was posted",
            trigger: '.o_control_panel button[name="action_ask_posted"]',
            run: "click",
        },
        {
            content: "Today",
            trigger: '.modal button[name="action_confirm"]',
            run: "click",
        },
        {content: "That is told", trigger: '.o_notification:contains("Posted")'},
        {
            content: "Nothing waits any more",
            trigger: '.o_view_nocontent:contains("No letter waits to be printed or posted")',
        },
    ],
});
