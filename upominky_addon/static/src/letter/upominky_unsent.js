import {Message} from "./upominky_message";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

// Shows the message of a reminder as it would be sent now, made by the code that sends.
class UpominkyUnsent extends Message {
    static template = "upominky_addon.Unsent";
    static props = {...standardWidgetProps};

    setup() {
        super.setup();
        this.action = useService("action");
        useRecordObserver((record) => {
            this.read(record);
        });
    }

    // Reads it anew where the record is another one, or was written since.
    async read(record) {
        const {own_subject, own_introduction, state, write_date} = record.data;
        const said = [own_subject, own_introduction];
        const version = [record.resId, state, write_date?.ts, ...said].join();
        if (!record.resId || version === this.version) {
            return;
        }
        this.version = version;
        const shown = await this.orm.call(record.resModel, "preview_letter", [[record.resId]]);
        if (version === this.version) {
            this.state.shown = shown;
        }
    }

    async change() {
        const {record} = this.props;
        const action = await this.orm.call(record.resModel, "action_edit_letter", [[record.resId]]);
        await this.action.doAction(action, {onClose: () => record.load()});
    }
}

registry.category("view_widgets").add("upominky_unsent", {component: UpominkyUnsent});

// Tells what was done, and opens the next one in the place of this one: the list stays behind it.
registry.category("actions").add("upominky_next", (env, {params}) => {
    const {title, message, type, sticky} = params;
    const {action, notification} = env.services;
    notification.add(message, {title, type, sticky});
    const {action: current, config} = action.currentController;
    // Of a page that was reloaded, or opened by its address, Odoo knows the list behind it by name
    // alone, and fails to switch.
    if (Object.values(current.controllers).some(({view}) => view.multiRecord)) {
        return action.switchView("form", {resId: params.next.res_id});
    }
    return action.doAction(params.next, {index: config.breadcrumbs.length - 1});
});
