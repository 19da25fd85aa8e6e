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

// The accounting export: the option says what it does, the file comes with its control totals.
tours.add("cabinet_journal_export", {
    steps: () => [
        ...openMenu("menu_journal_export"),
        {
            content: "Décomposer les factures par financement",
            trigger: ".modal label:contains(Décomposer les factures par financement)",
        },
        {
            content: "Each payer on its own account",
            trigger: ".modal p.text-muted:contains(auxiliaire)",
        },
        {
            content: "The shares together",
            trigger: ".modal .o_field_widget[name=split_shares] input:checked",
            run: "click",
        },
        {
            content: "The window says what is merged",
            trigger: ".modal p.text-muted:contains(échéances)",
        },
        {
            content: "As CSV",
            trigger: ".modal .o_field_widget[name=file_format] input[data-value=csv]",
            run: "click",
        },
        { content: "Exporter", trigger: ".modal button[name=action_export]", run: "click" },
        {
            content: "The file is there, with its totals",
            trigger: ".modal .alert-success .o_field_widget[name=line_count]:contains(2)",
        },
        {
            content: "Its name says the period",
            trigger: ".modal .o_field_widget[name=file]:contains(.csv)",
        },
        {
            content: "Excel instead",
            trigger: ".modal .o_field_widget[name=file_format] input[data-value=xlsx]",
            run: "click",
        },
        { content: "The old file is gone", trigger: ".modal:not(:has(.alert-success))" },
        { content: "Exporter", trigger: ".modal button[name=action_export]", run: "click" },
        {
            content: "The other file",
            trigger: ".modal .o_field_widget[name=file]:contains(.xlsx)",
        },
        { content: "Fermer", trigger: ".modal .modal-footer button.btn-secondary", run: "click" },
    ],
});

// What payers owe: in Odoo's analysis of invoices, and by payer.
tours.add("cabinet_invoice_analysis", {
    steps: () => [
        {
            content: "Menu Analyse",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_analysis']",
            run: "click",
        },
        {
            content: "Analyse des factures",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_analysis_invoices']",
            run: "click",
        },
        { content: "Columns", trigger: ".o_pivot th:contains(Montant dû client)" },
        { content: "Columns", trigger: ".o_pivot th:contains(Montant réglé organisme)" },
        { content: "Columns", trigger: ".o_pivot th:contains(Reste à régler organisme)" },
        { content: "As a graph", trigger: ".o_switch_view.o_graph", run: "click" },
        { content: "The graph is drawn", trigger: ".o_graph_renderer canvas" },
        {
            content: "Menu Analyse",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_analysis']",
            run: "click",
        },
        {
            content: "Analyse par organisme",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_analysis_shares']",
            run: "click",
        },
        { content: "The payer's row", trigger: ".o_pivot th:contains(CPAM de Paris)" },
        { content: "As a list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "The share opens its invoice",
            trigger: ".o_data_row:contains(CPAM de Paris) td[name=partner_id]",
            run: "click",
        },
        { content: "The invoice", trigger: ".o_form_view .o_field_widget[name=payer_amount]" },
    ],
});
