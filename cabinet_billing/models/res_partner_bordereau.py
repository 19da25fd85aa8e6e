from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .cabinet_bordereau import LAYOUTS
from .res_partner_patient import HEALTH


class ResPartner(models.Model):
    """Bordereaux on the payer (X25, X29, X41) and what public payers ask for."""

    _inherit = "res.partner"

    payer_bordereau_layout = fields.Selection(
        LAYOUTS,
        string="Edition format",
        default="detail",
        help="The format of this payer's bordereaux.",
    )
    payer_service_code = fields.Char(
        string="Service code", help="The payer's service on Chorus Pro (code service)."
    )
    payer_commitment_number = fields.Char(
        string="Commitment number", help="Numéro d'engagement: asked by public payers."
    )
    payer_is_public = fields.Boolean(related="payer_category_id.is_public")
    payer_bordereau_ids = fields.One2many(
        "cabinet.bordereau", "payer_id", string="Bordereaux", groups=HEALTH
    )

    @api.onchange("payer_paid_to_client")
    def _onchange_payer_paid_to_client(self):
        """Warn of the bordereaux that wait for money of this payer (case 41)."""
        if not self.payer_paid_to_client or not self._origin:
            return None
        waiting = self._origin._get_waiting_bordereaux()
        if not waiting:
            return None
        return {
            "warning": {
                "title": self.env._("Bordereaux are open"),
                "message": self.env._(
                    "%(payer)s is still asked %(count)s bordereaux: %(bordereaux)s. They stay as "
                    "they are; no new one will be made. Cancel them if the clients are paid.",
                    payer=self.name,
                    count=len(waiting),
                    bordereaux=", ".join(waiting[:10].mapped("display_name")),
                ),
            }
        }

    def _get_waiting_bordereaux(self):
        """Return the bordereaux of these payers that are not settled."""
        return self.env["cabinet.bordereau"].search(
            Domain("payer_id", "in", self.ids) & Domain("state", "not in", ("paid", "cancelled"))
        )

    def action_new_bordereau(self):
        """Open the screen that makes this payer's bordereaux (X25)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create bordereaux"),
            "res_model": "cabinet.bordereau.run",
            "views": [(False, "form")],
            "context": {"default_operation": "create", "default_payer_ids": self.ids},
        }

    # ---------------------------------------------------------------------------------------------
    # Addresses
    # ---------------------------------------------------------------------------------------------

    def _get_payer_contact(self):
        """Return to whom a payer's e-mails go: its address for invoices, or the payer itself."""
        self.ensure_one()
        contact = self.browse(self.address_get(["invoice"])["invoice"])
        return contact if contact != self and contact.email else self

    def _get_payer_mail_problem(self):
        """Return why no e-mail can go to the payer, or False (case 48)."""
        contact = self._get_payer_contact()
        if not contact.email:
            return self.env._("No e-mail address: print it.")
        if not email_normalize(contact.email):
            return self.env._(
                "The e-mail address “%(email)s” is not a valid one: correct it, or print it.",
                email=contact.email,
            )
        if contact.is_blacklisted:
            return self.env._("This address does not want e-mails any more: print it.")
        return False
