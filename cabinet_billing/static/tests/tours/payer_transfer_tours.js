import { registry } from "@web/core/registry";
import { openTab, typeIn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const press = (button) => [
    { content: button, trigger: `button[name=${button}]:not(:disabled)`, run: "click" },
];

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
