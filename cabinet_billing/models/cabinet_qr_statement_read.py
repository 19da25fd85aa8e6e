import base64
from dataclasses import replace

from odoo import api, fields, models

from ..formats.inbound.controls import check_continuity, check_owner
from ..formats.inbound.faults import fault
from ..formats.inbound.identity import file_hash
from ..formats.inbound.records import Reading
from ..formats.inbound.references import compact
from ..formats.inbound.text import neutralise

CAMT = "camt.054"


class CabinetFactoringStatement(models.Model):
    """Files of the practice's own bank: whose account each payment came to (CASES 10)."""

    _inherit = "cabinet.factoring.statement"

    @api.model
    def _take_in(self, name, data, form, profile, reading, contract):
        """Take the payments on the clinic's own accounts in; the rest is the factor's, or nobody's.

        The entry's own reference (QR-IBAN) tells the account, then the IBAN of the statement. An
        account of a contract stays the contract's, whatever the journals say.
        """
        if form != CAMT or reading.errors:
            return super()._take_in(name, data, form, profile, reading, contract)
        owned, others = self._split_by_account(reading)
        taken = self._find_taken(data)
        if not (owned or taken):
            if not contract and not self._find_contract(reading):
                return self._refuse_account(name, data, reading)
            return super()._take_in(name, data, form, profile, reading, contract)
        statements = self._create_bank_statements(name, data, form, reading, owned)
        if others:
            rest = replace(reading, statements=tuple(others))
            statements |= self._take_rest_in(name, data, form, profile, rest, taken)
        return statements

    @api.model
    def _take_rest_in(self, name, data, form, profile, reading, taken):
        """Take what is on no account of the clinic in for the contract that has it, or refuse.

        :param taken: statements that had lines of this file before
        """
        accounts = {number for one in reading.statements for number in _accounts_of(one)}
        contract = self._get_contracts().filtered(lambda row: compact(row.iban or "") in accounts)
        if not (contract or taken.journal_id):
            contract = taken.contract_id
        if len(contract) != 1:
            return self._refuse_account(name, data, reading)
        return self._take_in_for(name, data, form, profile, reading, contract)

    @api.model
    def _refuse_account(self, name, data, reading):
        numbers = [number for one in reading.statements for number in _accounts_of(one)]
        found = ", ".join(dict.fromkeys(numbers)) or "?"
        contract = self.env["cabinet.factoring.contract"]
        unknown = [fault("account_unknown", None, iban=found)]
        # Where the other accounts of the file are, if some were known.
        first = self._find_taken(data)[:1]
        return self._refuse(name, data, unknown, contract, CAMT, first=first)

    # ---------------------------------------------------------------------------------------------
    # Whose account
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_contracts(self):
        return self.env["cabinet.factoring.contract"].search(
            [("company_id", "=", self.env.company.id)]
        )

    @api.model
    def _get_own_accounts(self):
        """Return the clinic's bank journals by their numbers; a contract's account is none.

        :rtype: dict
        """
        journals = self.env["account.journal"]
        journals = journals.search(
            [
                *journals._check_company_domain(self.env.company),
                ("type", "=", "bank"),
                ("bank_account_id", "!=", False),
            ]
        )
        factors = {compact(contract.iban or "") for contract in self._get_contracts()}
        return {
            number: journal
            for number, journal in journals._get_cabinet_numbers().items()
            if number not in factors
        }

    @api.model
    def _split_by_account(self, reading):
        """Return the statements of own accounts, as pairs with the journal, and the others."""
        accounts = self._get_own_accounts()
        factors = {compact(contract.iban or "") for contract in self._get_contracts()} - {""}
        owned, others = [], []
        for one in reading.statements:
            groups = {}
            for record in one.records:
                number = record.get("account_ref")
                journal = None
                if number not in factors:
                    journal = accounts.get(number) or accounts.get(one.iban)
                groups.setdefault(journal, []).append(record)
            for journal, records in groups.items() or [(accounts.get(one.iban), ())]:
                part = replace(one, records=tuple(records))
                if journal:
                    owned.append((journal, part))
                else:
                    others.append(part)
        return owned, others

    # ---------------------------------------------------------------------------------------------
    # What is kept
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _create_bank_statements(self, name, data, form, reading, owned):
        """Stage statements of the clinic's own accounts with their lines, and say what they mean.

        :param list owned: pairs of a journal and its formats.inbound.records.Statement
        """
        if not owned:
            return self.browse()
        taken = self._find_taken(data)
        # sudo: statements are made by these methods only, never by hand.
        statements = self.sudo().create(
            [
                self._prepare_bank_statement(one, journal)
                | {
                    "file": base64.b64encode(data),
                    "file_name": name,
                    "file_sha256": file_hash(data),
                    "part": part,
                    "form": form,
                    "name": one.number or name,
                    "faults": self._pack([*reading.warnings, *self._warn_bank(one, journal)]),
                }
                for part, (journal, one) in enumerate(owned, taken._get_next_part())
            ]
        )
        for journal in dict.fromkeys(journal for journal, _one in owned):
            own = statements.filtered(lambda row, journal=journal: row.journal_id == journal)
            parts = tuple(one for owner, one in owned if owner == journal)
            self._create_lines(own, Reading(parts), self._get_journal_scope(journal), taken)
        return statements.sudo(False).with_env(self.env)._match_or_stage()

    @api.model
    def _get_journal_scope(self, journal):
        """Return what makes the bank's names of payments unique: they are its own."""
        return f"{self.env.company.id}/journal/{journal.id}"

    @api.model
    def _prepare_bank_statement(self, one, journal):
        return {
            "journal_id": journal.id,
            "company_id": self.env.company.id,
            "number": one.number or one.message_id,
            "date": self._get_day(one) or fields.Date.context_today(self),
            "date_start": one.start,
            "date_end": one.end,
            "moves_total": float(one.effect),
        }

    @api.model
    def _warn_bank(self, one, journal):
        """Return what a person should know: a gap, another currency (CASES 7, 11)."""
        day = self._get_day(one) or fields.Date.context_today(self)
        former = self.search(
            [("journal_id", "=", journal.id), ("state", "=", "posted"), ("date", "<=", day)],
            order="date desc, id desc",
            limit=1,
        )
        found = check_continuity(one, former.number or "")
        own = check_owner(one, "", (), self.env.company.currency_id.name)
        return [row for row in (*found, *own) if not row.is_error]

    @api.model
    def _prepare_line(self, record, key):
        """Show who paid where the bank's file names nobody else."""
        values = super()._prepare_line(record, key)
        if not values["patient_text"]:
            payer = record.get("ultimate_debtor") or record.get("debtor")
            values["patient_text"] = neutralise(payer)
        return values


def _accounts_of(statement):
    """Return the numbers by which a statement names its account, those of its entries first."""
    found = [record.get("account_ref") for record in statement.records]
    return [number for number in dict.fromkeys([*found, statement.iban]) if number]
