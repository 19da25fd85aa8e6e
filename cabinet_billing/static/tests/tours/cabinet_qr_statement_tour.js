import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const seeState = (state) => [
    {
        content: `The file is ${state}`,
        trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]`,
    },
];

const entry = (bank, amount, payer, reference) => `
<Ntry><NtryRef>CH4431999123000889012</NtryRef><Amt Ccy="CHF">${amount}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><RvslInd>false</RvslInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-10</Dt></BookgDt><ValDt><Dt>2026-03-10</Dt></ValDt>
<AcctSvcrRef>${bank}</AcctSvcrRef><NtryDtls><TxDtls><Refs><AcctSvcrRef>${bank}</AcctSvcrRef></Refs>
<Amt Ccy="CHF">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>${payer}</Nm></Pty></Dbtr></RltdPties>
<RmtInf>${reference ? `<Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd>` : ""}</RmtInf>
</TxDtls></NtryDtls></Ntry>`;

const FILE = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>TOUR-1</MsgId><CreDtTm>2026-03-11T06:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>2026-03-11T06:00:00</CreDtTm>
<Acct><Id><IBAN>CH5800791123000889012</IBAN></Id></Acct>
${entry("ZV1", "100.00", "Camille Martin", "000000000000000000000000777")}
${entry("ZV2", "60.00", "Camille Martin", "")}
</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;

// The bank's file is read and looked at; what has no reference is assigned; then it is posted.
tours.add("cabinet_qr_import", {
    steps: () => [
        {
            content: "Menu Billing",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_billing']",
            run: "click",
        },
        {
            content: "Import QR payments",
            trigger: "[data-menu-xmlid='cabinet_billing.menu_qr_import']",
            run: "click",
        },
        {
            content: "The bank's file",
            trigger:
                ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
            async run() {
                const files = new DataTransfer();
                files.items.add(new File([FILE], "camt054.xml", { type: "text/xml" }));
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "The file is there",
            trigger: ".modal .o_field_widget[name=attachment_ids] .o_attachment:contains(camt054)",
        },
        { content: "Read it", trigger: ".modal button[name=action_import]", run: "click" },
        ...seeState("read"),
        {
            content: "The account is the bank's, no contract is asked for",
            trigger: ".o_form_view:has([name=journal_id]):not(:has([name=contract_id]))",
        },
        {
            content: "The QR-bill is known",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR/1) .text-bg-info",
        },
        {
            content: "What has no reference waits: assign it",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(60) button[name=action_decide]",
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
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR/2) .text-bg-info",
        },
        { content: "Post", trigger: "button[name=action_post]:not(:disabled)", run: "click" },
        ...seeState("posted"),
    ],
});
