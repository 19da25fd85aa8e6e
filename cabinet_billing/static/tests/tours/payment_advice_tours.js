import { registry } from "@web/core/registry";
import { openTab, pickMany2one } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const openMenu = (menu) => [
    {
        content: "Menu Bordereaux",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_bordereaux']",
        run: "click",
    },
    { content: menu, trigger: `[data-menu-xmlid='cabinet_billing.${menu}']`, run: "click" },
];

// A file as the secretary chooses it from the disk.
const chooseFile = (name, text) => ({
    content: `Fichier ${name}`,
    trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
    async run() {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type: "text/csv" }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

// A payer's advice: upload, look at the preview, read, apply; the refused line is to be corrected.
tours.add("cabinet_payment_advice", {
    steps: () => [
        ...openMenu("menu_payment_advices"),
        {
            content: "The list is there, not the page before",
            trigger: ".o_breadcrumb .active:contains(Avis de paiement), .o_last_breadcrumb_item:contains(Avis de paiement)",
        },
        { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
        ...pickMany2one("payer_id", "Département de la Loire"),
        {
            content: "Montant du virement",
            trigger: ".o_field_widget[name=amount_transfer] input",
            run: "edit 80,00 && press Tab",
        },
        chooseFile(
            "avis.csv",
            [
                "Référence;Nom du bénéficiaire;Montant réglé;Décision;Motif du rejet",
                "TOUR/1;Camille Martin;80,00;Payé;",
                "TOUR/2;Camille Martin;50,00;Rejeté;Plan expiré",
            ].join("\r\n")
        ),
        {
            content: "The columns are proposed",
            trigger: ".o_field_widget[name=column_ids] .o_data_row:contains(Montant réglé)",
        },
        {
            content: "The preview shows the refused line",
            trigger: ".o_field_widget[name=preview_html] tr:contains(Plan expiré):contains(Refusé)",
        },
        {
            content: "The sum is the transfer",
            trigger: ".o_field_widget[name=preview_difference]:contains(0,00)",
        },
        {
            content: "Lire le fichier",
            trigger: "button[name=action_read]:contains(Lire le fichier)",
            run: "click",
        },
        {
            content: "The lines, with the invoices found",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR/2):contains(Plan expiré)",
        },
        ...openTab("words", "Mots"),
        {
            content: "The words of this payer",
            trigger: ".o_field_widget[name=word_ids] .o_data_row:contains(Rejeté)",
        },
        {
            content: "Appliquer",
            trigger: "button[name=action_apply]:contains(Appliquer)",
            run: "click",
        },
        {
            content: "It is applied",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Appliqué)",
        },
        ...openMenu("menu_to_correct"),
        {
            content: "À corriger: the refused line and the payer's reason",
            trigger: ".o_data_row:contains(TOUR/2):contains(Plan expiré)",
        },
        {
            content: "Ouvrir la facture",
            trigger: ".o_data_row:contains(TOUR/2) button[name=action_open_invoice]",
            run: "click",
        },
        { content: "The invoice", trigger: ".o_form_view .o_field_widget[name=name]:contains(TOUR/2)" },
    ],
});
