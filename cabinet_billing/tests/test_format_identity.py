import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound.identity import business_key, event_keys, file_hash
from ..formats.inbound.profile import Container
from .format_common import STATEMENTS, FormatCase
from .format_writer import random_profile, random_statement
from .test_format_camt import entry, message, payment, reference

QRR = "999999000000000002026000423"


@tagged("post_install", "-at_install")
class TestFormatIdentity(FormatCase):
    """CASES 1-3: nothing twice, and true twins both."""

    def keys(self, data, name="csv"):
        return event_keys(self.reading(data, name).records)

    def test_the_same_bytes_have_the_same_hash_whatever_their_name(self):
        data = self.statement("csv")
        self.assertEqual(file_hash(data), file_hash(bytes(data)))
        self.assertNotEqual(file_hash(data), file_hash(data + b"\r\n"))
        self.assertEqual(len(file_hash(b"")), 64)

    def test_an_event_is_the_same_in_every_container_and_encoding(self):
        found = [self.keys(self.statement(name), name) for name in STATEMENTS]
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])
        text = self.statement("csv").decode("iso-8859-1").replace("\r\n", "\n")
        self.assertEqual(self.keys(text.encode("utf-16")), found[0])

    def test_two_twins_in_one_file_are_two_events_also_without_identifiers(self):
        records = self.reading(self.statement("csv")).records
        for changes in ({}, {"event_id": ""}):
            twins = [replace(records[4], **changes), replace(records[4], line=99, **changes)]
            keys = event_keys(twins)
            self.assertEqual([one.occurrence for one in keys], [1, 2])
            self.assertNotEqual(keys[0].key, keys[1].key)
            self.assertEqual(event_keys(twins), keys, "and they are the same two each time")

    def test_files_that_overlap_share_the_keys_of_what_they_share(self):
        records = [replace(one, event_id="") for one in self.reading(self.statement("csv")).records]
        first, second = event_keys(records[:6]), event_keys(records[3:])
        self.assertEqual(first[3:], second[:3])
        self.assertFalse(set(first) & set(second[3:]))

    def test_any_order_and_repetition_of_files_gives_the_events_once(self):
        rng = random.Random(20260403)
        for _round in range(40):
            profile = random_profile(rng, rng.choice(list(Container)))
            records = list(random_statement(rng, profile, 30).records)
            # Twins of the same day come in the same file, as they do in life.
            records += [replace(one, sequence=None) for one in records[:5]]
            days = sorted({one.date for one in records})
            by_day = {day: [one for one in records if one.date == day] for day in days}
            known = set()
            for _file in range(20):
                start = rng.randrange(len(days))
                span = days[start : start + rng.randint(1, len(days))]
                known.update(event_keys([one for day in span for one in by_day[day]]))
            known.update(event_keys([one for day in days for one in by_day[day]]))
            self.assertEqual(len(known), len(records))

    def test_another_amount_under_a_known_identifier_is_the_same_event_changed(self):
        record = self.reading(self.statement("csv")).records[4]
        (before,) = event_keys([record])
        (after,) = event_keys([replace(record, amount=Decimal("300.00"))])
        self.assertEqual(before.key, after.key)
        self.assertNotEqual(before.digest, after.digest)

    def test_wording_and_place_do_not_make_another_event_but_money_and_marks_do(self):
        record = replace(self.reading(self.statement("csv")).records[4], event_id="")
        (key,) = event_keys([record])
        for changes in (
            {"text": "Paiement reçu"},
            {"line": 77},
            {"sequence": 77},
            {"raw": "x"},
            {"amount": Decimal("306.4")},
            {"extra": (("new", "1"),)},
        ):
            self.assertEqual(event_keys([replace(record, **changes)])[0], key, changes)
        for changes in (
            {"amount": Decimal("306.41")},
            {"amount": -record.amount},
            {"invoice": "F2026-0043"},
            {"value_date": None},
            {"level": "2"},
            {"flag": "X"},
            {"currency": "EUR"},
            {"patient_number": "P1"},
            {"type": "STO"},
        ):
            self.assertNotEqual(event_keys([replace(record, **changes)])[0].key, key, changes)
        self.assertNotEqual(event_keys([record], "MAND02")[0].key, key)

    def test_of_a_told_event_the_words_are_the_event(self):
        record = self.reading(self.statement("csv")).records[0]
        record = replace(record, event=None, event_id="")
        keys = {event_keys([replace(record, text=text)])[0].key for text in ("a", "b")}
        self.assertEqual(len(keys), 2)

    def test_one_identifier_on_a_payment_its_fee_and_its_reversal_names_three_events(self):
        record = self.reading(self.statement("csv")).records[4]
        some = [record, replace(record, type="FEE"), replace(record, reversal=True)]
        self.assertEqual([one.occurrence for one in event_keys(some)], [1, 1, 1])
        self.assertEqual(len({one.key for one in event_keys(some)}), 3)

    def test_an_identifier_that_stands_twice_is_told_and_both_lines_kept(self):
        data = self.statement("csv").replace(b";E6;", b";E5;")
        self.assertRead(self.reading(data), "id_repeated")

    def test_two_instalments_of_one_amount_in_two_undated_messages_are_two_events(self):
        data = self.fixture("camt054_04_reduced.xml")
        later = data.replace(b"20260430", b"20260530").replace(b"2026-04-30", b"2026-05-30")
        first, second = (event_keys(self.camt(one).records) for one in (data, later))
        self.assertFalse(set(first) & set(second))
        again = event_keys(self.camt(data.replace(b"06:00:00", b"07:00:00")).records)
        self.assertEqual(first, again, "the same message made again")

    def test_two_equal_payments_in_one_batch_are_both_kept(self):
        twins = payment("10.00", reference(QRR)) * 2
        first = event_keys(self.camt(message(entry("20.00", twins))).records)
        self.assertEqual(len(set(first)), 2)
        self.assertEqual(event_keys(self.camt(message(entry("20.00", twins))).records), first)

    def test_the_same_business_under_two_identifiers_is_recognised(self):
        record = self.reading(self.statement("csv")).records[4]
        other = replace(record, event_id="E99", text="Autre", line=50)
        self.assertEqual(business_key(record), business_key(other))
        self.assertNotEqual(business_key(record), business_key(replace(other, invoice="F1")))
        self.assertIsNone(business_key(replace(record, amount=Decimal(0))))
        self.assertIsNone(business_key(replace(record, invoice="", factor_ref="")))

    def test_a_random_file_has_as_many_keys_as_records(self):
        rng = random.Random(20260404)
        for container in Container:
            profile = random_profile(rng, container)
            records = random_statement(rng, profile, 500).records
            keys = Counter(one.key for one in event_keys(records))
            self.assertEqual(max(keys.values()), 1)
