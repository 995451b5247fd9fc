import {registry} from "@web/core/registry";
import {openReminders} from "@upominky_addon/../tests/tours/upominky_steps";

// The first page, a figure's list, and the analysis, as from the menu in the morning.
registry.category("web_tour.tours").add("upominky_overview", {
    url: "/odoo",
    steps: () => [
        ...openReminders(),
        {
            content: "Its first entry is the overview",
            trigger:
                '.o-dropdown-item:first-child[data-menu-xmlid="upominky_addon.menu_upominky_overview"]',
            run: "click",
        },
        {
            content: "One reminder failed; it is listed below",
            trigger: '.o_upominky_overview [data-figure="failed"]:contains("1")',
        },
        {
            content: "The list has it",
            trigger: '.o_list_renderer .o_data_row:contains("Odběratel s.r.o.")',
        },
        {
            content: "Each figure can be reached by keyboard",
            trigger: '.o_upominky_overview button[data-figure="failed"]',
            run() {
                for (const button of document.querySelectorAll(".o_upominky_overview button")) {
                    button.focus();
                    if (document.activeElement !== button) {
                        throw new Error(`Cannot be focused: ${button.textContent}`);
                    }
                }
            },
        },
        {
            content: "Open what is overdue for 8–30 days",
            trigger: '.o_upominky_overview button[data-age="1"]:contains("3,500.00")',
            run: "click",
        },
        {
            content: "The invoice is there, with the same amount",
            trigger: '.o_data_row:contains("3,500.00")',
        },
        {
            content: "Back to the overview",
            trigger: '.breadcrumb a:contains("Overview")',
            run: "click",
        },
        {
            content: "What the last run issued",
            trigger: '.o_upominky_overview button[data-figure="issued"]:contains("1")',
            run: "click",
        },
        {
            content: "The book, with that reminder alone",
            trigger: '.o_breadcrumb:contains("Reminder Book")',
        },
        {
            content: "Back again",
            trigger: '.breadcrumb a:contains("Overview")',
            run: "click",
        },
        {
            content: "What fails",
            trigger: '.o_upominky_overview button[data-figure="failed"]',
            run: "click",
        },
        {
            content: "Open the reminder",
            trigger: '.o_breadcrumb:contains("Sending failed")',
        },
        {
            content: "Open the menu of reminders",
            trigger: 'button[data-menu-xmlid="upominky_addon.menu_upominky"]',
            run: "click",
        },
        {
            content: "Open the analysis",
            trigger: '[data-menu-xmlid="upominky_addon.menu_upominky_analysis"]',
            run: "click",
        },
        {
            content: "It opens with the last days; take them off",
            trigger: '.o_searchview_facet:contains("Last 30 Days") .o_facet_remove',
            run: "click",
        },
        {
            content: "The total over two currencies is a dash",
            trigger: '.o_pivot .o_pivot_cell_value:contains("–")',
        },
        {
            content: "The help opens",
            trigger: ".o_upominky_analysis_help summary",
            run: "click",
        },
        {
            content: "It says how to read it",
            trigger: '.o_upominky_analysis_help li:contains("% Settled")',
        },
        {
            content: "Look at the graph",
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            content: "It has the help, too",
            trigger: ".o_graph_renderer .o_upominky_analysis_help",
        },
        {
            content: "Look at the rows",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Open the reminder of a row",
            trigger: '.o_data_row:contains("12,100.00") td[name="partner_id"]',
            run: "click",
        },
        {
            content: "The reminder is open",
            trigger: ".o_form_view .oe_title",
        },
    ],
});
