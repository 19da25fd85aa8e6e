from odoo import models
from odoo.tools import format_date, remove_accents


class CabinetBordereau(models.Model):
    """What the document and the files say, line by line.

    No more of health than the payer needs: the service is named where the payer granted it by an
    aid plan; any other care is a date.
    """

    _inherit = "cabinet.bordereau"

    def _get_rows(self):
        """Return every row of the bordereau; their amounts add up to its total.

        :return: dicts, see ``cabinet.bordereau.line._get_rows``
        :rtype: list[dict]
        """
        self.ensure_one()
        return [row for line in self._get_sorted_lines() for row in line._get_rows()]

    def _get_sorted_lines(self):
        return self._get_lines().sorted(
            lambda line: (
                remove_accents(line.patient_id.name or "").lower(),
                line.care_from,
                line.is_credit,
                line.id,
            )
        )

    def _get_beneficiaries(self):
        """Return the rows by beneficiary, as the document shows them.

        :return: dicts with ``patient``, ``numbers`` (words that the payer knows the file by),
            ``rows``, ``hours`` by class of day and ``amount``
        :rtype: list[dict]
        """
        self.ensure_one()
        groups = []
        for patient, lines in self._get_sorted_lines().grouped("patient_id").items():
            rows = [row for line in lines for row in line._get_rows()]
            hours = dict.fromkeys(("weekday", "saturday", "sunday"), 0.0)
            for row in rows:
                if row["day_class"]:
                    hours[row["day_class"]] += row["hours"]
            groups.append(
                {
                    "patient": patient,
                    "numbers": self._get_patient_numbers(patient, rows),
                    "rows": rows,
                    "invoices": ", ".join(lines.move_id.mapped("name")),
                    "period": lines._get_period_label(),
                    "hours": hours,
                    "amount": sum(lines.mapped("amount")),
                }
            )
        return groups

    def _get_patient_numbers(self, patient, rows):
        """Return the numbers by which the payer knows a beneficiary, each with its name."""
        # sudo: printing must not depend on who prints; only this payer's own number is read.
        own = patient.sudo().payer_number_ids.filtered(lambda row: row.payer_id == self.payer_id)
        files = sorted({row["file_number"] for row in rows if row["file_number"]})
        plans = sorted({row["plan_number"] for row in rows if row["plan_number"]})
        numbers = []
        if own:
            numbers.append(self.env._("No. %(number)s", number=own[:1].number))
        if files:
            numbers.append(self.env._("File %(number)s", number=", ".join(files)))
        if plans:
            numbers.append(self.env._("Plan %(number)s", number=", ".join(plans)))
        return " · ".join(numbers)

    def _get_own_identifiers(self):
        """Return the clinic's identifiers, as pairs of name and number."""
        company = self.company_id
        siret = company.company_registry or company.partner_id.cabinet_siret
        return [
            (label, number)
            for label, number in (
                (self.env._("SIRET"), siret),
                (self.env._("VAT number"), company.vat),
                (self.env._("GLN"), company.cabinet_gln),
                (self.env._("ZSR/RCC number"), company.cabinet_zsr),
                (self.env._("Our number at this payer"), self.payer_id.payer_our_number),
            )
            if number
        ]

    def _get_payer_identifiers(self):
        """Return the payer's identifiers, as pairs of name and number."""
        payer = self.payer_id
        return [
            (label, number)
            for label, number in (
                (self.env._("SIRET"), payer.cabinet_siret),
                (self.env._("Service code"), self.service_code),
                (self.env._("Commitment number"), self.commitment_number),
                (self.env._("Teletransmission id"), payer.payer_teletransmission),
                (self.env._("GLN"), payer.cabinet_gln),
            )
            if number
        ]

    def _get_credits_carried(self):
        """Return what is left of the credit notes that are taken off here in part."""
        self.ensure_one()
        partial = self._get_lines().filtered("is_partial")
        return sum(line.amount - line.amount_share for line in partial)


class CabinetBordereauLine(models.Model):
    _inherit = "cabinet.bordereau.line"

    def _get_period_label(self):
        """Return the days of the care of these lines."""
        first, last = min(self.mapped("care_from")), max(self.mapped("care_to"))
        if first == last:
            return format_date(self.env, first)
        return f"{format_date(self.env, first)} – {format_date(self.env, last)}"

    def _get_rows(self):
        """Return what this line is made of: one row for each kind of hours, then the rest.

        :return: dicts with ``line``, ``label``, ``day_class``, ``class_label``, ``hours``,
            ``tariff``, ``rate``, ``amount`` (signed), ``file_number``, ``plan_number``
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: printing must not depend on who prints; the pieces are those of the own invoice.
        pieces = self.sudo().share_id._get_own_piece_shares()
        rows = [self._prepare_row(own) for own in self._group_pieces(pieces).values()]
        rest = self.amount_share - sum(row["amount"] for row in rows)
        if not self.currency_id.is_zero(rest):
            label = self.env._("Care") if not rows else self.env._("Other care")
            rows.append(self._prepare_plain_row(label, rest))
        before = self.amount - self.amount_share
        if not self.currency_id.is_zero(before):
            label = self.env._("Paid or credited before")
            if self.is_credit:
                label = self.env._("Taken off another bordereau")
            rows.append(self._prepare_plain_row(label, before))
        return rows

    def _group_pieces(self, pieces):
        """Return shares of pieces by what a row has in common."""
        groups = {}
        for share in pieces:
            piece = share.piece_id
            rate, tariff = share._get_terms()
            key = (share.plan_id, piece.product_id, piece.day_class, rate, tariff)
            groups[key] = groups.get(key, share.browse()) | share
        return groups

    def _prepare_row(self, shares):
        first = shares[0]
        piece, plan = first.piece_id, first.plan_id
        labels = dict(piece._fields["day_class"]._description_selection(self.env))
        rate, tariff = first._get_terms()
        return {
            "line": self,
            "label": piece.product_id.with_context(lang=self.env.lang).name,
            "day_class": piece.day_class,
            "class_label": labels[piece.day_class],
            "hours": sum(shares.mapped("minutes")) / 60,
            "tariff": tariff,
            "rate": rate,
            "amount": self.currency_id.round(sum(shares.mapped("amount"))),
            "file_number": plan.file_number,
            "plan_number": plan.plan_number or plan._get_number(),
        }

    def _prepare_plain_row(self, label, amount):
        return {
            "line": self,
            "label": label,
            "day_class": False,
            "class_label": "",
            "hours": 0.0,
            "tariff": 0.0,
            "rate": False,
            "amount": self.currency_id.round(amount),
            "file_number": False,
            "plan_number": False,
        }


class CabinetAidPieceShare(models.Model):
    _inherit = "cabinet.aid.piece.share"

    def _get_terms(self):
        """Return the plan's rate in percent and the tariff per hour that it is taken of.

        A plan that pays a fixed amount an hour has no rate: its amount is the tariff.

        :return: ``(rate or False, tariff)``
        """
        self.ensure_one()
        plan = self.plan_id
        if plan.rate_kind != "percent":
            return False, self.asked_per_hour
        at_sunday = plan.majoration and self.piece_id.rule == "R4"
        rate = plan.sunday_rate if at_sunday else plan.rate
        if not rate:
            return False, self.asked_per_hour
        return rate, round(self.asked_per_hour * 100.0 / rate, 4)
