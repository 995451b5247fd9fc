import {Message} from "./upominky_message";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {debounce} from "@web/core/utils/timing";
import {onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";

const WAIT = 300;
// What of a form is the text of a message.
const TEXTS = {"mail.template": ["subject", "body_html"], "upominky.level": ["text_template"]};

// Shows, beside the text that is being written, what it says to a customer, before it is saved.
class UpominkyBeside extends Message {
    static template = "upominky_addon.Beside";
    static components = {RecordSelector};
    static props = {...standardWidgetProps};

    setup() {
        super.setup();
        this.state.partner = null; // the one whom the rule covers; false: one who is made up
        this.state.isText = this.props.record.resModel === "upominky.level";
        this.readLater = debounce(() => this.read(), WAIT);
        useRecordObserver((record) => {
            this.values = Object.fromEntries(
                TEXTS[record.resModel].map((name) => [name, String(record.data[name] || "")])
            );
            this.readLater();
        });
        onWillUnmount(() => this.readLater.cancel());
    }

    get level() {
        const {record} = this.props;
        return record.resModel === "upominky.level"
            ? record.resId
            : record.context.upominky_level_id;
    }

    async read() {
        const asked = JSON.stringify([this.level, this.state.partner, this.values]);
        if (!this.level || asked === this.asked) {
            return;
        }
        this.asked = asked;
        const shown = await this.orm.call("upominky.level", "preview_text", [
            [this.level],
            this.state.partner,
            this.values,
        ]);
        if (asked === this.asked) {
            this.state.shown = shown;
        }
    }

    choose(partner) {
        this.state.partner = partner;
        this.read();
    }
}

registry.category("view_widgets").add("upominky_beside", {component: UpominkyBeside});
