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

const seeState = (state) => [
    {
        content: `The statement is ${state}`,
        trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]`,
    },
];

const COLUMNS =
    "type;seq;event_id;date;value_date;invoice_no;factor_ref;patient_no;patient_name;amount;" +
    "vat_rate;vat_amount;level;flag;reason;text";

// A file as the secretary chooses it from the disk.
const chooseFile = (name, lines) => ({
    content: `File ${name}`,
    trigger: ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
    async run() {
        const files = new DataTransfer();
        const text = [...lines, ""].join("\r\n");
        files.items.add(new File([text], name, { type: "text/csv" }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

// A file is read and looked at; what nobody knows is assigned by a person; then it is posted.
tours.add("cabinet_factoring_import", {
    steps: () => [
        ...openFactoring("menu_factoring_import"),
        chooseFile("deb.csv", [
            "#HDR;MAND01;2026-03;01.03.2026;31.03.2026;;0.00;100.00;4",
            COLUMNS,
            "PAY;1;;05.03.2026;;TOUR/1;;;Camille Martin;100.00;;;;;;",
            "PAY;2;;05.03.2026;;INCONNUE;;;Camille Martin;60.00;;;;;;",
            "FEE;3;;31.03.2026;;;;;;10.00;;;;;;Commission",
            "OUT;4;;31.03.2026;;;;;;50.00;;;;;;",
        ]),
        {
            content: "The file is there",
            trigger: ".modal .o_field_widget[name=attachment_ids] .o_attachment:contains(deb)",
        },
        { content: "Read it", trigger: ".modal button[name=action_import]", run: "click" },
        ...seeState("read"),
        {
            content: "What is known is ready",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR/1) .text-bg-info",
        },
        {
            content: "What is not known waits: assign it",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(INCONNUE) button[name=action_decide]",
            run: "click",
        },
        {
            content: "The likely invoice is proposed",
            trigger: ".modal .o_field_widget[name=suggestion_ids] .o_data_row:contains(TOUR/2)",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        {
            content: "It is ready now",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(INCONNUE) .text-bg-info",
        },
        { content: "Totals", trigger: ".o_notebook a[name=totals]", run: "click" },
        {
            content: "by event",
            trigger: ".o_field_widget[name=totals_html] tfoot:contains(100)",
        },
        { content: "Post", trigger: "button[name=action_post]:not(:disabled)", run: "click" },
        ...seeState("posted"),
    ],
});

// A manager takes the whole import back.
tours.add("cabinet_factoring_control", {
    steps: () => [
        ...openFactoring("menu_factoring_control"),
        { content: "Compare", trigger: "button[name=action_refresh]", run: "click" },
        {
            content: "The last statement is compared",
            trigger: ".o_field_widget[name=statement_id]:contains(2026-03)",
        },
        {
            content: "The accounts agree",
            trigger: ".o_notebook p.text-muted:visible",
        },
    ],
});

tours.add("cabinet_factoring_undo", {
    steps: () => [
        ...openFactoring("menu_factoring_statements"),
        {
            content: "The statement",
            trigger: ".o_data_row:contains(2026-03) td[name=contract_id]",
            run: "click",
        },
        ...seeState("posted"),
        { content: "Undo", trigger: "button[name=action_undo]", run: "click" },
        {
            content: "The reason",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Mauvais fichier",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeState("undone"),
    ],
});

const addPart = (invoice, amount) => [
    {
        content: "Another part",
        trigger: ".modal .o_field_widget[name=part_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        content: `It is about ${invoice}`,
        trigger: ".modal .o_selected_row .o_field_widget[name=claim_id] input",
        run: `edit ${invoice}`,
    },
    {
        content: `Choose ${invoice}`,
        trigger: `.o-autocomplete--dropdown-item a:contains(${invoice})`,
        run: "click",
    },
    {
        content: `What is open on it, if the line has as much: ${amount}`,
        trigger: `.modal .o_selected_row .o_field_widget[name=amount] input:value(${amount})`,
    },
];

// One amount of the factor for two invoices of a family; what is nobody's waits with a deadline.
tours.add("cabinet_factoring_split", {
    steps: () => [
        ...openFactoring("menu_factoring_statements"),
        {
            content: "The statement",
            trigger: ".o_data_row:contains(2026-09) td[name=contract_id]",
            run: "click",
        },
        ...seeState("posted"),
        {
            content: "What nobody knows waits: assign it",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Famille) button[name=action_decide]",
            run: "click",
        },
        {
            content: "Split it",
            trigger: ".modal .o_field_widget[name=decision] input[data-value=split]",
            run: "click",
        },
        ...addPart("TOUR/3", "100,00"),
        ...addPart("TOUR/4", "50,00"),
        {
            content: "Nothing is left",
            trigger: ".modal .o_field_widget[name=amount_left].text-success",
        },
        { content: "Confirm", trigger: ".modal button[name=action_submit]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        {
            content: "Its parts are ready",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Famille) .text-bg-info",
        },
        {
            content: "Post what is ready",
            trigger: "button[name=action_post]:not(:disabled)",
            run: "click",
        },
        {
            content: "The parts are done",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Famille) .text-bg-success",
        },
        ...openFactoring("menu_factoring_held"),
        {
            content: "What is in suspense waits with its deadline",
            trigger: ".o_data_row td[name=suspense_deadline].text-danger",
        },
    ],
});
