from odoo import api, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _cabinet_check_role(self, role):
        """Refuse, in words that a user understands, what the role does not allow (S1).

        Methods that move money call it themselves, whatever the screen hides, so that a call by
        RPC meets the same door. Called on the model: ``env.user`` is in superuser mode.

        :param str role: ``biller`` or ``manager``
        :raise AccessError: the user does not have the role
        """
        if self.env.su or self.env.user.has_group(f"cabinet_billing.group_cabinet_{role}"):
            return
        if role == "manager":
            message = self.env._(
                "Only a manager of the practice may do this. "
                "Ask a manager, or have the role “Manager” given to you."
            )
        else:
            message = self.env._(
                "Your role does not allow you to bill or to record payments. "
                "Ask a manager of the practice for the role “Biller”."
            )
        raise AccessError(message)
