import base64
import io
import zipfile
from pathlib import Path

from .factoring_common import FACTOR_GLN, PRACTICE_GLN, FactoringCommon

FILES = Path(__file__).parent / "files"
COLUMNS = "type;seq;event_id;date;value_date;invoice_no;factor_ref;patient_no;patient_name;amount"
COLUMNS += ";vat_rate;vat_amount;level;flag;reason;text"


def pack(files):
    """Return a zip of name → bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_statement(*rows, contract="MAND01"):
    """Return a delimited statement of the shipped layout.

    :param rows: pairs (type, values by column)
    """
    lines = [
        f"#HDR;{contract};2026-04;01.04.2026;30.04.2026;CHF;0.00;0.00;{len(rows)}",
        COLUMNS,
    ]
    for rank, (kind, values) in enumerate(rows, 1):
        values = {"type": kind, "seq": str(rank), "date": "01.04.2026", **values}
        lines.append(";".join(values.get(name, "") for name in COLUMNS.split(";")))
    return ("\r\n".join(lines) + "\r\n").encode("iso-8859-1")


class FactoringAckCommon(FactoringCommon):
    """Answers of a factor, as files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.number = "MAND01"
        cls.invoices = cls._create_invoices([100.0, 60.0])
        cls.order = cls._sent(cls.invoices)

    def _respond(self, invoice, verdict="accepted", version="500", patient=None, **changes):
        """Return a generalInvoiceResponse to an invoice (account.move, or a number)."""
        name = {"450": "response_450_rejected.xml", "500": "response_500_accepted.xml"}[version]
        text = (FILES / name).read_text()
        number = invoice if isinstance(invoice, str) else invoice.name
        named = patient or (self.patient if isinstance(invoice, str) else invoice.patient_id).name
        former = {"450": "rejected", "500": "accepted"}[version]
        words = changes.pop("words", "Dossier en ordre")
        for old, new in (
            ('modus="test"', 'modus="production"'),
            ("F2026-0043", number),
            ('from="2099900000041" to="2099900000010"', f'from="{FACTOR_GLN}" to="{PRACTICE_GLN}"'),
            (">Modele<", f">{named}<"),
            (">Jeanne<", "><"),
            ("Paiement accordé (exemple)", words),
            ("Facture refusée par le destinataire (exemple)", words),
            (f"invoice:{former}", f"invoice:{verdict}"),
            *changes.items(),
        ):
            if old in changes:
                self.assertIn(old, text)
            text = text.replace(old, new)
        return text.encode()

    def _statement(self, *rows, **how):
        return make_statement(*rows, **how)

    def _window(self, content, name="reponse.xml", order=None, user=None):
        """Return the window in which a file was chosen, as it is filled in."""
        order = order or self.order
        window = self.env["cabinet.factoring.ack.import"].with_user(user or self.biller)
        return window.create(
            {"order_id": order.id, "file": base64.b64encode(content), "file_name": name}
        )

    def _import(self, content, **how):
        self._window(content, **how).action_submit()
        return (how.get("order") or self.order).ack_ids.sorted("id")[-1:]

    def _line(self, invoice, order=None):
        return (order or self.order).line_ids.filtered(lambda line: line.move_id == invoice)
