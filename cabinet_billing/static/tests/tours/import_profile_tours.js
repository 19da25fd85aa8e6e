import { registry } from "@web/core/registry";
import { openTab, saveForm, typeIn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const PROFILE = {
    layout: 1,
    name: "Décompte de la tournée",
    container: "delimited",
    columns: [
        { name: "type", at: "Type", required: true },
        { name: "date", at: "Date", required: true },
        { name: "invoice", at: "Facture" },
        { name: "amount", at: "Montant", required: true },
    ],
    codes: [
        { type: "PAY", event: "PAY", effect: 1 },
        { type: "FEE", event: "FEE", effect: -1 },
    ],
    amount: { decimal: ",", thousands: "'" },
    dates: ["yyyy-mm-dd"],
    currency: "CHF",
    controls: { count: false },
};
const SAMPLE = [
    "Type;Date;Facture;Montant",
    "PAY;03.04.2026;F2026-1;1'100,00",
    "FEE;31.04.2026;;5,00",
    "",
].join("\r\n");

const openMenu = () => [
    {
        content: "Menu Configuration",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_configuration']",
        run: "click",
    },
    {
        content: "Profils d'import",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_import_profiles']",
        run: "click",
    },
    {
        content: "The list",
        trigger: ".o_list_view .o_data_row:contains(Référence : XML)",
    },
];

// A file as the manager chooses it from the disk.
const chooseFile = (field, name, text) => ({
    content: `Fichier ${name}`,
    trigger: `.o_field_widget[name=${field}] input[type=file]:not(:visible)`,
    async run() {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type: "text/plain" }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

// The file of a profile; its trial shows what is wrong with it; a reference layout is duplicated.
tours.add("cabinet_import_profile", {
    steps: () => [
        ...openMenu(),
        {
            content: "Importer un profil",
            trigger: ".o_control_panel button:contains(Importer un profil)",
            run: "click",
        },
        { content: "The window", trigger: ".modal .o_field_widget[name=file]" },
        chooseFile("file", "profil.json", JSON.stringify(PROFILE)),
        {
            content: "The file is chosen",
            trigger: ".modal .o_field_widget[name=file] input[type=text]:value(profil.json)",
        },
        { content: "Importer", trigger: ".modal button[name=action_load]", run: "click" },
        {
            content: "The profile",
            trigger: ".o_field_widget[name=name] input:value(Décompte de la tournée)",
        },
        chooseFile("sample", "decompte.csv", SAMPLE),
        {
            content: "Dates are in another form: refused",
            trigger: ".o_cabinet_trial_faults tr:contains(3):contains(03.04.2026)",
        },
        ...openTab("file", "Fichier"),
        {
            content: "Dates: the list",
            trigger: ".o_field_widget[name=date_form] input",
            run: "click",
        },
        {
            content: "jj.mm.aaaa",
            trigger: ".o_select_menu_item:contains(/^jj.mm.aaaa$/)",
            run: "click",
        },
        {
            content: "One line is read",
            trigger: ".o_cabinet_trial_records tr:contains(F2026-1):contains(Règlement)",
        },
        {
            content: "The other has a day that does not exist",
            trigger: ".o_cabinet_trial_faults tr.table-danger:contains(31.04.2026)",
        },
        ...saveForm(),
        ...openMenu(),
        {
            content: "A reference layout",
            trigger: ".o_data_row:contains(Référence : délimité) td[name=name]",
            run: "click",
        },
        {
            content: "Dupliquer",
            trigger: "button[name=action_duplicate]:contains(Dupliquer)",
            run: "click",
        },
        {
            content: "The copy",
            trigger: ".o_field_widget[name=name] input:value(Référence : délimité (copie))",
        },
        ...typeIn("name", "CMD 2026"),
        ...openTab("codes", "Codes"),
        {
            content: "The first code",
            trigger: ".o_field_widget[name=code_ids] .o_data_row:first td[name=type]",
            run: "click",
        },
        {
            content: "Another word",
            trigger: ".o_field_widget[name=code_ids] .o_data_row:first td[name=type] input",
            run: "edit QUITTANCE",
        },
        ...saveForm(),
    ],
});
