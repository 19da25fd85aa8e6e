import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What waits to be done in the practice: each tile has a count, its amounts, and its list. */
export class CabinetDashboard extends Component {
    static template = "cabinet_billing.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ status: "loading", data: null });
        // Not awaited: the screen shows that it loads, and a failure, instead of nothing.
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        this.state.status = "loading";
        try {
            this.state.data = await this.orm.silent.call(
                "cabinet.dashboard",
                "get_dashboard_data",
                []
            );
            this.state.status = "ready";
        } catch {
            this.state.status = "failed";
        }
    }

    async open(tile) {
        const action = await this.orm.call("cabinet.dashboard", "open_tile", [tile.key]);
        // The action's own help is HTML, as where the server sends an action to a button.
        action.help = action.help && markup(action.help);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("cabinet_dashboard", CabinetDashboard);
