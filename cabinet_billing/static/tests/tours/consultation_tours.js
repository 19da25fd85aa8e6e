import { registry } from "@web/core/registry";
import {
    newConsultation,
    openPayWindow,
    pickMany2one,
    seeStatus,
    submit,
    validateConsultation,
} from "./tour_helpers";

const tours = registry.category("web_tour.tours");

// M2, M3: paid on the spot, no other click.
tours.add("cabinet_immediate_payment", {
    url: "/odoo/consultations",
    steps: () => [
        ...newConsultation("Camille Martin", "Consultation"),
        {
            content: "Paiement immédiat",
            trigger: ".o_field_widget[name=immediate_payment] input",
            run: "click",
        },
        {
            content: "Mode de paiement: Carte",
            trigger: ".o_field_widget[name=payment_type_id] label:contains(Carte)",
            run: "click",
        },
        ...validateConsultation(),
        ...seeStatus("Payée"),
    ],
});

// M5 to M9: the invoice goes to the CPAM, its payment is recorded when the money arrives.
tours.add("cabinet_third_party_payment", {
    url: "/odoo/consultations",
    steps: () => [
        ...newConsultation("Camille Martin", "Suivi"),
        {
            content: "Tiers payant",
            trigger: ".o_field_widget[name=third_party_payment] input",
            run: "click",
        },
        ...pickMany2one("payer_id", "CPAM de Paris"),
        ...validateConsultation(),
        ...seeStatus("En attente du tiers-payeur"),
        {
            content: "The invoice is addressed to the CPAM",
            trigger: ".o_field_widget[name=partner_id]:contains(CPAM de Paris)",
        },
        ...openPayWindow(),
        {
            content: "Payer and amount are filled in",
            trigger: ".modal .o_field_widget[name=partner_name]:contains(CPAM de Paris)",
        },
        ...submit(),
        ...seeStatus("Payée"),
    ],
});
