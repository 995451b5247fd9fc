import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

// What is overdue, what waits for a person, what the jobs did and will do: above the list of
// reminders that wait. Each figure opens the list that it counts.
export class UpominkyOverview extends Component {
    static template = "upominky_addon.Overview";
    static props = {list: {type: Object, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({});
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        Object.assign(
            this.state,
            await this.orm.call("upominky.overview", "retrieve_dashboard", [])
        );
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
            uncertain: "warning",
            alleged_bounces: "warning",
        };
        const tone = this.state.waiting[figure] ? tones[figure] || "danger" : "secondary";
        return `bg-${tone}-subtle text-${tone}-emphasis`;
    }
}
