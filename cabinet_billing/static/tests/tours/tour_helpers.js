/** Steps that several tours share: what a secretary does again and again. */

export const pickMany2one = (field, text) => [
    {
        content: `Type ${text} in ${field}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item a:contains(${text})`,
        run: "click",
    },
];

export const newConsultation = (patient, service) => [
    { content: "Nouveau", trigger: ".o_list_button_add", run: "click" },
    ...pickMany2one("patient_id", patient),
    ...pickMany2one("product_id", service),
];

export const validateConsultation = () => [
    { content: "Valider", trigger: "button[name=action_validate]", run: "click" },
];

export const seeStatus = (status) => [
    {
        content: `The invoice reads ${status}`,
        trigger: `.o_field_widget[name=cabinet_status]:contains(${status})`,
    },
];

export const openPayWindow = () => [
    {
        content: "Payer",
        trigger: "button[name=action_cabinet_pay]:contains(Payer)",
        run: "click",
    },
    {
        content: "The window shows what is due",
        trigger: ".modal .o_field_widget[name=amount] input",
    },
];

export const typeAmount = (amount) => [
    {
        content: `Montant: ${amount}`,
        trigger: ".modal .o_field_widget[name=amount] input",
        run: `edit ${amount}`,
    },
];

export const chooseType = (type) => [
    {
        content: `Type de paiement: ${type}`,
        trigger: ".modal .o_field_widget[name=payment_type_id] input",
        run: `edit ${type}`,
    },
    {
        content: `Choose ${type}`,
        trigger: `.o-autocomplete--dropdown-item a:contains(${type})`,
        run: "click",
    },
];

export const submit = () => [
    {
        content: "Soumettre",
        trigger: ".modal button[name=action_submit]:contains(Soumettre)",
        run: "click",
    },
    { content: "The window closes", trigger: "body:not(:has(.modal))" },
];

export const openPaymentsTab = () => [
    { content: "Tab Paiements", trigger: ".o_notebook a[name=cabinet_payments]", run: "click" },
];

export const typeIn = (field, value) => [
    {
        content: `${field}: ${value}`,
        trigger: `.o_field_widget[name=${field}] input, .o_field_widget[name=${field}] textarea`,
        run: `edit ${value}`,
    },
];

/** A date of Odoo 19 is a button until it is clicked. */
export const typeDate = (field, value) => [
    {
        content: `${field}: open`,
        trigger: `.o_field_widget[name=${field}] button, .o_field_widget[name=${field}] input`,
        run: "click",
    },
    {
        content: `${field}: ${value}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${value} && press Tab`,
    },
];

/** A selection of Odoo 19 is a list to pick from, or a plain select. */
export const chooseOption = (field, label) => [
    {
        content: `${field}: open the list`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: "click",
    },
    {
        content: `${field}: ${label}`,
        trigger: `.o_select_menu_item:contains(${label})`,
        run: "click",
    },
];

export const chooseTag = (field, text) => [
    ...pickMany2one(field, text),
    { content: `${text} is chosen`, trigger: `.o_field_widget[name=${field}] .o_tag:contains(${text})` },
];

export const openTab = (name, label) => [
    {
        content: `Tab ${label}`,
        trigger: `.o_notebook a[name=${name}]:contains(${label})`,
        run: "click",
    },
];

export const saveForm = () => [
    { content: "Enregistrer", trigger: ".o_form_button_save", run: "click" },
    { content: "It is saved", trigger: ".o_form_view .o_form_saved" },
];
