import random
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound.claims import Claim, ClaimIndex, ClaimState, MatchBy
from ..formats.inbound.match import match_all, suggest
from ..formats.inbound.match_codes import Hold, Note, Outcome
from ..formats.inbound.names import same_person, share_a_word
from ..formats.inbound.records import Event, Record, Variant
from .format_common import FormatCase

QRR = "999999000000000002026000423"


def money(text):
    return Decimal(str(text)).quantize(Decimal("0.01"))


def claim(key="A", amount=100, **values):
    """Return an acquitted claim of the patient P1, Jeanne Modèle, on the invoice F1."""
    values = {
        "invoice": "F1",
        "factor_ref": "H1",
        "patient": "jeanne",
        "patient_number": "P1",
        "patient_name": "Jeanne Modèle",
        "residual": money(values.pop("residual", amount)),
    } | values
    return Claim(key=key, amount=money(amount), **values)


def line(event=Event.PAY, amount=100, **values):
    """Return a line about the invoice F1, without patient."""
    values = {"invoice": "F1", "currency": "CHF", "date": date(2026, 4, 1)} | values
    amount = money(amount)
    effect = values.pop("effect", amount if event is Event.PAY else money(0))
    return Record(line=1, raw="", event=event, amount=amount, effect=effect, **values)


