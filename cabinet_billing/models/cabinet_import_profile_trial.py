import base64
from itertools import islice

from odoo import Command, api, fields, models
from odoo.tools.misc import formatLang

from ..formats.inbound import reader
from ..formats.inbound.faults import Refused, warning
from ..formats.inbound.profile_check import check
from ..formats.inbound.text import decode, lines

# Every change on the form reads the sample anew: an excerpt is enough.
MOST_BYTES = 4 * 1024 * 1024
SHOWN_RECORDS = 20
SHOWN_FAULTS = 100
SHOWN_LINES = 6
SHOWN_LETTERS = 400
SETTINGS = (
    "name",
    "version",
    "container",
    "encoding",
    "encoding_fallback",
    "encodings_more",
    "rare_letters",
    "delimiter",
    "quote",
    "column_names",
    "width",
    "pad",
    "root",
    "record",
    "header_marker",
    "header_required",
    "trailer_marker",
    "trailer_required",
    "final_newline",
    "date_form",
    "date_form_fallback",
    "date_forms_more",
    "future_days",
    "value_days",
    "currency",
    "debit",
    "credit",
    "unknown",
    "control_count",
    "control_total",
    "control_balance",
    *(
        f"{number}_{setting}"
        for number in ("amount", "rate")
        for setting in ("decimal", "thousands", "decimals", "exact", "sign")
    ),
    *(
        f"{part}_column_ids.{setting}"
        for part in ("record", "header", "trailer")
        for setting in ("record_field", "header_field", "other_name", "at", "required", "blank")
    ),
    *(
        f"code_ids.{setting}"
        for setting in ("type", "flags", "event", "variant", "effect", "takes_back", "vat")
    ),
)
# What a new profile asks for first.
USUAL_COLUMNS = ("type", "date", "invoice", "amount")


class CabinetImportProfile(models.Model):
    """The live trial: a sample file on the form, read as the profile says at this moment.

    The sample is not stored: it holds patients' names.
    """

    _inherit = "cabinet.import.profile"

    record_column_ids = fields.One2many(default=lambda self: self._default_record_columns())
    sample = fields.Binary(
        string="Sample file",
        store=False,
        copy=False,
        help="Read as the profile says at this moment. It is not kept.",
    )
    sample_name = fields.Char(string="Name of the sample file", store=False, copy=False)
    problems = fields.Text(string="To be settled", compute="_compute_problems")
    trial_html = fields.Html(
        string="Trial", compute="_compute_trial_html", sanitize=False, compute_sudo=False
    )

    @api.model
    def _default_record_columns(self):
        return [
            Command.create({"part": "record", "record_field": name, "required": True})
            for name in USUAL_COLUMNS
        ]

    @api.depends(*SETTINGS)
    @api.depends_context("lang")
    def _compute_problems(self):
        for profile in self:
            profile.problems = "\n".join(profile._check())

    @api.depends("sample", *SETTINGS)
    @api.depends_context("lang")
    def _compute_trial_html(self):
        for profile in self:
            data = base64.b64decode(profile.with_context(bin_size=False).sample or b"")
            profile.trial_html = profile._render_trial(data) if data else False

    def _render_trial(self, data):
        """Return what the sample holds, as HTML: its first lines, records, and every fault."""
        if len(data) > MOST_BYTES:
            size = len(data) // 1024**2
            fault = warning("too_big", size=size, limit=MOST_BYTES // 1024**2)
            return self._render_trial_parts({"faults": [fault]})
        opening = self._get_opening(data)
        if check(self._get_profile()):
            return self._render_trial_parts({"opening": opening})
        reading = reader.read(data, self._get_profile(), fields.Date.context_today(self))
        statement = reading.statements[:1]
        return self._render_trial_parts(
            {
                "opening": opening,
                "reading": reading,
                "statement": statement[0] if statement else None,
                "records": reading.records[:SHOWN_RECORDS],
                "faults": reading.faults,
            }
        )

    def _render_trial_parts(self, values):
        words = self.env["cabinet.import.words"]
        faults = values.get("faults", ())
        return self.env["ir.qweb"]._render(
            "cabinet_billing.cabinet_import_profile_trial",
            {
                "opening": (),
                "reading": None,
                "records": (),
                "statement": None,
                **values,
                "faults": [
                    (one.line, words._explain_value(one), one.is_error)
                    for one in faults[:SHOWN_FAULTS]
                ],
                **self._get_summary(values.get("reading"), faults),
                "wrong": {one.line for one in faults if one.is_error},
                "events": words._get_event_names(),
                "variants": words._get_variant_names(),
                "money": self._format_money,
            },
        )

    @api.model
    def _get_summary(self, reading, faults):
        """Return what the trial says above, between and below its tables."""
        if reading is None:
            settle = self.env._("Settle first what stands above: then the file is read here.")
            return {"level": "warning", "summary": "" if faults else settle, "more": ""}
        count = len(reading.records)
        values = {"count": count, "encoding": reading.encoding, "faults": len(reading.errors)}
        good = self.env._("%(count)s lines read, encoding %(encoding)s: nothing stops this file.")
        bad = self.env._("This file would be refused. Lines: %(count)s, faults: %(faults)s.")
        more = self.env._("The first %(shown)s of %(count)s lines.")
        is_long = count > SHOWN_RECORDS
        return {
            "level": "success" if reading.ok else "danger",
            "summary": (good if reading.ok else bad) % values,
            "more": more % {"shown": SHOWN_RECORDS, "count": count} if is_long else "",
        }

    def _format_money(self, amount):
        return formatLang(self.env, float(amount), digits=2)

    def _get_opening(self, data):
        """Return the first lines of the sample as they are, cut to what a screen shows."""
        plain = self._get_profile()
        try:
            text = decode(data, plain.encodings, plain.rare_letters).text
        except Refused:
            return []
        shown = islice(lines(text), SHOWN_LINES)
        opening = [(f"{number:>3}  ", f"{line[:SHOWN_LETTERS]}\n") for number, line in shown]
        return self._get_ruler() + opening

    def _get_ruler(self):
        """Return a line that counts letters, to find the places of a file of fixed width."""
        if self.container != "fixed":
            return []
        tens = range(10, min(self.width or 0, SHOWN_LETTERS) + 10, 10)
        ruler = "".join(f"{'....:....'[: 10 - len(str(ten))]}{ten}" for ten in tens)
        return [(f"     {ruler}\n", "")]
