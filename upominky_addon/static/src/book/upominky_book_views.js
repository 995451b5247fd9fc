import {KanbanController} from "@web/views/kanban/kanban_controller";
import {RelationalModel} from "@web/model/relational_model/relational_model";
import {_t} from "@web/core/l10n/translation";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {UpominkyListController, ofUse, toldEmpty} from "@upominky_addon/book/upominky_empty";

// Groups by level are named in words: a bare "2" over a column says nothing.
class BookGroup extends RelationalModel.Group {
    setup(config, data) {
        super.setup(...arguments);
        if (this.groupByField.name === "level_order") {
            this.displayName = this.value ? _t("Reminder %s", this.value) : _t("Without a level");
        }
    }
}

class BookModel extends RelationalModel {
    static Group = BookGroup;
}

const views = registry.category("views");
views.add("upominky_book_kanban", {
    ...kanbanView,
    Controller: ofUse(KanbanController),
    Model: BookModel,
    Renderer: toldEmpty(kanbanView.Renderer),
});
views.add("upominky_book_list", {
    ...listView,
    Controller: UpominkyListController,
    Model: BookModel,
    Renderer: toldEmpty(listView.Renderer),
});
