import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const press = (button) => [
    { content: button, trigger: `button[name=${button}]:not(:disabled)`, run: "click" },
];

// Relances tiers-payeurs: search, one by e-mail, one by letter, one left out; then the history.
tours.add("cabinet_reminder_run", {
    steps: () => [
        {
            content: "Menu Tiers-payeurs",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_payers_root']",
            run: "click",
        },
        {
            content: "Relances",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_reminder_runs']",
            run: "click",
        },
        {
            content: "The list is there, not the page before",
            trigger: ".o_breadcrumb .active:contains(Relances tiers-payeurs), .o_last_breadcrumb_item:contains(Relances tiers-payeurs)",
        },
        { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
        { content: "Niveau de relance", trigger: ".o_field_widget[name=level_id] input" },
        { content: "Méthode d'envoi", trigger: ".o_field_widget[name=method]" },
        ...press("action_search"),
        {
            content: "The payer with an address is ticked, with its total",
            trigger:
                ".o_data_row:contains(Département de la Loire):contains(80,00) [name=selected] input:checked",
        },
        {
            content: "A yellow triangle instead of the tick box where there is no e-mail",
            trigger:
                ".o_data_row:contains(Mutuelle du Val):not(:has([name=selected] .o_boolean_toggle)) button[name=action_show_problem] .text-warning",
        },
        {
            content: "and paper is offered",
            trigger: ".o_data_row:contains(Mutuelle du Val) [name=on_paper] input:checked",
        },
        { content: "Who is left out", trigger: ".o_notebook a[name=skips]", run: "click" },
        {
            content: "and why",
            trigger: ".o_field_widget[name=skip_ids] .o_data_row:contains(CCAS de Roanne)",
        },
        { content: "Back to the payers", trigger: ".o_notebook a[name=lines]", run: "click" },
        ...press("action_send"),
        {
            content: "The e-mail waits to leave",
            trigger: ".o_data_row:contains(Département de la Loire).text-success",
        },
        {
            content: "The letter is printed",
            trigger: ".o_data_row:contains(Mutuelle du Val).text-success",
        },
        { content: "The lot", trigger: "button[name=action_download_lot]" },
        ...press("action_open_reminders"),
        {
            content: "Two reminders in the history",
            trigger: ".o_list_view .o_data_row:contains(apa@example.org)",
        },
        {
            content: "Menu Tiers-payeurs",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_payers_root']",
            run: "click",
        },
        {
            content: "Payers",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_payers']",
            run: "click",
        },
        {
            content: "The payer",
            trigger:
                ".o_data_row:has([name=payer_category_id]) .o_data_cell:contains(Mutuelle du Val)",
            run: "click",
        },
        { content: "Tab Envois", trigger: ".o_notebook a[name=sendings]", run: "click" },
        {
            content: "The letter is archived there",
            trigger:
                ".o_field_widget[name=payer_sending_ids] .o_data_row button[name=action_open_file]",
        },
    ],
});
