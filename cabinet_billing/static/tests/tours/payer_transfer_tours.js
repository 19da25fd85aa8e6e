import { registry } from "@web/core/registry";
import { openTab, pickMany2one, typeIn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const press = (button) => [
    { content: button, trigger: `button[name=${button}]:not(:disabled)`, run: "click" },
];

const openMenu = (root, menu, title) => [
    { content: root, trigger: `[data-menu-xmlid='cabinet_billing.${root}']`, run: "click" },
    { content: menu, trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`, run: "click" },
    {
        content: "The list is there, not the page before",
        trigger: `.o_breadcrumb .active:contains(${title}), .o_last_breadcrumb_item:contains(${title})`,
    },
];

const askPayers = () => [
    ...openMenu("menu_bordereaux", "menu_bordereau_create", "Création de bordereaux"),
    { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
    ...press("action_search"),
    {
        content: "What the payer owes of the month",
        trigger: ".o_data_row:contains(Département de la Loire):contains(150,00)",
    },
    ...press("action_run"),
    { content: "One for each", trigger: "button[name=action_open_bordereaux]:contains(2)" },
    ...press("action_next"),
    {
        content: "They are listed to validate",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Dominique Roux)",
    },
    ...press("action_run"),
    {
        content: "They have numbers",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(BD-)",
    },
    ...press("action_next"),
    {
        content: "No e-mail: a yellow triangle, and paper",
        trigger: ".o_data_row:contains(Dominique Roux) button[name=action_show_problem]",
    },
    ...press("action_print_lot"),
    {
        content: "They are printed, to be posted",
        trigger: ".o_data_row:contains(Dominique Roux).text-success",
    },
];

const receiveTransfer = () => [
    ...openMenu("menu_payers_root", "menu_payer_transfers", "Règlements"),
    { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
    { content: "An empty payment", trigger: ".o_form_view .o_field_widget[name=reference] input" },
    ...pickMany2one("payer_id", "Département de la Loire"),
    ...typeIn("amount", "130"),
    ...typeIn("reference", "VIR APA DU MOIS"),
    ...press("action_match"),
    {
        content: "Automatiser association finds the first bordereau",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(50,00) [name=explanation]",
    },
    { content: "The slip says 150", trigger: ".o_field_widget[name=line_ids]:not(:contains(20,00))" },
    ...typeIn("amount", "150"),
    ...press("action_add"),
    ...pickMany2one("bordereau_ids", "BD-"),
    {
        content: "The other bordereau is chosen",
        trigger: ".modal .o_field_widget[name=bordereau_ids] .o_tag:contains(BD-)",
    },
    { content: "Ventiler", trigger: ".modal button[name=action_submit]", run: "click" },
    { content: "The window closes", trigger: "body:not(:has(.modal))" },
    {
        content: "Its line is settled with what was left",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Dominique Roux):contains(20,00)",
    },
    ...press("action_post"),
    { content: "It is recorded", trigger: "button[name=action_cancel]" },
];

// A whole month end: asked, validated, posted; the payer's transfer comes back and settles it.
tours.add("cabinet_payer_month_end", {
    steps: () => [
        ...askPayers(),
        ...receiveTransfer(),
        ...press("action_open_bordereaux"),
        {
            content: "The first bordereau is paid",
            trigger: ".o_data_row:contains(Camille Martin):contains(130,00):contains(Payé)",
        },
        {
            content: "and the other one",
            trigger: ".o_data_row:contains(Dominique Roux):contains(20,00):contains(Payé)",
        },
    ],
});

// From the payer: the tab Règlements, the green plus, a payment that is found and validated.
tours.add("cabinet_payer_transfer", {
    steps: () => [
        ...openTab("payments", ""),
        ...press("action_new_payer_transfer"),
        { content: "A new payment of this payer", trigger: ".o_field_widget[name=amount] input" },
        ...typeIn("amount", "100"),
        ...typeIn("reference", "VIR APA BD MARS"),
        ...press("action_match"),
        {
            content: "The lines are found by their amount, with why",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(100,00) [name=explanation]",
        },
        ...press("action_post"),
        {
            content: "It is recorded",
            trigger: "button[name=action_cancel]",
        },
        ...press("action_open_bordereaux"),
        {
            content: "The bordereau shows what was paid, red while partial",
            trigger: ".o_field_widget[name=amount_paid].text-danger:contains(100,00)",
        },
        ...openTab("payments", ""),
        {
            content: "and the payment",
            trigger: ".o_field_widget[name=payer_transfer_ids] .o_data_row:contains(VIR APA)",
        },
    ],
});

// From the bordereau: what is not paid is contested, with a reason.
tours.add("cabinet_bordereau_contest", {
    steps: () => [
        ...press("action_decide"),
        {
            content: "What is left is listed",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(100,00)",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Plafond dépassé",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        {
            content: "The line says so",
            trigger: ".o_field_widget[name=kept_line_ids] .o_data_row:contains(Plafond dépassé)",
        },
    ],
});
