from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..formats.setup_form.settings import settings_of
from .cabinet_setup_form import ANSWERS
from .cabinet_setup_form_change import NEW_CONTRACT

DEFAULT_FILES = "450"


class CabinetSetupForm(models.Model):
    """What the answers change: shown first, then written to categories and contracts (F2-F7)."""

    _inherit = "cabinet.setup.form"

    change_ids = fields.One2many("cabinet.setup.form.change", "form_id", string="Changes")
    pending_ids = fields.One2many(
        "cabinet.setup.form.change",
        "form_id",
        string="What will change",
        domain=[("applied_on", "=", False)],
        readonly=True,
    )
    applied_ids = fields.One2many(
        "cabinet.setup.form.change",
        "form_id",
        string="What was changed",
        domain=[("applied_on", "!=", False)],
        readonly=True,
    )
    notices = fields.Text(compute="_compute_notices")

    # ---------------------------------------------------------------------------------------------
    # Preview
    # ---------------------------------------------------------------------------------------------

    def action_preview(self):
        """Show each setting that the answers change, before and after."""
        self.ensure_one()
        self._check_may_apply()
        self._show_changes(self._get_changes())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What will change"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("cabinet_billing.cabinet_setup_form_view_preview").id, "form")],
            "target": "new",
        }

    def _check_may_apply(self):
        self.env["res.users"]._cabinet_check_role("manager")
        self.check_access("write")

    def _show_changes(self, changes):
        # sudo: changes are written by these methods only; the role was checked.
        own = self.sudo()
        own.pending_ids.unlink()
        own.env["cabinet.setup.form.change"].create(
            [{"form_id": self.id, **change} for change in changes]
        )
        self.invalidate_recordset(["pending_ids", "change_ids"])

    def _get_changes(self):
        """Return the values of the changes that the answers ask for; none if all is so already."""
        wanted = settings_of(self._get_answers())
        categories = self.payer_ids.category_id | self._get_categories(wanted.categories)
        changes = []
        for category in categories.sorted(lambda row: (row.sequence, row.id)):
            values = self._to_category_values(wanted.categories.get(category.code, {}))
            changes += self._compare(category, values, {"category_id": category.id})
        for contract in self.contract_ids:
            values = self._to_contract_values(wanted.contract, contract)
            changes += self._compare(contract, values, {"contract_id": contract.id})
        if self.factor_id and not self.contract_ids:
            changes.append(
                {
                    "model_name": "cabinet.factoring.contract",
                    "field_name": NEW_CONTRACT,
                    "target": self.factor_id.display_name,
                    "before": False,
                    "after": self.factor_id.display_name,
                }
            )
        return changes

    @api.model
    def _to_category_values(self, wanted):
        values = dict(wanted)
        if "channels" in values:
            values["channel_ids"] = values.pop("channels")
        return values

    @api.model
    def _to_contract_values(self, wanted, contract):
        """Return values of a contract; the version of the files stays where there is one."""
        values = dict(wanted)
        if "files" in values:
            version = contract.xml_version or DEFAULT_FILES
            values["xml_version"] = version if values.pop("files") else False
        return values

    @api.model
    def _compare(self, record, values, link):
        return [
            {
                **link,
                "model_name": record._name,
                "target": record.display_name,
                "field_name": name,
                "before": self._to_json(record, name),
                "after": value,
            }
            for name, value in values.items()
            if (self._to_json(record, name) or False) != (value or False)
        ]

    @api.model
    def _to_json(self, record, name):
        if name == "channel_ids":
            return sorted(record.channel_ids.mapped("code"))
        return record[name]

    # ---------------------------------------------------------------------------------------------
    # Applying
    # ---------------------------------------------------------------------------------------------

    def action_apply(self):
        """Write what was shown, and keep it as the history of this form.

        :raise UserError: it was not shown, or the settings are others by now
        :raise LockError: somebody else is applying a questionnaire
        """
        self.ensure_one()
        self._check_may_apply()
        self._lock_settings()
        shown = self.pending_ids
        changes = self._get_changes()
        if [self._get_key(row) for row in changes] != [row._get_key() for row in shown]:
            raise UserError(
                self.env._(
                    "What will change is not what was shown: answers or settings were changed "
                    "meanwhile. Close the window and look again."
                )
            )
        self._write_settings(shown)
        self._log(shown)
        # sudo: state and history are written by these methods only; the role was checked.
        shown.sudo().applied_on = fields.Datetime.now()
        self.sudo().write(
            {
                "state": "applied",
                "applied_on": fields.Datetime.now(),
                "applied_by_id": self.env.user.id,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _lock_settings(self):
        """Let one manager at a time apply answers; what is compared is what is stored now."""
        wanted = settings_of(self._get_answers())
        categories = self.payer_ids.category_id | self._get_categories(wanted.categories)
        try:
            self.lock_for_update()
            categories.lock_for_update()
            self.contract_ids.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is changing these settings at this moment. Try again.")
            ) from error
        for records in (self, categories, self.contract_ids):
            records.invalidate_recordset()

    @api.model
    def _get_key(self, change):
        names = ("category_id", "contract_id", "field_name", "after", "before")
        return tuple(change.get(name) or False for name in names)

    def _write_settings(self, changes):
        channels = {row.code: row.id for row in self.env["cabinet.channel"].search([])}
        for record, rows in changes.filtered("category_id").grouped("category_id").items():
            record.write(rows._prepare_values(channels))
        for record, rows in changes.filtered("contract_id").grouped("contract_id").items():
            record.write(rows._prepare_values(channels))
        if changes.filtered(lambda row: row.field_name == NEW_CONTRACT):
            self._create_contract()

    def _create_contract(self):
        wanted = settings_of(self._get_answers()).contract
        contracts = self.env["cabinet.factoring.contract"]
        contract = contracts.create(
            {
                "name": self.factor_id.name,
                "partner_id": self.factor_id.id,
                "company_id": self.company_id.id,
                **self._to_contract_values(wanted, contracts),
            }
        )
        # sudo: answers of this form are being applied; this is what became of one of them.
        self.sudo().contract_ids = contract

    def _log(self, changes):
        """Note in the threads who changed what: a category has none, the form's tells of it."""
        lines = [
            self.env._(
                "%(target)s, %(label)s: %(before)s → %(after)s",
                target=row.target,
                label=row.label,
                before=row.before_text,
                after=row.after_text,
            )
            for row in changes
        ]
        nothing = self.env._("Applied: there was nothing left to change.")
        self.message_post(body=self._to_html(lines) if lines else nothing)
        for contract in changes.contract_id:
            contract.message_post(
                body=self.env._("Set by the questionnaire “%(form)s”.", form=self.display_name)
            )

    @api.model
    def _to_html(self, lines):
        return self.env["ir.qweb"]._render(
            "cabinet_billing.cabinet_setup_form_log", {"lines": lines}
        )

    # ---------------------------------------------------------------------------------------------
    # What a person should know
    # ---------------------------------------------------------------------------------------------

    @api.depends(*sorted(ANSWERS), "payer_ids.channel_ids", "payer_ids.channel_note", "pending_ids")
    @api.depends_context("lang")
    def _compute_notices(self):
        sentences = self._get_kept_sentences()
        # sudo: the clinics are counted, not named; categories are shared by all of them.
        count = self.env["res.company"].sudo().search_count([])
        for form in self:
            wanted = settings_of(form._get_answers())
            lines = [sentences[code] for code in wanted.kept]
            if count > 1 and form.pending_ids.category_id:
                lines.insert(
                    0,
                    self.env._(
                        "The payer categories are shared: what changes here changes for the "
                        "%(count)s clinics of this database.",
                        count=count,
                    ),
                )
            if not form.contract_ids and not form.factor_id:
                lines.append(
                    self.env._(
                        "This clinic has no factoring contract: choose the factor of a new one, "
                        "or the answers on the factor change its category only."
                    )
                )
            form.notices = "\n".join(lines)

    @api.model
    def _get_kept_sentences(self):
        return {
            "follow_up": self.env._(
                "Payment follow-up: kept with this form. Payments, imported statements and checks "
                "by hand stand side by side in this program, without a setting."
            ),
            "unpaid_how": self.env._(
                "Automatic reminders: kept with this form. Reminders are proposed by themselves, "
                "a person sends them."
            ),
            "unpaid_text": self.env._(
                "Unpaid invoices, the text beside “Other”: kept with this form as a comment."
            ),
            "frequency_text": self.env._(
                "Frequency: kept as text on the category; the reminder of the contract stays as "
                "it is."
            ),
            "method_differs": self.env._(
                "The method for the factor and its channels differ: the channels count for the "
                "category, the method for the contract's files."
            ),
        }
