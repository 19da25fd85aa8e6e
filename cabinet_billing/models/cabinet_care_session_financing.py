from collections import defaultdict
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import float_round, format_date

from ..engine import pec
from ..engine.exact import exact
from ..engine.pec_values import to_instant
from .cabinet_aid_plan_engine import to_minutes
from .care_financing import Financing


class CabinetCareSession(models.Model):
    """Hours that aid plans finance: from sessions to invoice lines, shares and pieces (X19–X21)."""

    _inherit = "cabinet.care.session"

    # ---------------------------------------------------------------------------------------------
    # What plans do with these sessions
    # ---------------------------------------------------------------------------------------------

    def _finance(self, lock=False):
        """Return how aid plans finance these sessions, after what invoices used before.

        Sessions are financed if they are sold by the hour and their patient has plans for the
        service; a payer chosen on the session itself ("tiers payant") goes before any plan.

        :param bool lock: keep the plans' hours for this transaction, to write invoices
        :rtype: Financing
        """
        financed, plans = self._find_financed()
        result = Financing(financed, {plan.id: plan for plan in plans})
        if not financed:
            return result
        if lock:
            plans._lock_hours()
        used = plans._get_used()
        for company, sessions in financed.grouped("company_id").items():
            own = plans.filtered(lambda plan, company=company: plan.company_id == company)
            sessions._fund(own, used, result)
        return result

    def _find_financed(self):
        """Return the sessions of these that plans finance, and the plans."""
        plans = self._find_aid_plans()
        subjects = {(plan.company_id, plan.patient_id, plan.product_id) for plan in plans}
        if not plans:
            return self.browse(), plans
        financed = self._filter_sold_by_hour().filtered(
            lambda session: (
                not session.third_party_payment
                and (session.company_id, session.patient_id, session.product_id) in subjects
            )
        )
        return financed, plans

    def _fund(self, plans, used, result):
        """Add to ``result`` how ``plans`` finance these sessions of one clinic."""
        company = self.company_id
        funding = pec.fund(
            [plan._to_engine() for plan in plans],
            self._to_engines(),
            holidays=self.env["cabinet.public.holiday"]._get_calendar(company),
            used=used,
        )
        for line in pec.lines(funding.pieces, Decimal(str(company.currency_id.rounding))):
            result.lines[line.client].append(line)
        patients = {session.id: session.patient_id.id for session in self}
        for alert in funding.alerts:
            result.alerts[company.id, patients[alert.session]].append(alert)

    def _find_aid_plans(self):
        """Return all plans, drafts too, of these sessions' patients and services."""
        hourly = self._filter_sold_by_hour()
        if not hourly:
            return self.env["cabinet.aid.plan"]
        return self.env["cabinet.aid.plan"].search(
            [
                ("company_id", "in", hourly.company_id.ids),
                ("patient_id", "in", hourly.patient_id.ids),
                ("product_id", "in", hourly.product_id.ids),
            ]
        )

    def _to_engines(self):
        """Return the sessions as the engine reads them.

        :rtype: list[pec.Session]
        """
        places, engines = {}, []
        for session in self:
            company, place = key = session.company_id, session.place_id
            if key not in places:
                places[key] = place._get_care_zone(company), place._get_care_place(company)
            engines.append(session._to_engine(*places[key]))
        return engines

    def _to_engine(self, zone, place):
        """Return the session in whole minutes, in the place's local time.

        :param zoneinfo.ZoneInfo zone: of its place of care
        :param CarePlace place: whose public holidays hold there
        :rtype: pec.Session
        """
        self.ensure_one()
        return pec.Session.from_utc(
            key=self._origin.id or "new",
            start=self.start.replace(second=0, microsecond=0),
            end=self.end.replace(second=0, microsecond=0),
            zone=zone,
            price=exact(self.price_unit),
            client=(self.company_id.id, self.patient_id._origin.id),
            service=self.product_id._origin.id,
            place=place,
        )

    def _is_sold_by_hour(self):
        self.ensure_one()
        return self.product_id.uom_id == self._get_hour()

    def _filter_sold_by_hour(self):
        """Return the sessions of these whose service is sold by the hour."""
        hour = self._get_hour()
        services = self.product_id.filtered(lambda product: product.uom_id == hour)
        return self.filtered(lambda session: session.product_id in services)

    def _get_hour(self):
        """Return the unit of an hour."""
        # Not env.ref(): it asks the database each time whether the unit still exists.
        data = self.env["ir.model.data"]
        return self.env["uom.uom"].browse(data._xmlid_to_res_id("uom.product_uom_hour"))

    def _get_financing_faults(self):
        """Yield why a financed session cannot be invoiced as it is."""
        self.ensure_one()
        minutes = to_minutes((self.end - self.start).total_seconds() / 3600)
        if abs(to_minutes(self.quantity) - minutes) > 1:
            yield self.env._(
                "%(session)s: its billed hours are not its length. Aid plans finance the time "
                "from start to end: correct one of them.",
                session=self.display_name,
            )
        elif not minutes:
            yield self.env._("%(session)s lasts no time.", session=self.display_name)

    def _check_financing(self, financing):
        sessions = self & financing.sessions
        faults = [fault for session in sessions for fault in session._get_financing_faults()]
        if faults:
            raise UserError("\n".join(faults))

    # ---------------------------------------------------------------------------------------------
    # Invoice lines and shares
    # ---------------------------------------------------------------------------------------------

    def _get_financed_lines(self, financing):
        """Return the engine's lines of one patient's invoice, if plans finance some of it."""
        if not self & financing.sessions:
            return []
        return financing.lines[self.company_id.id, self.patient_id.id]

    def _get_financing_warnings(self, financing):
        """Return what to look at before one patient's invoice goes out, a warning a line."""
        if not self & financing.sessions:
            return ""
        alerts = financing.alerts[self.company_id.id, self.patient_id.id]
        return "\n".join(self.env["cabinet.aid.words"]._explain_alerts(alerts))

    def _prepare_financed_line_vals(self, line, financing):
        """Return the values of one invoice line: hours × tariff of one class of day.

        Odoo multiplies hours rounded to 0.01 by the tariff, the engine is exact by the minute.
        Where both agree to the cent, the line says hours and tariff, as secretaries read it
        (multiples of 3 minutes always agree); else it bears the exact price, and its text says
        hours and tariff.
        """
        product = self.env["product.product"].browse(line.service)
        session = self._get_first_of(product)
        patient = session.patient_id
        unit_digits = self.env["decimal.precision"].precision_get("Product Unit")
        hours = float_round(line.minutes / 60, precision_digits=unit_digits)
        currency = session.company_id.currency_id
        plain = currency.compare_amounts(hours * float(line.tariff), float(line.price)) == 0
        unit = product.uom_id if plain else self.env.ref("uom.product_uom_unit")
        keys = {piece.session.key for piece in line.pieces}
        local = session.with_context(lang=patient.lang)
        return {
            "product_id": product.id,
            "name": local._get_financed_label(line, product, financing),
            "quantity": hours if plain else 1.0,
            "product_uom_id": unit.id,
            "price_unit": float(line.tariff if plain else line.price),
            "tax_ids": [Command.set(financing.get_taxes(session).ids)],
            "cabinet_session_id": next(iter(keys)) if len(keys) == 1 else False,
            "cabinet_minutes": line.minutes,
        }

    def _get_first_of(self, product):
        """Return the first of these sessions with this service."""
        return next(session for session in self if session.product_id == product)

    def _get_financed_label(self, line, product, financing):
        """Return the text of an invoice line, in the patient's language."""
        words = self.env["cabinet.aid.words"]
        first, last = line.pieces[0].day, line.pieces[-1].day
        days = format_date(self.env, first)
        if last != first:
            days = f"{days} – {format_date(self.env, last)}"
        classes = financing.get_day_classes(self.env)
        return self.env._(
            "%(service)s, %(days)s, %(dates)s: %(hours)s at %(tariff)s",
            service=product.with_context(lang=self.env.lang).name,
            days=classes[line.day_class.value].lower(),
            dates=days,
            hours=words._format_minutes(line.minutes),
            tariff=self.company_id.currency_id.format(float(line.tariff)),
        )

    def _get_financed_amounts(self, line, financing):
        """Return what an invoice line costs and what each plan pays of it, tax included.

        The engine's amounts are read like the service's tariff, with or without its taxes.

        :return: the total, and a dict of amounts by plan id
        """
        if id(line) not in financing.amounts:
            financing.amounts[id(line)] = self._compute_financed_amounts(line, financing)
        return financing.amounts[id(line)]

    def _compute_financed_amounts(self, line, financing):
        product = self.env["product.product"].browse(line.service)
        session = self._get_first_of(product)
        taxes, currency = financing.get_taxes(session), session.company_id.currency_id

        def included(amount):
            if not taxes:  # nearly all care: core would still walk through all of its steps
                return currency.round(float(amount))
            result = taxes.compute_all(float(amount), currency=currency, product=product)
            return currency.round(result["total_included"])

        return included(line.price), {part.plan: included(part.amount) for part in line.payers}

    def _get_financed_shares(self, financing, debtor):
        """Return what each payer owes of one patient's invoice, tax included.

        A payer that pays its aid to the client owes nothing (X4), nor does a plan's payer on an
        invoice that is addressed to itself.
        """
        amounts = defaultdict(float)
        for line in self._get_financed_lines(financing):
            _total, parts = self._get_financed_amounts(line, financing)
            for plan_id, amount in parts.items():
                payer = financing.plans[plan_id].payer_id
                if payer != debtor and not payer.payer_paid_to_client:
                    amounts[payer] += amount
        return amounts

    # ---------------------------------------------------------------------------------------------
    # Pieces
    # ---------------------------------------------------------------------------------------------

    def _record_financing(self, move, financing):
        """Return the values of the pieces of a new draft invoice, and make its shares exact.

        :param move: the invoice of these sessions, whose financed lines come first
        """
        lines = self._get_financed_lines(financing)
        move_lines = move.line_ids.filtered(lambda line: line.cabinet_minutes).sorted("id")
        vals_list = []
        for line, move_line in zip(lines, move_lines, strict=True):
            vals_list += self._prepare_piece_vals(line, move_line, financing)
        if lines:
            self._fit_shares(move, lines)
        return vals_list

    def _fit_shares(self, move, lines):
        """Put the cents that the invoice's taxes leave where they belong.

        Payers never owe more than the total; where they pay everything, the patient owes nothing.
        """
        shares = move.payer_share_ids.sorted("amount")
        rest = move.currency_id.round(move.amount_total - sum(shares.mapped("amount")))
        nothing_left = not any(line.client_amount for line in lines) and len(lines) == len(
            move.invoice_line_ids
        )
        paid = {plan for line in lines for plan, _amount in line.payers}
        billed = set(self.env["cabinet.aid.plan"].browse(paid).payer_id) <= set(shares.partner_id)
        cents = abs(rest) <= len(lines) * len(shares) * move.currency_id.rounding
        if shares and rest and (rest < 0 or (nothing_left and billed and cents)):
            shares[-1].amount += rest

    def _prepare_piece_vals(self, line, move_line, financing):
        """Return the values of the pieces of one line: their amounts add up to the line's."""
        total, parts = self._get_financed_amounts(line, financing)
        minutes = [piece.minutes for piece in line.pieces]
        rounding = move_line.currency_id.rounding
        prices = spread(total, minutes, rounding)
        shares = {plan: spread(amount, minutes, rounding) for plan, amount in parts.items()}
        words = self.env["cabinet.aid.words"]
        move = move_line.move_id
        # Given here: computed, they would be looked up for every single amount.
        own = {
            "move_id": move.id,
            "company_id": move.company_id.id,
            "currency_id": move.currency_id.id,
        }
        vals_list = []
        patient = self.patient_id
        for rank, piece in enumerate(line.pieces):
            share_vals = [
                self._prepare_piece_share_vals(
                    piece, share, shares[share.plan][rank], move, financing
                )
                for share in piece.shares
            ]
            paid = sum(vals["amount"] for vals in share_vals if vals["billed"])
            vals_list.append(
                {
                    **own,
                    "line_id": move_line.id,
                    "session_id": piece.session.key,
                    "patient_id": patient.id,
                    "product_id": line.service,
                    "start": to_instant(piece.start, piece.session.zone),
                    "day": piece.day,
                    "day_class": piece.day_class.value,
                    "minutes": piece.minutes,
                    "hours": piece.minutes / 60,
                    "tariff": float(piece.tariff),
                    "price": prices[rank],
                    "payer_amount": paid,
                    "client_amount": prices[rank] - paid,
                    "rule": piece.rule.value,
                    "details": words._pack(piece),
                    "share_ids": [Command.create({**own, **vals}) for vals in share_vals],
                }
            )
        return vals_list

    def _prepare_piece_share_vals(self, piece, share, amount, move, financing):
        payer = financing.plans[share.plan].payer_id
        return {
            "plan_id": share.plan,
            "payer_id": payer.id,
            "billed": payer != move.partner_id and not payer.payer_paid_to_client,
            "asked_per_hour": float(share.asked),
            "amount": amount,
            "minutes": piece.minutes,
            "counter_id": share.window.counter,
            "period": share.window.period.value,
            "first_day": share.window.first_day,
            "sunday": share.sunday,
        }


def spread(total, weights, rounding):
    """Share ``total`` out by ``weights``, each part rounded, their sum exact.

    Cumulated amounts are rounded, so that no part strays by more than one step.
    """
    whole, done, given, parts = sum(weights), 0, 0.0, []
    for weight in weights:
        done += weight
        upto = float_round(total * done / whole, precision_rounding=rounding)
        parts.append(float_round(upto - given, precision_rounding=rounding))
        given = upto
    return parts
