import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";

// How many rows of what is overdue there were last: room is kept for as many until they arrive.
let rows = 1;

// What is overdue, what waits for a person, what the jobs did and will do: above the list of
// reminders that wait. Each figure opens the list that it counts.
export class UpominkyOverview extends Component {
    static template = "upominky_addon.Overview";
    static props = {list: {type: Object, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({overdue: null, next: {}});
        this.lastRest = new KeepLast();
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    // What is worked out of all that is open arrives later: the page does not wait for it.
    async load() {
        Object.assign(this.state, await this.retrieve("first"));
        this.lastRest.add(this.retrieve("rest")).then((rest) => {
            Object.assign(this.state, rest);
            rows = rest.overdue.length || 1;
        });
    }

    retrieve(part) {
        return this.orm.call("upominky.overview", "retrieve_dashboard", [part]);
    }

    get awaitedRows() {
        return [...Array(rows).keys()];
    }

    async open(figure, companyId = false, currencyId = false, age = null) {
        const action = await this.orm.call("upominky.overview", "action_open_figure", [
            figure,
            companyId,
            currencyId,
            age,
        ]);
        await this.action.doAction(action);
    }

    tone(figure) {
        const tones = {
            to_approve: "info",
            hold_ends: "info",
            limitation: "warning",
            letters: "info",
            uncertain: "warning",
            alleged_bounces: "warning",
        };
        const tone = this.state.waiting[figure] ? tones[figure] || "danger" : "secondary";
        return `bg-${tone}-subtle text-${tone}-emphasis`;
    }
}
