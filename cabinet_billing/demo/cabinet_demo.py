from odoo import SUPERUSER_ID, Command, api, fields, models

from .domicile import Domicile
from .leman import Leman
from .logins import ALL, LOGINS
from .practice import MODULE, create_users
from .tilleuls import Tilleuls

PRACTICES = (Tilleuls, Domicile, Leman)


class CabinetDemo(models.AbstractModel):
    """Loads the demo practices; ``demo/practices.xml`` calls it."""

    _name = "cabinet.demo"
    _description = "Demo Practices"

    @api.model
    def _load_practices(self):
        """Make the practices that are not there yet, and open them to the administrator."""
        root = self._get_demo_env()
        new = [
            practice(root)
            for practice in PRACTICES
            if not root.ref(f"{MODULE}.demo_company_{practice.code}", raise_if_not_found=False)
        ]
        for practice in new:
            practice.set_up()
        if new:
            create_users(root, LOGINS)
            self._open_to_admin(root)
        for practice in new:
            practice.work()

    def _get_demo_env(self):
        """Return the superuser's environment, in French, without a message for each change."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return self.env(
            user=SUPERUSER_ID,
            su=True,
            context={
                "lang": "fr_FR" if "fr_FR" in installed else installed[0],
                "tracking_disable": True,
                "mail_create_nosubscribe": True,
                "mail_create_nolog": True,
            },
        )

    @api.model
    def _get_today(self):
        """Return the day that the practices take for today: the one in France."""
        return fields.Date.context_today(self.with_context(tz="Europe/Paris"))

    @api.model
    def _open_to_admin(self, root):
        companies = [root.ref(f"{MODULE}.demo_company_{code}").id for code in ALL]
        admin = root.ref("base.user_admin", raise_if_not_found=False)
        if not admin:
            return
        admin.write(
            {
                "company_ids": [Command.link(company) for company in companies],
                "group_ids": [Command.link(root.ref(f"{MODULE}.group_cabinet_manager").id)],
                "lang": root.lang,
                "tz": admin.tz or "Europe/Paris",
            }
        )
        admin.company_id = companies[0]
