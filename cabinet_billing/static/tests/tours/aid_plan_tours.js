import { registry } from "@web/core/registry";
import { chooseOption, openTab, pickMany2one, saveForm, typeDate, typeIn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const inModal = (steps) =>
    steps.map((step) => ({
        ...step,
        trigger: step.trigger.startsWith(".o_field_widget")
            ? `.modal ${step.trigger}`
            : step.trigger,
    }));

// X1, X2: the payer is saved first, then its other tabs appear.
const createPayer = () => [
    { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
    {
        content: "Only the tab Définition",
        trigger: ".o_notebook:has(a[name=definition]):not(:has(a[name=settings]))",
    },
    ...typeIn("name", "Département du Rhône – APA"),
    ...pickMany2one("payer_category_id", "Département"),
    ...saveForm(),
];

// X3 to X5: bordereaux for all clients at once, and the default values of one service.
const setUpPayer = () => [
    ...openTab("settings", "Paramétrage"),
    {
        content: "Type: Individuelle is proposed",
        trigger: ".o_field_widget[name=payer_billing_type] label:contains(Individuelle)",
    },
    {
        content: "Type: Globale",
        trigger: ".o_field_widget[name=payer_billing_type] label:contains(Globale)",
        run: "click",
    },
    {
        content: "Aide versée directement au client is asked",
        trigger: "label:contains(Aide versée directement au client)",
    },
    {
        content: "Valeurs plan d'aide défaut: +",
        trigger: ".o_field_widget[name=payer_default_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    ...inModal([
        ...pickMany2one("product_id", "Home help"),
        ...typeIn("base_tariff", "25"),
        ...typeIn("rate", "80"),
        ...chooseOption("cap_kind", "Limité"),
        ...typeIn("cap_hours", "20"),
    ]),
    {
        content: "Enregistrer",
        trigger: ".modal .o_form_button_save:contains(Enregistrer)",
        run: "click",
    },
    {
        content: "They are in the list, validated",
        trigger:
            ".o_field_widget[name=payer_default_ids] .o_data_row:contains(Home help):contains(20 h) " +
            "td[name=active] input:checked",
    },
    ...saveForm(),
];

// X7 to X11: only services with default values; the defaults are there, and are changed.
const createPlan = () => [
    ...openTab("aid_plans", "Plans d'aide"),
    { content: "+", trigger: "button[name=action_new_payer_plan]", run: "click" },
    {
        content: "Création d'un nouveau plan d'aide",
        trigger: ".o_breadcrumb:contains(Création d'un nouveau plan d'aide)",
    },
    ...pickMany2one("patient_id", "Camille Martin"),
    {
        content: "Prestation",
        trigger: ".o_field_widget[name=product_id] input",
        run: "click",
    },
    {
        content: "The service without default values is not offered",
        trigger:
            ".o-autocomplete--dropdown-menu:has(a:contains(Home help)):not(:has(a:contains(Consultation)))",
    },
    {
        content: "Home help",
        trigger: ".o-autocomplete--dropdown-item a:contains(Home help)",
        run: "click",
    },
    ...typeDate("date_start", "01/03/2026"),
    ...openTab("terms", "Modalité d'application"),
    {
        content: "The payer's cap is proposed",
        trigger: ".o_field_widget[name=cap_hours] input:value(20:00)",
    },
    {
        content: "Majoration",
        trigger: ".o_field_widget[name=majoration] input",
        run: "click",
    },
    ...typeIn("sunday_tariff", "30"),
    ...typeIn("sunday_rate", "90"),
];

// X12, X13: 0 and blank are two things.
const excludeSundays = () => [
    {
        content: "Blank is: Sans limite",
        trigger: ".o_field_widget[name=sunday_cap_kind]:contains(Sans limite), .o_field_widget[name=sunday_cap_kind] input:value(Sans limite)",
    },
    ...chooseOption("sunday_cap_kind", "0 : exclus"),
    {
        content: "The screen says what both mean",
        trigger: ".o_form_view:contains(0 = exclus, vide = sans limite)",
    },
    ...saveForm(),
];

// X16, X17: validated, it is seen on the payer and on the client.
const validatePlan = () => [
    { content: "Valider", trigger: "button[name=action_validate]:contains(Valider)", run: "click" },
    {
        content: "The plan is validated",
        trigger: ".o_statusbar_status .o_arrow_button_current:contains(Validé)",
    },
    {
        content: "Back to the payer",
        trigger: ".o_breadcrumb a:contains(Département du Rhône), .o_back_button a:contains(Département du Rhône)",
        run: "click",
    },
    ...openTab("aid_plans", "Plans d'aide"),
    {
        content: "The plan on the payer",
        trigger: ".o_field_widget[name=payer_plan_ids] .o_data_row:contains(Camille Martin):contains(Validé)",
    },
    {
        content: "Menu Dossiers",
        trigger: "[data-menu-xmlid='cabinet_billing.menu_patients']",
        run: "click",
    },
    {
        content: "The client",
        trigger: ".o_list_view .o_data_row td[name=name]:contains(Camille Martin)",
        run: "click",
    },
    { content: "The client's form", trigger: ".o_form_view .o_breadcrumb:contains(Camille Martin)" },
    ...openTab("aid_plans", "Plans d'aide"),
    {
        content: "The plan on the client",
        trigger: ".o_field_widget[name=patient_plan_ids] .o_data_row:contains(Département du Rhône):contains(Validé)",
    },
];

tours.add("cabinet_payer_and_plan", {
    steps: () => [
        ...createPayer(),
        ...setUpPayer(),
        ...createPlan(),
        ...excludeSundays(),
        ...validatePlan(),
    ],
});
