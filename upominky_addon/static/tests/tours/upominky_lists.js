import {registry} from "@web/core/registry";

const typed = (text) => ({
    content: `Search for ${text}`,
    trigger: ".o_searchview_input",
    run: `edit ${text}`,
});

const search = {
    content: "By the first field",
    trigger: ".o_searchview_autocomplete",
    run: "press Enter",
};

// A search that finds nothing does not say that there is nothing.
registry.category("web_tour.tours").add("upominky_empty_search", {
    steps: () => [
        {
            content: "There is a reminder",
            trigger: '.o_data_row:contains("Odběratel s.r.o.")',
        },
        typed("nobody of this name"),
        search,
        {
            content: "Nothing matches, and nothing is said of what there is",
            trigger: '.o_view_nocontent:contains("Nothing matches the search")',
            run() {
                if (this.anchor.textContent.includes("No reminder has been issued yet")) {
                    throw new Error("The book is said to be empty.");
                }
            },
        },
        {
            content: "Take that out again",
            trigger: '.o_searchview_facet:contains("nobody of this name") .o_facet_remove',
            run: "click",
        },
        typed("7770001112"),
        search,
        {
            content: "It is searched for by the symbol of its invoice",
            trigger: '.o_facet_value:contains("7770001112")',
        },
        {
            content: "It is there",
            trigger: '.o_data_row:contains("Odběratel s.r.o.")',
        },
    ],
});

// The book of a company that has none says so, also under the filter that is on at first.
registry.category("web_tour.tours").add("upominky_empty_book", {
    steps: () => [
        {
            content: "The filter that is on at first",
            trigger: '.o_facet_value:contains("Without Cancelled")',
        },
        {
            content: "There is nothing at all",
            trigger: '.o_view_nocontent:contains("No reminder has been issued yet")',
        },
    ],
});

// The calendar shows what comes, first reminders too, and leads to the invoices behind it.
registry.category("web_tour.tours").add("upominky_coming", {
    steps: () => [
        {
            content: "From the overview",
            trigger: 'button[data-figure="calendar"]',
            run: "click",
        },
        {
            content: "The first reminder of an invoice is in it",
            trigger: '.o_calendar_view .fc-event:contains("Odběratel s.r.o.")',
            run: "click",
        },
        {
            content: "Its level is told",
            trigger: '.o_cw_popover:contains("12,100")',
        },
        {
            content: "See the invoices",
            trigger: ".o_cw_popover_edit",
            run: "click",
        },
        {
            content: "They are listed",
            trigger: '.o_list_view .o_data_row:contains("Odběratel s.r.o.")',
        },
    ],
});
