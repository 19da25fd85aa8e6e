import base64

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning

from ..formats import safe_zip
from ..formats.inbound import camt054, response
from ..formats.inbound.controls import check_continuity, check_owner
from ..formats.inbound.detect import Kind, kind_of
from ..formats.inbound.faults import fault, warning
from ..formats.inbound.identity import business_key, event_keys, file_hash
from ..formats.inbound.record_json import to_json
from ..formats.inbound.records import Reading, Statement
from ..formats.inbound.references import compact
from ..formats.inbound.text import neutralise

READERS = {Kind.CAMT: ("camt.054", camt054.read), Kind.RESPONSE: ("response", response.read)}
CONTAINERS = {Kind.XML: ("xml",), Kind.TEXT: ("delimited", "fixed")}
KEPT_FAULTS = 100
# Beyond so many lines a file is staged in the background.
READ_AT_ONCE = 2000


class CabinetFactoringStatement(models.Model):
    """Files taken in: refused before any line, or staged with all their lines (CASES 1-10, 15)."""

    _inherit = "cabinet.factoring.statement"

    @api.model
    def _import(self, name, data, contract=None, profile=None):
        """Take a file in, or the files of a zip.

        :param str name: of the file, for people only
        :param bytes data: the file
        :param contract: of the clinic; empty: the one that the file names
        :param profile: cabinet.import.profile; empty: the contract's, or the one that fits
        :return: the statements that were read, or the traces of what was refused
        :raise AccessError: the user may not record payments
        :raise RedirectWarning: the file was imported already, with a link to the first import
        """
        self.env["res.users"]._cabinet_check_role("biller")
        contract = contract or self.env["cabinet.factoring.contract"]
        profile = profile or self.env["cabinet.import.profile"]
        if kind_of(data) is not Kind.ZIP:
            return self._import_one(name, data, contract, profile)
        entries, faults = safe_zip.read(data)
        if faults:
            return self._refuse(name, data, faults, contract)
        statements = self.browse()
        for entry in entries:
            try:
                statements |= self._import_one(entry.name, entry.data, contract, profile)
            except RedirectWarning:
                first = self._find_taken(entry.data)[:1]
                known = [fault("file_known", None, name=first.display_name)]
                statements |= self._refuse(entry.name, entry.data, known, contract, first=first)
        return statements

    def _import_one(self, name, data, contract, profile):
        taken = self._find_taken(data)
        if taken and kind_of(data) is not Kind.CAMT:
            self._refuse_known(taken)
        form, profile, reading = self._read_file(data, contract, profile)
        if taken:
            reading = self._keep_rest(reading, taken)
        return self._take_in(name, data, form, profile, reading, contract)

    @api.model
    def _take_in(self, name, data, form, profile, reading, contract):
        """Stage what was read of a file, or keep the trace of its refusal.

        :param str form: as what the file was read
        :param profile: cabinet.import.profile by which it was read; may be empty
        :param reading: formats.inbound.records.Reading
        :param contract: chosen by a person; empty: the one that the file names
        :return: the statements
        """
        contract = contract or self._find_contract(reading)
        return self._take_in_for(name, data, form, profile, reading, contract)

    @api.model
    def _take_in_for(self, name, data, form, profile, reading, contract):
        """Do the same for this very contract."""
        faults = reading.errors or self._check_reading(reading, contract)
        if faults:
            return self._refuse(name, data, faults, contract, form=form, profile=profile)
        taken = self._find_taken(data)
        # sudo: statements are made by these methods only, never by hand.
        statements = self.sudo().create(
            [
                self._prepare_statement(one, contract)
                | {
                    "file": base64.b64encode(data),
                    "file_name": name,
                    "file_sha256": file_hash(data),
                    "part": part,
                    "form": form,
                    "profile_id": profile.id,
                    "name": one.number or name,
                    "faults": self._pack([*reading.warnings, *self._warn(one, contract)]),
                }
                for part, one in enumerate(reading.statements, taken._get_next_part())
            ]
        )
        scope = f"{contract.company_id.id}/{contract.id}"
        self._create_lines(statements, reading, scope, taken)
        return statements.sudo(False).with_env(self.env)._match_or_stage()

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _read_file(self, data, contract, profile):
        """Return what a file was read as, by which profile, and the reading.

        Without a profile, the first one of which nothing is wrong with the file; else the one
        that finds least wrong with it: its faults are the telling ones.
        """
        today = fields.Date.context_today(self)
        kind = kind_of(data)
        if kind in READERS:
            form, read = READERS[kind]
            return form, profile.browse(), read(data, today)
        best = None
        for candidate in profile or contract.profile_id or self._get_profiles(kind):
            reading = candidate._read(data, today)
            if reading.ok:
                return candidate.name, candidate, reading
            if best is None or len(reading.errors) < len(best[2].errors):
                best = candidate.name, candidate, reading
        return best or ("", profile.browse(), Reading(faults=(fault("profile_none"),)))

    @api.model
    def _get_profiles(self, kind):
        profiles = self.env["cabinet.import.profile"].search(
            [
                ("company_id", "in", (False, self.env.company.id)),
                ("container", "in", CONTAINERS[kind]),
            ]
        )
        return profiles.filtered(lambda profile: not profile._check())

    @api.model
    def _find_contract(self, reading):
        """Return the contract that a file names, or the only one there is."""
        contracts = self.env["cabinet.factoring.contract"].search(
            [("company_id", "=", self.env.company.id)]
        )
        names = {compact(one.contract) for one in reading.statements if one.contract}
        named = contracts.filtered(
            lambda row: names & {compact(row.number or ""), compact(row.gln or "")} - {""}
        )
        ibans = {one.iban for one in reading.statements if one.iban}
        named = named or contracts.filtered(lambda row: compact(row.iban or "") in ibans)
        return (named or contracts)[:1] if len(named or contracts) == 1 else contracts.browse()

    @api.model
    def _check_reading(self, reading, contract):
        """Return why a file that could be read is not this clinic's (CASES 10)."""
        if not contract:
            return [fault("contract_unknown")]
        found = []
        for one in reading.statements:
            number = one.contract and self._get_own_number(one, contract)
            ibans = {compact(contract.iban)} if contract.iban else ()
            found += [row for row in check_owner(one, number or "", ibans) if row.is_error]
        return found

    @api.model
    def _get_own_number(self, statement, contract):
        """Return how the file should name us: by our number, or by our GLN."""
        numbers = {compact(contract.number or ""), compact(contract.gln or "")} - {""}
        if compact(statement.contract) in numbers:
            return statement.contract
        return contract.number or contract.gln

    @api.model
    def _warn(self, statement, contract):
        """Return what a person should know before booking: gaps, another currency (CASES 7)."""
        former = self._find_former(statement, contract)
        closing = contract._get_exact(former.closing) if former.has_closing else None
        found = check_continuity(statement, former.number or "", closing)
        own = list(check_owner(statement, "", (), self.env.company.currency_id.name))
        if not (contract.number or contract.gln or contract.iban):
            own.append(warning("contract_unchecked"))
        return [one for one in (*found, *own) if not one.is_error]

    @api.model
    def _find_former(self, statement, contract):
        """Return the posted statement before this one, by its period."""
        domain = [("contract_id", "=", contract.id), ("state", "in", ("posting", "posted"))]
        start = statement.start or self._get_day(statement)
        if start:
            domain.append(("date", "<=", start))
        return self.search([*domain, ("number", "!=", False)], order="date desc, id desc", limit=1)

    @api.model
    def _get_day(self, statement):
        days = [record.date for record in statement.records if record.date]
        return statement.end or max(days, default=None) or statement.created

    # ---------------------------------------------------------------------------------------------
    # What is kept
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _refuse(self, name, data, faults, contract, form="", profile=None, first=None):
        """Keep the trace of a file that is not taken in: who, when, which, why; not the bytes."""
        # sudo: as in _take_in.
        return (
            self.sudo()
            .create(
                {
                    "state": "refused",
                    "company_id": self.env.company.id,
                    "contract_id": contract.id,
                    "name": name,
                    "file_name": name,
                    "file_sha256": file_hash(data),
                    "form": form,
                    "profile_id": profile.id if profile else False,
                    "faults": self._pack(faults),
                    "first_id": first.id if first else False,
                }
            )
            .sudo(False)
            .with_env(self.env)
        )

    @api.model
    def _pack(self, faults):
        """Return faults as JSON values, errors first."""
        ordered = sorted(faults, key=lambda one: not one.is_error)[:KEPT_FAULTS]
        return [
            [one.code, one.line, one.field, [list(pair) for pair in one.values], one.severity.value]
            for one in ordered
        ]

    @api.model
    def _prepare_statement(self, statement: Statement, contract):
        return {
            "contract_id": contract.id,
            "company_id": contract.company_id.id,
            "number": statement.number,
            "date": self._get_day(statement) or fields.Date.context_today(self),
            "date_start": statement.start,
            "date_end": statement.end,
            "has_opening": statement.opening is not None,
            "has_closing": statement.closing is not None,
            "opening": float(statement.opening or 0),
            "closing": float(statement.closing or 0),
            "moves_total": float(statement.effect),
        }

    @api.model
    def _create_lines(self, statements, reading, scope, taken):
        """Stage the lines; the n-th event that looks like others is the n-th of the file.

        :param str scope: whose names of events they are
        :param taken: statements that have lines of this file already
        """
        had = frozenset(taken.line_ids.mapped("event_key"))
        keys = iter(event_keys(reading.records, scope, had))
        vals_list = []
        for statement, one in zip(statements, reading.statements, strict=True):
            own = [self._prepare_line(record, next(keys)) for record in one.records]
            if len(own) > READ_AT_ONCE:
                statement._stage(own)
            else:
                vals_list += [{**vals, "statement_id": statement.id} for vals in own]
        # sudo: as in _take_in.
        self.env["cabinet.factoring.statement.line"].sudo().create(vals_list)

    @api.model
    def _prepare_line(self, record, key):
        """Return what a line says; text that a sheet would compute is neutralised (CASES 15)."""
        business = business_key(record)
        return {
            "line_number": record.line,
            "data": to_json(record),
            "raw": neutralise(record.raw),
            "type_code": neutralise(record.type),
            "event": record.event and record.event.value,
            "variant": record.variant and record.variant.value,
            "date": record.date,
            "amount": float(record.amount),
            "effect": float(record.effect),
            "invoice_text": neutralise(record.invoice),
            "reference_text": record.reference,
            "factor_text": neutralise(record.factor_ref),
            "patient_text": neutralise(f"{record.patient_number} {record.patient_name}".strip()),
            "text": neutralise(record.text),
            "level": record.level,
            "reason": neutralise(record.reason),
            "event_key": key.key,
            "event_digest": key.digest,
            "business_key": business and file_hash(repr(business).encode()),
            "status": "held",
        }
