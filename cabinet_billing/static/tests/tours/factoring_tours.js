import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openFactoring = (menu) => [
    {
        content: "Menu Factoring",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_factoring']",
        run: "click",
    },
    { content: menu, trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`, run: "click" },
];

const press = (button) => [
    { content: button, trigger: `button[name=${button}]:not(:disabled)`, run: "click" },
];

const seeState = (state) => [
    {
        content: `The order is ${state}`,
        trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]`,
    },
];

// From the selection to the acquittal; a second order is refused meanwhile.
tours.add("cabinet_factoring_order", {
    steps: () => [
        ...openFactoring("menu_factoring_to_send"),
        {
            content: "What stops an invoice is told before the order is made",
            trigger: ".o_data_row.text-danger:contains(Sans Adresse)",
        },
        {
            content: "Choose all of them",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        ...press("action_cabinet_make_order"),
        ...seeState("draft"),
        {
            content: "The faulty one is left out",
            trigger: ".o_notebook a[name=dropped]",
            run: "click",
        },
        {
            content: "with the reason",
            trigger: ".o_field_widget[name=dropped_line_ids] .o_data_row:contains(Sans Adresse)",
        },
        { content: "Back", trigger: ".o_notebook a[name=lines]", run: "click" },
        ...press("action_prepare"),
        ...seeState("prepared"),
        { content: "It has a number", trigger: "h1 .o_field_widget[name=name]:contains(FO-)" },
        ...press("action_send"),
        ...seeState("sent"),
        ...openFactoring("menu_factoring_orders"),
        {
            content: "The second order",
            trigger: ".o_data_row:not(:contains(FO-)) td[name=contract_id]",
            run: "click",
        },
        {
            content: "cannot go out until the first one has arrived",
            trigger: ".alert-warning .o_field_widget[name=notice]:contains(FO-)",
        },
        { content: "No button", trigger: ".o_form_view:not(:has(button[name=action_prepare]))" },
        ...openFactoring("menu_factoring_orders"),
        {
            content: "The first order",
            trigger: ".o_data_row:contains(FO-) td[name=contract_id]",
            run: "click",
        },
        ...press("action_arrive"),
        ...seeState("arrived"),
        ...press("action_acquit"),
        {
            content: "All selected, the date is fixed",
            trigger: ".modal .o_field_widget[name=invoice_count]:contains(2)",
        },
        { content: "Acquit", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeState("acquitted"),
        ...press("action_open_invoices"),
        {
            content: "An asterisk beside the balance",
            trigger: ".o_data_row [name=cabinet_factored_mark]:contains(*)",
        },
    ],
});
