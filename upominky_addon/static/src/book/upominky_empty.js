import {ActionHelper} from "@web/views/action_helper";
import {ListController} from "@web/views/list/list_controller";
import {_t} from "@web/core/l10n/translation";
import {evaluateBooleanExpr} from "@web/core/py_js/py";
import {exportAllItem} from "@web/views/list/export_all/export_all";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

// What an empty page says: that there is nothing, or that the search finds none of what there is.
export class EmptyHelper extends ActionHelper {
    setup() {
        const {searchModel} = this.env;
        const orm = useService("orm");
        onWillStart(async () => {
            this.isAny = Boolean(
                searchModel &&
                    (await orm.searchCount(searchModel.resModel, searchModel.globalDomain, {
                        context: searchModel.globalContext,
                        limit: 1,
                    }))
            );
        });
    }

    get isNarrowed() {
        const facets = (this.env.searchModel && this.env.searchModel.facets) || [];
        return this.isAny && !this.isAsOpened && facets.some((facet) => facet.type !== "groupBy");
    }

    // The help of some pages speaks of what they show when they are opened.
    get isAsOpened() {
        const {globalContext, query, searchItems} = this.env.searchModel;
        const defaults = Object.values(searchItems).filter((item) => item.isDefault);
        const chosen = new Set(query.map((element) => element.searchItemId));
        return (
            globalContext.upominky_help_as_opened &&
            chosen.size === defaults.length &&
            defaults.every((item) => chosen.has(item.id))
        );
    }

    get showDefaultHelper() {
        return this.isNarrowed || super.showDefaultHelper;
    }

    get title() {
        return this.isNarrowed && _t("Nothing matches the search");
    }

    get description() {
        return this.isNarrowed && _t("Take the filters out of the search above to see the rest.");
    }
}

// A renderer, or a controller that draws the help itself, whose empty page tells which it is.
export function toldEmpty(Part) {
    return class extends Part {
        static components = {...Part.components, ActionHelper: EmptyHelper};
    };
}

// A controller that shows a button over chosen records only if it is of use to one of them.
export function ofUse(Controller) {
    return class extends Controller {
        evalViewModifier(modifier) {
            const {isDomainSelected, selection} = this.model.root;
            if (!modifier || isDomainSelected) {
                return false; // of the records on other pages nothing is known here
            }
            return selection.every((record) => evaluateBooleanExpr(modifier, record.evalContext));
        }
    };
}

// Our lists: they export for all who read them; the server checks that they may.
export class UpominkyListController extends ofUse(ListController) {
    get isExportEnable() {
        return true;
    }

    set isExportEnable(_allowed) {
        // Odoo asks for its right to export everything.
    }
}

const IS_OURS = /^upominky_/;

registry.category("cogMenu").add(
    "upominky-export-all",
    {
        ...exportAllItem,
        isDisplayed: async (env) =>
            env.config.viewType === "list" &&
            IS_OURS.test(env.config.viewArch.getAttribute("js_class")) &&
            !env.model.root.selection.length &&
            !(await exportAllItem.isDisplayed(env)),
    },
    {sequence: 10}
);

registry.category("views").add("upominky_list", {
    ...listView,
    Controller: UpominkyListController,
    Renderer: toldEmpty(listView.Renderer),
});

// What phones show in place of a list.
registry.category("views").add("upominky_cards", {
    ...kanbanView,
    Renderer: toldEmpty(kanbanView.Renderer),
});
