import { registry } from "@web/core/registry";
import {
    chooseType,
    openPaymentsTab,
    openPayWindow,
    seeStatus,
    submit,
    typeAmount,
} from "./tour_helpers";

const tours = registry.category("web_tour.tours");

// S8 to S12: a part first, then the rest.
tours.add("cabinet_part_payment", {
    steps: () => [
        ...seeStatus("Impayée"),
        ...openPayWindow(),
        ...typeAmount("20"),
        ...submit(),
        ...seeStatus("Partiellement payée"),
        ...openPayWindow(),
        ...submit(),
        ...seeStatus("Payée"),
        ...openPaymentsTab(),
        {
            content: "Both payments are visible",
            trigger: ".o_field_widget[name=allocation_ids] .o_data_row:nth-child(2)",
        },
    ],
});

// S13, S14: a payment is deleted with its reason; the invoice is due again.
tours.add("cabinet_cancel_payment", {
    steps: () => [
        ...seeStatus("Payée"),
        ...openPaymentsTab(),
        {
            content: "Modifier ou supprimer",
            trigger: ".o_data_row button[name=action_cancel_source]",
            run: "click",
        },
        {
            content: "Motif",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Chèque retourné",
        },
        {
            content: "Supprimer",
            trigger: ".modal button[name=action_submit]:contains(Supprimer)",
            run: "click",
        },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeStatus("Impayée"),
    ],
});

// S2 to S5: a new type, used at once.
tours.add("cabinet_payment_type", {
    steps: () => [
        { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Nom: TPE",
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit TPE Ingenico",
        },
        { content: "Enregistrer", trigger: ".o_list_button_save", run: "click" },
        { content: "The type is in the list", trigger: ".o_data_row:contains(TPE Ingenico)" },
        {
            content: "Menu Facturation",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_billing']",
            run: "click",
        },
        {
            content: "À encaisser",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_to_collect']",
            run: "click",
        },
        {
            content: "Open the invoice",
            trigger: ".o_data_row td[name=patient_id]:contains(Camille Martin)",
            run: "click",
        },
        ...openPayWindow(),
        ...chooseType("TPE Ingenico"),
        ...submit(),
        ...seeStatus("Payée"),
    ],
});
