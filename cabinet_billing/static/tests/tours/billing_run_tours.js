import { registry } from "@web/core/registry";
import { chooseTag, openTab, seeStatus, typeDate } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

// X20: Facturation > Création (factures uniquement); the patients and the period are chosen.
const chooseWhat = () => [
    {
        content: "Menu Facturation",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_billing']",
        run: "click",
    },
    {
        content: "Création (factures uniquement)",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_billing_runs']:contains(Création (factures uniquement))",
        run: "click",
    },
    {
        content: "The list of runs is there, not the list before",
        trigger: ".o_breadcrumb .active:contains(Création (factures uniquement)), .o_last_breadcrumb_item:contains(Création (factures uniquement))",
    },
    { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
    {
        content: "Période: open it",
        trigger: ".o_field_widget[name=date_from] button",
        run: "click",
    },
    {
        content: "Période du 01/03/2026",
        trigger: ".o_field_widget[name=date_from] input[data-field=date_from]",
        run: "edit 01/03/2026 && press Tab",
    },
    {
        content: "Période: open its end",
        trigger: ".o_field_widget[name=date_from] [data-field=date_to]",
        run: "click",
    },
    {
        content: "Période au 31/03/2026",
        trigger: ".o_field_widget[name=date_from] input[data-field=date_to]",
        run: "edit 31/03/2026 && press Tab",
    },
    ...typeDate("invoice_date", "31/03/2026"),
    {
        content: "Dossiers choisis",
        trigger: ".o_field_widget[name=scope] label:contains(Dossiers choisis)",
        run: "click",
    },
    ...chooseTag("patient_ids", "Camille Martin"),
];

const readSimulation = () => [
    {
        content: "Simuler la facturation",
        trigger: "button[name=action_simulate]:contains(Simuler la facturation)",
        run: "click",
    },
    {
        content: "The invoice to come: 420, payer 348, client 72",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Camille Martin):contains(420,00):contains(348,00):contains(72,00)",
    },
    { content: "Care left out", trigger: ".o_notebook a[name=skips]", run: "click" },
    {
        content: "What is not validated is left out, and why",
        trigger: ".o_field_widget[name=skip_ids] .o_data_row:contains(Pas encore validée)",
    },
    ...openTab("lines", "Factures"),
    {
        content: "Look at the invoice to come",
        trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=patient_id]",
        run: "click",
    },
    {
        content: "Its lines, and why",
        trigger: ".modal .o_field_widget[name=preview_html]:contains(Département de la Loire):contains(Net à payer)",
    },
    { content: "Close it", trigger: ".modal .btn-close", run: "click" },
];

const createAndValidate = () => [
    {
        content: "Créer les factures",
        trigger: "button[name=action_create_invoices]:contains(Créer les factures):not(:contains(sans))",
        run: "click",
    },
    {
        content: "Open the invoice",
        trigger: "button[name=action_open_invoices]",
        run: "click",
    },
    ...openTab("cabinet_financing", "Financement"),
    {
        content: "The hours counted, by day",
        trigger: ".o_field_widget[name=cabinet_piece_ids] .o_data_row:nth-child(4)",
    },
    {
        content: "Valider",
        trigger: "button[name=action_post]",
        run: "click",
    },
    ...seeStatus("Impayée"),
];

tours.add("cabinet_billing_run", {
    steps: () => [...chooseWhat(), ...readSimulation(), ...createAndValidate()],
});

// X38: the payer's part is credited, and its hours are free again.
tours.add("cabinet_financed_credit_note", {
    steps: () => [
        ...seeStatus("Impayée"),
        { content: "Avoir", trigger: "button[name=action_reverse]:contains(Avoir)", run: "click" },
        {
            content: "Motif",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Interventions non faites",
        },
        { content: "Émettre", trigger: ".modal button[name=refund_moves]", run: "click" },
        { content: "Valider the credit note", trigger: "button[name=action_post]", run: "click" },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Comptabilisé)",
        },
        ...openTab("cabinet_financing", "Financement"),
        {
            content: "The hours are given back",
            trigger: ".o_field_widget[name=cabinet_piece_ids] .o_data_row:contains(-04:00)",
        },
        ...openTab("cabinet_shares", "Parts"),
        {
            content: "The payer's share is credited",
            trigger: ".o_field_widget[name=cabinet_share_ids] .o_data_row:contains(Département de la Loire):contains(348,00)",
        },
    ],
});
