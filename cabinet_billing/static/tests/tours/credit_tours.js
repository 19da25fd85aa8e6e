import { registry } from "@web/core/registry";
import {
    chooseType,
    openPaymentsTab,
    openPayWindow,
    openTab,
    pickMany2one,
    seeStatus,
    submit,
    typeAmount,
    typeIn,
} from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const seeAmount = (field, amount) => [
    {
        content: `${field} reads ${amount}`,
        trigger: `.modal .o_field_widget[name=${field}]:contains(${amount})`,
    },
];

// M11 to M17: one payment over two invoices, split by hand; the rest is put on hold.
tours.add("cabinet_global_payment", {
    steps: () => [
        { content: "Nouveau paiement", trigger: "button:contains(Nouveau paiement)", run: "click" },
        { content: "Dossier patient·e", trigger: ".modal label:contains(Dossier patient)" },
        ...pickMany2one("partner_id", "Camille Martin"),
        {
            content: "The two invoices are listed",
            trigger: ".modal .o_data_row:nth-child(2)",
        },
        ...typeAmount("100"),
        {
            content: "The oldest is filled first",
            trigger: ".modal .o_data_row:nth-child(1) td[name=amount]",
            run: "click",
        },
        {
            content: "40 only on the first one",
            trigger: ".modal .o_data_row:nth-child(1) td[name=amount] input",
            run: "edit 40 && press Tab",
        },
        ...seeAmount("amount_left", "20,00"),
        {
            content: "What is left is announced as credit",
            trigger: ".modal [name=credit_to_come]:contains(mis en attente)",
        },
        ...submit(),
        { content: "The payment is in the list", trigger: ".o_data_row:contains(Camille Martin)" },
    ],
});

// S19, S20: the notice proposes the credit; the type "Payer depuis le compte" uses it.
tours.add("cabinet_pay_from_account", {
    steps: () => [
        ...seeStatus("Impayée"),
        {
            content: "The notice shows the credit",
            trigger: "[name=cabinet_credit_notice]:contains(80,00)",
        },
        ...openPayWindow(),
        ...chooseType("Payer depuis le compte"),
        ...seeAmount("credit_left", "20,00"),
        ...submit(),
        ...seeStatus("Payée"),
        ...openPaymentsTab(),
        {
            content: "How it was paid is visible",
            trigger: ".o_field_widget[name=allocation_ids] .o_data_row:contains(Payer depuis le compte)",
        },
    ],
});

// S28 to S30: a part of a credit note, the rest by another payment.
tours.add("cabinet_apply_credit_note", {
    steps: () => [
        ...seeStatus("Impayée"),
        ...openPayWindow(),
        ...chooseType("Appliquer un avoir"),
        ...seeAmount("credit_left", "0,00"),
        ...typeAmount("15"),
        ...submit(),
        ...seeStatus("Partiellement payée"),
        ...openPayWindow(),
        ...chooseType("Carte"),
        ...submit(),
        ...seeStatus("Payée"),
    ],
});

// S23 to S26: "…" > Rembourser, by hand, in part.
tours.add("cabinet_refund", {
    steps: () => [
        ...seeStatus("Payée"),
        { content: "…", trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        {
            content: "Rembourser",
            trigger: ".o-dropdown-item:contains(Rembourser le paiement)",
            run: "click",
        },
        ...typeAmount("25"),
        {
            content: "Détails",
            trigger: ".modal .o_field_widget[name=details] input",
            run: "edit Geste convenu au téléphone",
        },
        {
            content: "Rembourser",
            trigger: ".modal button[name=action_submit]:contains(Rembourser)",
            run: "click",
        },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeStatus("Partiellement remboursée"),
    ],
});

// S11: a saved card.
tours.add("cabinet_charge_card", {
    steps: () => [
        ...openPayWindow(),
        {
            content: "Choose the saved card",
            trigger: ".modal .o_field_widget[name=payment_token_id] input",
            run: "click",
        },
        { content: "4242", trigger: ".o-autocomplete--dropdown-item a:contains(4242)", run: "click" },
        {
            content: "Débiter la carte",
            trigger: ".modal button[name=action_submit]:contains(Débiter la carte)",
            run: "click",
        },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        { content: "It was charged", trigger: ".o_notification:contains(débitée)" },
        ...seeStatus("Payée"),
    ],
});

// A payer refuses: its part comes to the patient, and back.
tours.add("cabinet_transfer_share", {
    steps: () => [
        ...seeStatus("En attente"),
        ...openTab("cabinet_shares", "Parts"),
        {
            content: "Transférer une part",
            trigger: "button[name=action_cabinet_transfer_share]:contains(Transférer une part)",
            run: "click",
        },
        ...typeIn("reason", "Dossier incomplet"),
        {
            content: "Transférer",
            trigger: ".modal button[name=action_submit]:contains(Transférer)",
            run: "click",
        },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeStatus("Partiellement payée"),
        ...openTab("cabinet_shares", "Parts"),
        {
            content: "The reason is kept; undo it",
            trigger: ".o_data_row:contains(Dossier incomplet) button[name=action_open_undo]",
            run: "click",
        },
        ...typeIn("reason", "Accord de l'organisme"),
        {
            content: "Annuler le transfert",
            trigger: ".modal button[name=action_submit]:contains(Annuler le transfert)",
            run: "click",
        },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        ...seeStatus("En attente"),
    ],
});
