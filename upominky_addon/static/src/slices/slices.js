import {Component, onMounted, onWillDestroy, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const TAG = "upominky_slices";

// Work that is done slice by slice: how far it is, until it is done or the user leaves.
export class Slices extends Component {
    static components = {Dialog};
    static props = ["params", "onDone", "close"];
    static template = "upominky_addon.Slices";

    setup() {
        this.orm = useService("orm");
        this.state = useState({...this.props.params});
        onMounted(() => this.goOn(this.props.params));
        onWillDestroy(() => (this.isLeft = true));
    }

    get percent() {
        return Math.round((100 * this.state.done) / (this.state.total || 1));
    }

    async goOn(params) {
        let next = {tag: TAG, params};
        try {
            while (next.tag === TAG && !this.isLeft) {
                Object.assign(this.state, next.params);
                const {model, method, args, kwargs} = next.params;
                next = await this.orm.call(model, method, args, kwargs);
            }
        } catch (error) {
            this.props.close();
            throw error;
        }
        if (!this.isLeft) {
            this.props.close();
            this.props.onDone(next);
        }
    }
}

registry.category("actions").add(TAG, (env, {params}) => {
    // A link may name this action too, and then its words are whose link it is: texts and numbers,
    // never a list. What is called is for the server to say alone.
    if (!Array.isArray(params?.args)) {
        return;
    }
    env.services.dialog.add(Slices, {
        params,
        onDone: (action) => env.services.action.doAction(action),
    });
});
