import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openBordereaux = (menu) => [
    {
        content: "Menu Bordereaux",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_bordereaux']",
        run: "click",
    },
    { content: menu, trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`, run: "click" },
];

const press = (button) => [
    { content: button, trigger: `button[name=${button}]:not(:disabled)`, run: "click" },
];

// The month end of a home-care service: create, validate, send by e-mail and print the rest.
tours.add("cabinet_bordereau_month_end", {
    steps: () => [
        ...openBordereaux("menu_bordereau_create"),
        { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
        ...press("action_search"),
        {
            content: "Two payers, with counts and totals",
            trigger: ".o_data_row:contains(Département de la Loire):contains(130,00)",
        },
        { content: "The other one", trigger: ".o_data_row:contains(Mutuelle du Val)" },
        ...press("action_simulate"),
        {
            content: "The simulation",
            trigger: ".o_notebook a[name=simulation]",
            run: "click",
        },
        {
            content: "shows each bordereau to come",
            trigger: ".o_field_widget[name=simulation_html]:contains(Camille Martin)",
        },
        ...press("action_run"),
        { content: "Two bordereaux", trigger: "button[name=action_open_bordereaux]:contains(2)" },
        ...press("action_next"),
        {
            content: "They are listed to validate",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Mutuelle du Val)",
        },
        ...press("action_run"),
        {
            content: "They have numbers",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(BD-)",
        },
        ...press("action_next"),
        {
            content: "A yellow triangle where no e-mail can go out",
            trigger:
                ".o_data_row:contains(Mutuelle du Val) button[name=action_show_problem] .text-warning",
        },
        {
            content: "and no box to tick for e-mail there",
            trigger:
                ".o_data_row:contains(Mutuelle du Val):not(:has([name=selected] .o_boolean_toggle))",
        },
        {
            content: "The other one is ticked for e-mail",
            trigger:
                ".o_data_row:contains(Département de la Loire) [name=selected] input:checked",
        },
        ...press("action_run"),
        {
            content: "It waits in the mail queue",
            trigger: ".o_data_row:contains(Département de la Loire).text-success",
        },
        ...press("action_print_lot"),
        {
            content: "The other one is printed",
            trigger: ".o_data_row:contains(Mutuelle du Val).text-success",
        },
        ...openBordereaux("menu_bordereau_sendings"),
        { content: "Envois: the e-mail", trigger: ".o_data_row:contains(apa@example.org)" },
        { content: "Envois: the paper", trigger: ".o_data_row:contains(Mutuelle du Val)" },
    ],
});

// From the payer: the tab Bordereaux, a new one by the green plus, one cancelled with a reason.
tours.add("cabinet_bordereau_of_payer", {
    steps: () => [
        { content: "Tab Bordereaux", trigger: ".o_notebook a[name=bordereaux]", run: "click" },
        ...press("action_new_bordereau"),
        ...press("action_search"),
        { content: "This payer only", trigger: ".o_data_row:contains(Département de la Loire)" },
        ...press("action_run"),
        ...press("action_open_bordereaux"),
        { content: "The bordereau", trigger: ".o_field_widget[name=amount_total]:contains(130,00)" },
        ...press("action_validate"),
        { content: "has a number", trigger: "h1 .o_field_widget[name=name]:contains(BD-)" },
        {
            content: "What to deposit where",
            trigger: ".alert .o_field_widget[name=deposit_note]:contains(Chorus)",
        },
        ...press("action_cancel"),
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Mauvaise période",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        {
            content: "The reason is in the thread",
            trigger: ".o-mail-Message:contains(Mauvaise période)",
        },
    ],
});
