from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CabinetDashboard(models.AbstractModel):
    """The dashboard "Tableau de bord": what waits to be done, each tile with its list.

    A tile is a domain on a model (``cabinet_dashboard_tiles``). It is counted by one grouped query
    with the rights of its reader, in the clinics that are active, and opens exactly that domain.
    """

    _name = "cabinet.dashboard"
    _description = "Dashboard"

    @api.model
    @api.readonly
    def get_dashboard_data(self):
        """Return the tiles with their counts and amounts.

        :return: dict with ``title``, ``clinics`` (names), ``day`` and ``sections``: a list of
            dicts with ``label`` and ``tiles``; a tile has ``key``, ``label``, ``help``, ``level``
            ("info", "warning" or "danger"), ``count`` and ``amounts``: a list of dicts with
            ``currency_id``, ``amount`` (in that currency) and ``text``
        :rtype: dict
        :raise AccessError: the user has no role of ours
        """
        self._check_dashboard_access()
        today = fields.Date.context_today(self)
        return {
            "title": self.env._("Dashboard"),
            "clinics": ", ".join(self.env.companies.mapped("name")),
            "day": fields.Date.to_string(today),
            "sections": [
                {"label": label, "tiles": [self._read_tile(tile) for tile in tiles]}
                for label, tiles in self._get_sections(today)
            ],
        }

    @api.model
    @api.readonly
    def open_tile(self, key):
        """Return the action that opens exactly what a tile counted.

        :param str key: of the tile
        :raise AccessError: the user has no role of ours
        :raise UserError: there is no such tile
        """
        self._check_dashboard_access()
        sections = self._get_sections(fields.Date.context_today(self))
        tile = next((tile for _l, tiles in sections for tile in tiles if tile.key == key), None)
        if not tile:
            raise UserError(self.env._("This tile is gone: load the dashboard again."))
        action = self.env["ir.actions.act_window"]._for_xml_id(f"cabinet_billing.{tile.action}")
        action.update(
            name=tile.label, display_name=tile.label, domain=list(tile.domain), context={}
        )
        # By its address, the list would open without the tile's domain when the page is reloaded.
        action.pop("path", None)
        return action

    @api.model
    def _check_dashboard_access(self):
        if not self.env.user.has_group("cabinet_billing.group_cabinet_base"):
            raise AccessError(self.env._("The dashboard is for the staff of the practice."))

    @api.model
    def _read_tile(self, tile):
        """Return what one tile shows, by one query."""
        groups = self.env[tile.model]._read_group(
            tile.domain, [tile.currency], ["__count", f"{tile.amount}:sum"]
        )
        count, sums = 0, {}
        for owner, number, amount in groups:
            currency = owner.currency_id if tile.currency == "company_id" else owner
            count += number
            sums[currency] = sums.get(currency, 0.0) + (amount or 0.0)
        return {
            "key": tile.key,
            "label": tile.label,
            "help": tile.help,
            "level": tile.level if count else "none",
            "count": count,
            "amounts": [
                {
                    "currency_id": currency.id,
                    "amount": currency.round(amount),
                    "text": currency.format(amount),
                }
                for currency, amount in sums.items()
            ],
        }
