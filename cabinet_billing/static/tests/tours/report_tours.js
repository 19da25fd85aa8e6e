import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openMenu = (menu) => [
    {
        content: "Menu Facturation",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_billing']",
        run: "click",
    },
    {
        content: menu,
        trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`,
        run: "click",
    },
];

// What waits, what was given back, what came in: each list opens from the menu and shows its rows.
tours.add("cabinet_money_lists", {
    steps: () => [
        ...openMenu("menu_credits"),
        {
            content: "The advance waits, grouped by age",
            trigger: ".o_group_header:contains(jours)",
        },
        ...openMenu("menu_refunds"),
        {
            content: "The refund is listed",
            trigger: ".o_data_row:contains(Camille Martin) .badge:contains(Effectué)",
        },
        ...openMenu("menu_cash_book"),
        { content: "The cash book, by day", trigger: ".o_group_header" },
        {
            content: "As a table",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        { content: "Client and payer side by side", trigger: ".o_pivot th:contains(Client)" },
    ],
});

// The statement of account, on screen.
tours.add("cabinet_statement", {
    steps: () => [
        {
            content: "Relevé de compte",
            trigger: "button[name=action_cabinet_statement]",
            run: "click",
        },
        {
            content: "The window names the patient",
            trigger: ".modal .o_field_widget[name=partner_ids]:contains(Camille Martin)",
        },
        { content: "Afficher", trigger: ".modal button[name=action_show]", run: "click" },
        {
            content: "The statement is on the screen",
            trigger: ":iframe .article:contains(Camille Martin)",
        },
    ],
});
