import { registry } from "@web/core/registry";
import { typeIn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

// UTF-8 read in a Turkish code page: what a mail program makes of a form.
const GARBLED = `## 1. MÃ©thode dâ€™envoi
- â˜‘ Envoi direct depuis le logiciel (export XML)
- â˜\u0090 Imprimer et poster
## 2. FrÃ©quence
ğŸ”˜ Mensuelle â€“ 1x par mois
## 3. Workflow par type de payeur
| Type de payeur | Logiciel | Papier | Autre | Envoi fait par toi ? |
|---|---|---|---|---|
| Patients privÃ©s | â˜‘ | â˜‘ | Les deux | Oui |
| Caisse des MÃ©decins | â˜‘ | â˜\u0090 | CMD envoie par eux | Non |
## 4. Suivi des paiements
- â˜‘ Module intÃ©grÃ©
- â˜‘ Boule de cristal
## 5. ImpayÃ©s
- â˜‘ La Caisse encaisse
## 6. DÃ©lais
| Type de payeur | DÃ©lai |
|---|---|
| Patients privÃ©s | 3â€“6 semaines |
`;

const seeDialogRow = (content, ...texts) => ({
    content,
    trigger: `.modal .o_field_widget[name=pending_ids] .o_data_row${texts
        .map((text) => `:contains(${text})`)
        .join("")}`,
});

// A form pasted with garbled letters: read, looked at, applied; then nothing is left to change.
tours.add("cabinet_setup_form", {
    steps: () => [
        {
            content: "Menu Configuration",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_configuration']",
            run: "click",
        },
        {
            content: "Questionnaire de facturation",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_setup_forms']",
            run: "click",
        },
        {
            content: "The list is there, not the page before",
            trigger: ".o_list_table th[data-name=answered_by]",
        },
        { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
        {
            content: "The four types of payers are asked for",
            trigger: ".o_field_widget[name=payer_ids] .o_data_row:nth-child(4)",
        },
        ...typeIn("answered_by", "Dre Rochat"),
        { content: "Tab of the text", trigger: ".o_notebook a[name=text]", run: "click" },
        {
            content: "Paste the form",
            trigger: ".o_field_widget[name=source_text] textarea",
            run() {
                this.anchor.focus();
                this.anchor.value = GARBLED;
                this.anchor.dispatchEvent(new Event("input", { bubbles: true }));
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "Lire le texte collé", trigger: "button[name=action_read]", run: "click" },
        {
            content: "What was not understood is listed with its line",
            trigger: "[name=not_understood]:contains(Boule de cristal):contains(13)",
        },
        { content: "The letters were put right", trigger: "div[name=mended]" },
        { content: "Tab of the answers", trigger: ".o_notebook a[name=answers]", run: "click" },
        {
            content: "Direct du logiciel",
            trigger: ".o_field_widget[name=method_software] input:checked",
        },
        {
            content: "The patients' terms",
            trigger:
                ".o_field_widget[name=payer_ids] .o_data_row:has([name=channel_note]:contains(Les deux)):contains(42)",
        },
        { content: "Voir", trigger: "button[name=action_preview]", run: "click" },
        seeDialogRow("Due after 28 days, now 42", "28", "42"),
        seeDialogRow("Watched from day 14, now 21", "14", "21"),
        { content: "Appliquer", trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "The window closes", trigger: "body:not(:has(.modal))" },
        {
            content: "It is applied",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=applied]",
        },
        { content: "The log", trigger: ".o_notebook a[name=history]", run: "click" },
        {
            content: "What was changed is kept",
            trigger: ".o_field_widget[name=applied_ids] .o_data_row:contains(28):contains(42)",
        },
        { content: "Voir", trigger: "button[name=action_preview]", run: "click" },
        { content: "Nothing is left to change", trigger: ".modal div[name=nothing]" },
        { content: "Fermer", trigger: ".modal .modal-footer button.btn-secondary", run: "click" },
        { content: "The window closes again", trigger: "body:not(:has(.modal))" },
    ],
});
