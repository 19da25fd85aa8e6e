from odoo import Command, api, models
from odoo.fields import Domain

from ..engine import bordereau as engine


class CabinetBordereau(models.Model):
    """From payers' shares to bordereaux (X25–X28, CASES 38–45)."""

    _inherit = "cabinet.bordereau"

    # ---------------------------------------------------------------------------------------------
    # Which shares
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_share_domain(self, company, date_to, date_from=None, payers=None):
        """Return the domain of what payers are to be asked: validated, due, on no bordereau.

        By the days of the care, never by the invoice's date (X27). Credit notes always come off
        the next bordereau, whatever their care.

        :param company: the clinic (res.company)
        :param date date_to: the last day of the period
        :param date date_from: given, earlier care is left out; else it goes along (case 39)
        :param payers: only these (res.partner); None: all
        :rtype: Domain
        """
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("kind", "=", "payer")
            & Domain("state", "=", "open")
            & Domain("bordereau_id", "=", False)
            & Domain("care_to", "<=", date_to)
        )
        if date_from:
            credit = Domain("move_type", "=", "out_refund")
            domain &= credit | Domain("care_to", ">=", date_from)
        if payers is not None:
            domain &= Domain("partner_id", "in", payers.ids)
        return domain

    @api.model
    def _find_shares(self, company, date_to, date_from=None, payers=None):
        """Return the shares of ``_get_share_domain``, oldest care first."""
        domain = self._get_share_domain(company, date_to, date_from, payers)
        return self.env["cabinet.invoice.share"].search(domain, order="care_to, id")

    @api.model
    def _split_held(self, shares):
        """Tell the shares that may be asked from those that are held back.

        :return: ``(shares to ask, dict of the others with their reason)``
        """
        held = {share: reason for share in shares if (reason := share._get_hold_reason())}
        return shares.filtered(lambda share: share not in held), held

    # ---------------------------------------------------------------------------------------------
    # Which bordereaux
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _group_shares(self, shares):
        """Return shares by bordereau to come: one for each beneficiary, or one for all (X3).

        :return: ``(payer, beneficiary or none, currency) -> shares``
        :rtype: dict
        """
        groups = {}
        nobody = self.env["res.partner"]
        for share in shares:
            payer = share.partner_id
            own = share._get_beneficiary() if payer.payer_billing_type == "individual" else nobody
            key = (payer, own, share.currency_id)
            groups.setdefault(key, shares.browse())
            groups[key] |= share
        return groups

    @api.model
    def _plan_lines(self, shares, date_from=None):
        """Return the values of the lines of one bordereau: credit notes as far as they go.

        :param shares: of one payer, oldest care first
        :param date date_from: the first day of the period: earlier care is marked
        :return: values of lines; empty if there is nothing to ask
        :rtype: list[dict]
        """
        dues = shares.filtered(lambda share: share.move_type == "out_invoice")
        notes = shares - dues
        dues = dues.filtered(lambda share: share._get_amount_to_ask() > 0)
        used = engine.taken(engine.match(dues._to_entries(), notes._to_entries()))
        return [
            *(
                share._prepare_bordereau_line(share._get_amount_to_ask(), date_from)
                for share in dues
            ),
            *(
                share._prepare_bordereau_line(used[share] * share.currency_id.rounding, date_from)
                for share in notes
                if share in used
            ),
        ]

    @api.model
    def _create_for(self, shares, date_from, date_to, **values):
        """Create the bordereaux of these shares, in one batch.

        Rows are locked first: of two people who click, one makes them and the other is told
        (case 40). What is held back or on a bordereau meanwhile is left out.

        :param shares: cabinet.invoice.share of one clinic
        :param date date_from: first day of the period
        :param date date_to: last day of the period
        :param values: other values of the bordereaux, such as ``date``, ``layout``, ``run_id``
        :return: the bordereaux, drafts
        """
        self.env["res.users"]._cabinet_check_role("biller")
        shares._lock_for_bordereau()
        shares = shares.filtered(lambda share: share.state == "open" and not share.bordereau_id)
        shares, _held = self._split_held(shares.sorted(lambda share: (share.care_to, share.id)))
        vals_list = [
            self._prepare_vals(key, lines, date_from, date_to, values)
            for key, own in self._group_shares(shares).items()
            if (lines := self._plan_lines(own, date_from))
        ]
        # sudo: bordereaux and their lines are made by this method only, after the role is checked;
        # the shares are those that the user reads.
        return self.sudo().with_company(shares.company_id[:1]).create(vals_list).sudo(False)

    @api.model
    def _prepare_vals(self, key, lines, date_from, date_to, values):
        """Return the values of one bordereau."""
        payer, beneficiary, currency = key
        share = self.env["cabinet.invoice.share"].browse(lines[0]["share_id"])
        return {
            "company_id": share.company_id.id,
            "currency_id": currency.id,
            "payer_id": payer.id,
            "patient_id": beneficiary.id,
            "user_id": self.env.uid,
            "date_from": date_from,
            "date_to": date_to,
            "layout": payer.payer_bordereau_layout,
            "line_ids": [Command.create(line) for line in lines],
            **values,
        }