@tagged("post_install", "-at_install")
class TestFormatMatch(FormatCase):
    """CASES 11, 16-37: what a line means for a claim, or why it waits."""

    def match(self, records, claims=None, **values):
        claims = [claim()] if claims is None else claims
        index = ClaimIndex(claims, values.pop("patients", None))
        return match_all(records, index, "CHF", **values)

    def one(self, record, *claims, **values):
        return self.match([record], claims or None, **values)[0]

    def assertHeld(self, match, hold):
        self.assertEqual((match.outcome, match.hold), (Outcome.HOLD, hold))
        self.assertEqual((match.allocated, match.surplus), (0, 0))

    def test_a_claim_is_found_by_reference_invoice_or_the_factors_number(self):
        wanted = claim(reference=QRR)
        for values, by in (
            ({"invoice": "", "reference": QRR}, MatchBy.REFERENCE),
            ({"invoice": "f1 "}, MatchBy.INVOICE),
            ({"invoice": "", "factor_ref": "H1"}, MatchBy.FACTOR_REF),
            ({"reference": QRR, "factor_ref": "H1"}, MatchBy.REFERENCE),
            ({"reference": "999999000000000002026000447"}, MatchBy.INVOICE),
        ):
            found = self.one(line(**values), wanted)
            self.assertEqual((found.outcome, found.claim, found.by), (Outcome.POST, "A", by))
            self.assertEqual((found.allocated, found.remainder), (100, 0))

    def test_references_that_name_two_claims_wait(self):
        claims = (claim(), claim("B", invoice="F2", factor_ref="H2"))
        self.assertHeld(self.one(line(factor_ref="H2"), *claims), Hold.REFERENCES_DISAGREE)
        twice = (claim(), claim("B", factor_ref="H2"))
        self.assertHeld(self.one(line(), *twice), Hold.SEVERAL_CLAIMS)
        self.assertEqual(self.one(line(factor_ref="H2"), *twice).claim, "B")

    def test_a_claim_that_was_sent_again_hides_the_returned_one(self):
        claims = (claim(state=ClaimState.RETURNED), claim("B", factor_ref="H2"))
        self.assertEqual(self.one(line(), *claims).claim, "B")

    def test_16_an_unknown_reference_is_parked(self):
        self.assertHeld(self.one(line(invoice="F9")), Hold.UNKNOWN_REFERENCE)

    def test_17_an_unknown_invoice_of_a_known_patient_is_the_patients_credit_flagged(self):
        record = line(invoice="F9", patient_number="p1")
        for found in (self.one(record), self.match([record], [], patients={"P1": "jeanne"})[0]):
            self.assertEqual((found.outcome, found.note), (Outcome.CREDIT, Note.UNKNOWN_INVOICE))
            self.assertEqual((found.patient, found.surplus), ("jeanne", 100))
        self.assertHeld(
            self.one(line(Event.RET, invoice="F9", patient_number="P1")), Hold.UNKNOWN_REFERENCE
        )

    def test_18_a_reference_of_one_patient_with_another_name_waits(self):
        for values in (
            {"patient_number": "P2"},
            {"patient_name": "Exemple Paul"},
            {"patient_name": "Modèle Paul"},
            {"patient_number": "P1", "patient_name": "Exemple Paul"},
        ):
            self.assertHeld(self.one(line(**values)), Hold.PATIENT_DIFFERS)
        for values in (
            {"patient_name": "MODELE  Jeanne"},
            {"patient_name": "Mme Modele-Dupont Jeanne"},
            {"patient_number": "P1", "patient_name": "Dupont Jeanne"},
        ):
            self.assertEqual(self.one(line(**values)).outcome, Outcome.POST)

    def test_names_agree_across_accents_umlauts_order_and_double_names(self):
        for one, other in (
            ("Müller Léa", "MUELLER LEA"),
            ("Müller Léa", "Muller Lea"),
            ("Œuvrard Zoé", "Oeuvrard Zoe"),
            ("Jean-Paul Martin", "MARTIN Jean Paul"),
            ("Strauß", "Strauss"),
            ("", "Martin"),
        ):
            self.assertTrue(same_person(one, other), (one, other))
            self.assertTrue(share_a_word(one, other), (one, other))
        self.assertFalse(same_person("Martin Paul", "Martin Julie"))
        self.assertTrue(share_a_word("Martin Paul", "Martin Julie"))
        self.assertFalse(share_a_word("Martin Paul", "Blanc Julie"))

    def test_19_an_amount_of_0_is_information(self):
        found = self.one(line(amount=0))
        self.assertEqual((found.outcome, found.note), (Outcome.INFORM, Note.ZERO))
        found = self.one(line(Event.ADR, 0, invoice="", patient_number="P1"))
        self.assertEqual((found.outcome, found.patient), (Outcome.INFORM, "jeanne"))
        for event in (Event.ACK, Event.SNT, Event.RMD, Event.INS, Event.COL, Event.TXT):
            self.assertEqual(self.one(line(event, 30)).outcome, Outcome.INFORM)

    def test_20_too_much_leaves_a_surplus(self):
        found = self.one(line(amount=130))
        self.assertEqual((found.note, found.allocated, found.surplus), (Note.OVERPAID, 100, 30))

    def test_21_37_a_difference_within_the_tolerance_closes_the_claim(self):
        for amount, difference in (("100.05", "0.05"), ("99.98", "-0.02")):
            found = self.one(line(amount=amount))
            self.assertEqual((found.note, found.outcome), (Note.TOLERANCE, Outcome.POST))
            self.assertEqual((found.allocated, found.remainder), (100, 0))
            self.assertEqual(found.difference, Decimal(difference))
        self.assertEqual(self.one(line(amount="100.06")).note, Note.OVERPAID)
        found = self.one(line(amount="99.98"), tolerance=Decimal(0))
        self.assertEqual((found.note, found.remainder), (Note.UNDERPAID, Decimal("0.02")))

    def test_22_too_little_leaves_the_rest_open(self):
        found = self.one(line(amount=40))
        self.assertEqual((found.note, found.allocated, found.remainder), (Note.UNDERPAID, 40, 60))

    def test_23_a_claim_that_is_paid_twice_gives_a_credit_flagged(self):
        first, second = self.match([line(), line()])
        self.assertEqual(first.outcome, Outcome.POST)
        self.assertEqual((second.outcome, second.note), (Outcome.CREDIT, Note.ALREADY_PAID))
        self.assertEqual((second.allocated, second.surplus, second.claim), (0, 100, "A"))

    def test_24_33_claims_that_are_not_ready_hold_money_and_not_information(self):
        for state, hold in (
            (ClaimState.CANCELLED, Hold.CANCELLED),
            (ClaimState.SENT, Hold.NOT_ARRIVED),
            (ClaimState.ARRIVED, Hold.NOT_ACQUITTED),
            (ClaimState.RETURNED, Hold.RETURNED),
        ):
            self.assertHeld(self.one(line(), claim(state=state)), hold)
            found = self.one(line(Event.SNT), claim(state=state))
            self.assertEqual(found.outcome, Outcome.INFORM)

    def test_25_a_reversal_takes_back_what_came_in_once(self):
        records = [line(), line(amount=-40), line(amount=-60), line(amount=-1)]
        _paid, part, rest, third = self.match(records)
        self.assertEqual((part.note, part.allocated), (Note.PART_REVERSAL, -40))
        self.assertEqual((rest.note, rest.allocated, rest.remainder), (Note.REVERSAL, -60, 100))
        self.assertHeld(third, Hold.NOTHING_TO_REVERSE)

    def test_6_25_a_reversal_before_its_payment_or_of_more_than_it_waits(self):
        self.assertHeld(self.one(line(amount=-100)), Hold.NOTHING_TO_REVERSE)
        early = [line(amount=-100), line()]
        self.assertEqual([one.outcome for one in self.match(early)], [Outcome.HOLD, Outcome.POST])
        paid = claim(residual=50, paid=money(50))
        self.assertHeld(self.one(line(amount=-60), paid), Hold.REVERSAL_TOO_LARGE)
        self.assertHeld(self.one(line(Event.DIR, -5)), Hold.NOTHING_TO_REVERSE)

    def test_25_34_what_ended_a_claim_is_taken_back_whole_or_in_part_and_once(self):
        for event in (Event.RET, Event.WOF, Event.DIR, Event.REJ):
            records = [line(event, amount) for amount in (100, -40, -60, -1)]
            ended, part, rest, third = self.match(records)
            self.assertEqual((ended.outcome, ended.allocated), (Outcome.POST, 100))
            self.assertEqual((part.note, part.allocated), (Note.PART_REVERSAL, -40))
            self.assertEqual((rest.note, rest.allocated), (Note.REVERSAL, -60))
            self.assertEqual((part.remainder, rest.remainder), (40, 100))
            self.assertHeld(third, Hold.NOTHING_TO_REVERSE)

    def test_34_a_claim_is_the_factors_again_only_where_the_patient_owes_it(self):
        values = {"residual": 0, "returned": money(100), "state": ClaimState.RETURNED}
        for more, hold in (
            ({"due": money(40)}, Hold.NOT_DUE),
            ({"due": money(100), "blocked": Hold.ELSEWHERE}, Hold.ELSEWHERE),
        ):
            self.assertHeld(self.one(line(Event.RET, -100), claim(**values, **more)), hold)
        sent_again = claim("B", factor_ref="H2", state=ClaimState.SENT)
        found = self.one(line(Event.RET, -100), claim(**values, due=money(100)), sent_again)
        self.assertEqual((found.outcome, found.claim), (Outcome.POST, "A"))

    def test_a_refusal_of_an_acquitted_claim_sends_it_back_if_nothing_came_in(self):
        self.assertEqual(self.one(line(Event.REJ, 0)).allocated, 100)
        for values in ({"paid": money(30), "residual": 70}, {"advanced": money(100)}):
            self.assertHeld(self.one(line(Event.REJ), claim(**values)), Hold.REFUSED_LATE)
        found = self.one(line(Event.REJ), claim(state=ClaimState.SENT))
        self.assertEqual(found.outcome, Outcome.INFORM)

    def test_27_a_withholding_that_names_nobody_is_in_suspense(self):
        found = self.one(line(Event.RET, 50, invoice=""))
        self.assertEqual((found.outcome, found.hold), (Outcome.SUSPENSE, Hold.UNIDENTIFIED))

    def test_29_charges_off_a_payment_are_not_the_patients_to_pay(self):
        found = self.one(line(amount="98.50", charges=money("1.50"), charges_included=True))
        self.assertEqual((found.allocated, found.remainder, found.note), (100, 0, None))

    def test_fees_and_transfers_are_between_account_and_practice(self):
        for event in (Event.FEE, Event.INT, Event.RSK, Event.OUT):
            found = self.one(line(event, 10, invoice=""))
            self.assertEqual((found.outcome, found.claim), (Outcome.ACCOUNT, None))
        self.assertEqual(self.one(line(Event.FEE, 10)).claim, "A")
        self.assertEqual(self.one(line(Event.FEE, 0)).outcome, Outcome.INFORM)

    def test_30_reminder_fees_are_information_unless_the_practice_pays_them(self):
        found = self.one(line(Event.RMD, 10, variant=Variant.FEE_TO_PATIENT))
        self.assertEqual(found.outcome, Outcome.INFORM)
        found = self.one(line(Event.RMD, 10, variant=Variant.FEE_TO_PRACTICE))
        self.assertEqual(found.outcome, Outcome.POST)

    def test_34_a_claim_goes_back_once(self):
        record = line(Event.RET, variant=Variant.NEVER_ADVANCED)
        first, second = self.match([record, record])
        self.assertEqual((first.outcome, first.allocated), (Outcome.POST, 100))
        self.assertHeld(second, Hold.RETURNED)
        advanced = claim(residual=0, advanced=money(100))
        self.assertHeld(self.one(record, advanced), Hold.ADVANCED)
        back = line(Event.RET, variant=Variant.ADVANCE_BACK)
        self.assertEqual(self.one(back, advanced).outcome, Outcome.POST)
        self.assertHeld(self.one(back), Hold.MORE_THAN_OPEN)

    def test_a_claim_that_goes_back_in_part_stays_with_the_factor_in_part(self):
        records = [line(Event.RET, 60, variant=Variant.NEVER_ADVANCED), line(amount=40)]
        part, rest = self.match(records)
        self.assertEqual((part.note, part.allocated, part.remainder), (Note.PARTLY, 60, 40))
        self.assertEqual((rest.outcome, rest.allocated, rest.remainder), (Outcome.POST, 40, 0))

    def test_35_what_is_bought_in_part_stays_open_in_part(self):
        advance, payment = self.match([line(Event.ADV, 70), line(amount=30)])
        self.assertEqual((advance.note, advance.allocated), (Note.PARTLY, 70))
        self.assertEqual(advance.remainder, 30)
        self.assertHeld(payment, Hold.ADVANCED)
        self.assertHeld(self.one(line(Event.ADV, 130)), Hold.MORE_THAN_OPEN)

    def test_a_payment_after_the_advance_is_information(self):
        advance, payment = self.match([line(Event.ADV), line(effect=money(0))])
        self.assertEqual((advance.allocated, advance.remainder), (100, 0))
        self.assertEqual((payment.outcome, payment.note), (Outcome.INFORM, Note.ADVANCED))
        told = line(effect=money(0), variant=Variant.ALREADY_ADVANCED)
        self.assertEqual(self.match([line(Event.ADV), told])[1].note, Note.ADVANCED)
        self.assertHeld(self.one(told), Hold.NOT_ADVANCED)
        held = self.match([line(Event.ADV), line()])[1]
        self.assertHeld(held, Hold.ADVANCED)

    def test_losses_and_direct_payments_come_off_what_is_open(self):
        for event in (Event.WOF, Event.DIR):
            found = self.one(line(event, 40))
            self.assertEqual((found.allocated, found.remainder), (40, 60))
            self.assertHeld(self.one(line(event, 140)), Hold.MORE_THAN_OPEN)
            self.assertHeld(self.one(line(event), claim(residual=0)), Hold.ALREADY_PAID)
        found = self.one(line(Event.WOF, variant=Variant.BORNE_BY_FACTOR))
        self.assertEqual(found.outcome, Outcome.INFORM)

    def test_9_11_unknown_types_and_foreign_currencies_wait(self):
        self.assertHeld(self.one(line(None)), Hold.UNKNOWN_TYPE)
        self.assertHeld(self.one(line(currency="EUR")), Hold.CURRENCY)
        self.assertHeld(self.one(line(), claim(currency="EUR")), Hold.CURRENCY)

    def test_suggestions_come_by_number_in_the_text_then_by_name_and_amount(self):
        claims = [
            claim("A", 80),
            claim("B", 80, invoice="F2", patient_name="Paul Exemple"),
            claim("C", 80, invoice="F3"),
        ]
        record = line(amount=80, invoice="", text="Facture F2 merci", patient_name="Modèle Jeanne")
        self.assertEqual(suggest(record, claims), ["B", "A", "C"])
        self.assertEqual(suggest(line(amount=1, invoice="", text="merci"), claims), [])

    def test_whatever_comes_no_claim_is_paid_more_than_its_amount(self):
        rng = random.Random(20260405)
        for _round in range(300):
            index = ClaimIndex([claim(key, rng.randint(1, 200), invoice=key) for key in "ABC"])
            records = [
                line(
                    rng.choice(list(Event)),
                    rng.choice((-1, 1, 1)) * rng.randrange(0, 30000) / 100,
                    invoice=rng.choice("ABCD"),
                    effect=money(rng.choice((0, 1))),
                    variant=rng.choice((None, *Variant)),
                )
                for _line in range(20)
            ]
            for found in match_all(records, index, "CHF"):
                self._check(found, index)

    def _check(self, found, index):
        for one in index.claims.values():
            self.assertTrue(0 <= one.residual <= one.amount, one)
            self.assertTrue(one.paid >= 0 and one.advanced >= 0, one)
        if found.outcome is Outcome.POST and found.record.event is Event.PAY:
            total = found.allocated + found.surplus + found.difference
            self.assertEqual(total, found.record.amount)
        if found.outcome in (Outcome.HOLD, Outcome.INFORM):
            self.assertEqual(found.allocated + found.surplus, 0)
