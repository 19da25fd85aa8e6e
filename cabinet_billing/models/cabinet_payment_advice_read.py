import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..formats.inbound import advice, read_table
from ..formats.inbound.advice_words import by_word, usual_words
from ..formats.inbound.text import neutralise

# Lines that the screen looks at while the columns are chosen; reading takes them all.
PREVIEWED = 2000
SHOWN_RECORDS = 8
SHOWN_FAULTS = 40


class CabinetPaymentAdvice(models.Model):
    """The file: imported once only, shown while columns are chosen, then read (CASES 1-8)."""

    _inherit = "cabinet.payment.advice"

    preview_html = fields.Html(
        string="Preview", compute="_compute_preview", sanitize=False, compute_sudo=False
    )
    preview_total = fields.Monetary(string="Sum of the lines", compute="_compute_preview")
    preview_difference = fields.Monetary(
        string="Difference to the transfer", compute="_compute_preview"
    )
    # Its files may be of one of several sheets.
    is_workbook = fields.Boolean(compute="_compute_preview")

    # ---------------------------------------------------------------------------------------------
    # The bytes
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _check_new_files(self, vals_list):
        """Write the files' hashes; refuse what was imported, even renamed (case 1).

        :raise RedirectWarning: with a link to the first import
        """
        for vals in vals_list:
            data = vals.get("file")
            if not data:
                continue
            vals["file_sha256"] = hashlib.sha256(base64.b64decode(data)).hexdigest()
            company = vals.get("company_id") or self[:1].company_id.id or self.env.company.id
            # sudo: the file counts for the clinic, whoever may see the first import.
            first = self.sudo().search(
                [
                    ("company_id", "=", company),
                    ("file_sha256", "=", vals["file_sha256"]),
                    ("state", "!=", "cancelled"),
                    ("id", "not in", self.ids),
                ],
                limit=1,
            )
            if first:
                raise RedirectWarning(
                    self.env._(
                        "This file was imported already: %(advice)s.", advice=first.display_name
                    ),
                    first._get_records_action(),
                    self.env._("Open that import"),
                )

    def _get_data(self):
        """Return the bytes of the file; empty while none is chosen."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _read_preview_table(self):
        """Return the first lines of the file in cells."""
        self.ensure_one()
        data = self._get_data()
        return read_table.read(data, self._get_layout(), PREVIEWED) if data else read_table.Table()

    def _get_layout(self):
        return read_table.Layout(
            self.encoding or "auto", self.delimiter or "auto", self.sheet or ""
        )

    def _get_form(self, table):
        """Return how the lines are read, by what the screen says."""
        words = [(row.word, row.state) for row in self.word_ids]
        words = words or usual_words()
        return advice.Form(
            columns=self.column_ids._get_places(),
            today=self._today(),
            header=self._find_header(table),
            decimal=self.decimal_sign or "auto",
            words=by_word(words),
            trailer=self.trailer or "",
            trailer_required=self.trailer_required,
            currency=self.currency_id.name or self.env.company.currency_id.name,
        )

    # ---------------------------------------------------------------------------------------------
    # Preview
    # ---------------------------------------------------------------------------------------------

    @api.depends(
        "file",
        "encoding",
        "delimiter",
        "sheet",
        "header",
        "header_line",
        "decimal_sign",
        "trailer",
        "trailer_required",
        "column_ids.role",
        "word_ids.state",
        "amount_transfer",
        "state",
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for row in self:
            if row.state != "draft" or not row.file:
                row.preview_html = row.is_workbook = False
                row.preview_total = row.preview_difference = 0.0
                continue
            table = row._read_preview_table()
            reading = advice.read(table, row._get_form(table))
            row.is_workbook = table.kind == "xlsx"
            row.preview_total = float(reading.total)
            difference = row.preview_total - row.amount_transfer
            row.preview_difference = row.currency_id.round(difference)
            row.preview_html = row._render_preview(table, reading)

    def _render_preview(self, table, reading):
        words = self.env["cabinet.advice.words"]
        texts = [words._get_fault_text(one) for one in reading.faults]
        values = {
            "records": reading.records[:SHOWN_RECORDS],
            "states": words._get_state_names(),
            "money": lambda amount: (
                "" if amount is None else self.currency_id.format(float(amount))
            ),
            "count": len(reading.records),
            "complete": table.complete,
            "looked_at": PREVIEWED,
            "faults": [
                (text, one.is_error) for text, one in zip(texts, reading.faults, strict=True)
            ][:SHOWN_FAULTS],
            "more": max(len(texts) - SHOWN_FAULTS, 0),
            "said": reading.said_total,
            "total": reading.total,
        }
        return self.env["ir.qweb"]._render("cabinet_billing.cabinet_payment_advice_preview", values)

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def action_read(self):
        """Read all lines and look up what they are about; what was read before is replaced."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self._check_state("draft", "read")
        mapping = self._keep_mapping()
        table = read_table.read(self._get_data(), self._get_layout())
        reading = advice.read(table, self._get_form(table))
        mapping._add_words(reading.unknown_words)
        self._check_reading(reading)
        # sudo: lines and state are written by these methods only, never by hand.
        own = self.sudo()
        own.line_ids.unlink()
        own.write(
            {
                "state": "read",
                "said_total": float(reading.said_total or 0),
                "has_said_total": reading.said_total is not None,
            }
        )
        self.env["cabinet.payment.advice.line"].sudo().create(self._prepare_lines(reading.records))
        return True

    def _check_reading(self, reading):
        """Refuse a file of which no line may be believed, with all that is wrong with it."""
        faults = [one for one in reading.faults if one.is_error]
        if not faults and not any(record.ok for record in reading.records):
            faults = list(reading.faults)
        if faults:
            words = self.env["cabinet.advice.words"]
            raise UserError("\n".join(words._get_fault_text(one) for one in faults[:20]))

    def _prepare_lines(self, records):
        """Return the values of the lines, with what of ours each of them is about."""
        scope = f"{self.company_id.id} {self.payer_id.id}"
        keys = advice.line_keys(records, scope, self.file_sha256)
        known = self._get_known_lines(keys)
        hits = self._find(records)
        common = {
            "advice_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "payer_id": self.payer_id.id,
        }
        return [
            {
                **common,
                **self._prepare_record(record),
                **self._prepare_hit(record, hit),
                **self._prepare_key(key, known.get(key)),
            }
            for record, key, hit in zip(records, keys, hits, strict=True)
        ]

    @api.model
    def _prepare_key(self, key, known):
        """Return by what a line is known again, and whether another file held it (cases 2, 3)."""
        return {
            "key": key,
            "known_line_id": known or False,
            "is_known": bool(known),
            "counts": not known,
            "occupies": not known,
        }

    def _get_known_lines(self, keys):
        """Return the lines of other advices that say the same, by key (case 2)."""
        lines = self.env["cabinet.payment.advice.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("payer_id", "=", self.payer_id.id),
                ("occupies", "=", True),
                ("advice_id", "!=", self.id),
                ("key", "in", keys),
            ]
        )
        return {line.key: line.id for line in lines}

    def _prepare_record(self, record):
        """Return what a line says; text that a sheet would compute is neutralised (case 15)."""
        return {
            "line_number": record.line,
            "raw": neutralise(record.raw),
            "invoice_text": neutralise(record.invoice),
            "bordereau_text": neutralise(record.bordereau),
            "number_text": neutralise(record.number),
            "beneficiary_text": neutralise(record.beneficiary),
            "amount": float(record.amount or 0),
            "amount_paid": float(record.paid) if record.ok else 0.0,
            "status": self._get_status(record),
            "word": neutralise(record.word),
            "reason": neutralise(record.reason),
            "date": record.date,
            "faults": [[one.code, one.params] for one in record.faults],
        }

    @api.model
    def _get_status(self, record):
        if not record.ok:
            return "unreadable"
        return record.state.value if record.state else "information"

    def action_back(self):
        """Take the reading back, to choose the columns again."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self._check_state("read")
        # sudo: as in action_read.
        own = self.sudo()
        own.line_ids.unlink()
        own.write({"state": "draft", "said_total": 0.0, "has_said_total": False})

    def _check_state(self, *states):
        """Refuse what is not for advices in this state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for row in self:
            if row.state not in states:
                raise UserError(
                    self.env._(
                        "%(advice)s: its state is “%(state)s”. Reload the page.",
                        advice=row.display_name,
                        state=labels[row.state],
                    )
                )
