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

// A file as the secretary chooses it from the disk.
const chooseFile = (name, text) => ({
    content: `Fichier ${name}`,
    trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
    async run() {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type: "text/csv" }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

const openDashboard = () => [
    {
        content: "Menu Bordereaux",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_bordereaux']",
        run: "click",
    },
    {
        content: "Tableau de bord",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_dashboard']",
        run: "click",
    },
];

const COLUMNS =
    "type;seq;event_id;date;value_date;invoice_no;factor_ref;patient_no;patient_name;amount" +
    ";vat_rate;vat_amount;level;flag;reason;text";

// The factor answers an order: what it accepts has arrived, what it rejects is mended.
tours.add("cabinet_factoring_ack", {
    steps: () => [
        ...openFactoring("menu_factoring_orders"),
        {
            content: "The order that was sent",
            trigger: ".o_data_row:contains(FO-) td[name=contract_id]",
            run: "click",
        },
        ...seeState("sent"),
        ...press("action_import_ack"),
        chooseFile("bonjour.txt", "Bonjour"),
        {
            content: "What is no answer is refused, nothing can be confirmed",
            trigger:
                ".modal .alert-danger .o_field_widget[name=problem]:contains(generalInvoiceResponse)",
        },
        { content: "No button", trigger: ".modal:not(:has(button[name=action_submit]))" },
        {
            content: "Another file",
            trigger: ".modal .o_field_widget[name=file] .o_clear_file_button",
            run: "click",
        },
        chooseFile(
            "accuse.csv",
            [
                "#HDR;MAND01;2026-04;01.04.2026;30.04.2026;CHF;0.00;0.00;3",
                COLUMNS,
                "ACK;1;E1;01.04.2026;;TOUR/1;;;;100.00;;;;;;",
                "REJ;2;E2;01.04.2026;;TOUR/2;;;;;;;;;;Adresse inconnue",
                "ACK;3;E3;01.04.2026;;F-9999;;;;;;;;;;",
                "",
            ].join("\r\n")
        ),
        {
            content: "The preview shows what is rejected, and why",
            trigger:
                ".modal .o_field_widget[name=preview_html] tr:contains(TOUR/2):contains(Adresse inconnue)",
        },
        {
            content: "The unknown invoice stands out",
            trigger: ".modal .o_field_widget[name=preview_html] tr.table-warning:contains(F-9999)",
        },
        {
            content: "The order will have arrived",
            trigger: ".modal .o_field_widget[name=preview_html] .alert-success",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeState("arrived"),
        {
            content: "The factor's words on the line",
            trigger:
                ".o_field_widget[name=kept_line_ids] .o_data_row:contains(TOUR/2):contains(Adresse inconnue)",
        },
        { content: "The files", trigger: ".o_notebook a[name=acks]", run: "click" },
        {
            content: "The answers of the file",
            trigger: ".o_field_widget[name=ack_ids] .o_data_row button[name=action_open]",
            run: "click",
        },
        {
            content: "The unknown one is parked",
            trigger: ".o_field_widget[name=line_ids] .o_data_row.text-warning:contains(F-9999)",
        },
        ...openDashboard(),
        {
            content: "One order to acquit",
            trigger: ".o_cabinet_tile[data-key=factoring_acquit]:contains(1)",
        },
        {
            content: "One invoice to mend",
            trigger: ".o_cabinet_tile[data-key=factoring_rejected]:contains(1)",
            run: "click",
        },
        {
            content: "with what the factor says",
            trigger: ".o_data_row.text-danger:contains(TOUR/2):contains(Adresse inconnue)",
        },
        {
            content: "It is mended",
            trigger: ".o_data_row:contains(TOUR/2) button[name=action_cabinet_factoring_mended]",
            run: "click",
        },
        { content: "Nothing is left to mend", trigger: ".o_list_view:not(:has(.o_data_row))" },
        ...openDashboard(),
        {
            content: "It waits for the next order",
            trigger: ".o_cabinet_tile[data-key=factoring_to_send]:contains(1)",
            run: "click",
        },
        { content: "There it is", trigger: ".o_data_row:contains(TOUR/2)" },
    ],
});
