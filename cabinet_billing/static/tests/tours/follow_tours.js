import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openMenu = (root, menu) => [
    {
        content: root,
        trigger: `[data-menu-xmlid='cabinet_billing.${root}']`,
        run: "click",
    },
    { content: menu, trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`, run: "click" },
];

// A tile, its list with that row, and back by the breadcrumb.
const openTile = (key, row) => [
    {
        content: `The tile ${key} has its count`,
        trigger: `.o_cabinet_tile[data-key=${key}]:has(.o_cabinet_tile_count:not(:contains(/^0$/)))`,
        run: "click",
    },
    { content: `The list of ${key}`, trigger: row },
    { content: "Back", trigger: ".o_back_button a, .breadcrumb-item a", run: "click" },
    { content: "The dashboard again", trigger: `.o_cabinet_tile[data-key=${key}]` },
];

tours.add("cabinet_dashboard", {
    steps: () => [
        ...openMenu("menu_bordereaux", "menu_dashboard"),
        ...openTile("to_bill", ".o_list_view .o_group_header, .o_list_view .o_data_row"),
        ...openTile("drafts", ".o_list_view .o_data_row:contains(Camille Martin)"),
        ...openTile("to_ask", ".o_list_view .o_data_row:contains(Département de la Loire)"),
        ...openTile("late", ".o_list_view .o_data_row:contains(Mutuelle du Val)"),
        ...openTile("silent", ".o_list_view .o_data_row td[name=explanation]:contains(30)"),
        ...openTile("deadlines", ".o_list_view .o_data_row:not(.text-danger):contains(80)"),
        ...openTile("passed", ".o_list_view .o_data_row.text-danger:contains(81)"),
        {
            content: "A tile without anything opens an empty list",
            trigger: ".o_cabinet_tile_none[data-key=disputed]",
            run: "click",
        },
        { content: "Nothing", trigger: ".o_list_view .o_view_nocontent" },
        { content: "Back", trigger: ".o_back_button a, .breadcrumb-item a", run: "click" },
        {
            content: "Refresh",
            trigger: "button[name=reload]:not(:disabled)",
            run: "click",
        },
        {
            content: "The tiles are still there",
            trigger: ".o_action_manager:has(button[name=reload]:not(:disabled)) .o_cabinet_tile",
        },
        ...openMenu("menu_bordereaux", "menu_silent_claims"),
        {
            content: "The silent claim opens its bordereau",
            trigger: ".o_list_view .o_data_row td[name=payer_id]",
            run: "click",
        },
        { content: "The bordereau", trigger: ".o_form_view .o_field_widget[name=amount_left]" },
        ...openMenu("menu_bordereaux", "menu_claim_deadlines"),
        { content: "Two claims", trigger: ".o_list_view .o_data_row.text-danger" },
    ],
});

tours.add("cabinet_ageing", {
    steps: () => [
        ...openMenu("menu_analysis", "menu_ageing"),
        { content: "The day", trigger: ".modal .o_field_widget[name=date]" },
        { content: "Show", trigger: ".modal button[name=action_show]", run: "click" },
        {
            content: "One line for each payer",
            trigger: ".o_list_view .o_group_header:contains(Département de la Loire):contains(161)",
            run: "click",
        },
        { content: "Its documents", trigger: ".o_list_view .o_data_row:contains(81)" },
        { content: "As a table", trigger: ".o_switch_view.o_pivot", run: "click" },
        { content: "The table", trigger: ".o_pivot th:contains(Mutuelle du Val)" },
        { content: "As a list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "A payer",
            trigger: ".o_list_view .o_group_header:contains(Mutuelle du Val)",
            run: "click",
        },
        {
            content: "A document",
            trigger: ".o_list_view .o_data_row:contains(82) td[name=move_id]",
            run: "click",
        },
        { content: "The invoice", trigger: ".o_form_view .o_field_widget[name=payer_amount]" },
    ],
});
