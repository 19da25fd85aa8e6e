import hashlib
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .factoring_ack_common import FactoringAckCommon, pack

LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>"""
)


@tagged("post_install", "-at_install")
class TestFactoringAck(FactoringAckCommon):
    """The factor's own answer confirms the arrival of an order (issue 6 "Arrival", D9, D10)."""

    # What arrives ---------------------------------------------------------------------------------

    def test_an_order_whose_invoices_are_all_accepted_has_arrived_without_waiting(self):
        content = pack({f"{move.id}.xml": self._respond(move) for move in self.invoices})
        ack = self._import(content, name="reponses.zip")
        self.assertEqual(self.order.stage, "arrived")
        self.assertEqual(self.order.line_ids.mapped("answer"), ["accepted"] * 2)
        self.assertIn("Dossier en ordre", self.order.line_ids[0].answer_words)
        self.assertEqual((ack.accepted_count, ack.held_count), (2, 0))
        self.assertEqual(ack.sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(ack.sudo().attachment_id.raw, content)
        self._acquit(self.order)
        self.assertEqual(self.order.state, "acquitted")
        self._assert_exact()

    def test_both_versions_and_every_form_of_layout_are_read(self):
        rows = [
            ("ACK", {"invoice_no": move.name, "amount": f"{move.amount_total:.2f}"})
            for move in self.invoices
        ]
        xml = "".join(
            f'<event type="ACK" seq="{rank}" date="2026-04-01" invoice_no="{move.name}"/>'
            for rank, move in enumerate(self.invoices, 1)
        )
        for content in (
            pack({f"{m.id}.xml": self._respond(m, version="450") for m in self.invoices}),
            self._statement(*rows),
            f'<?xml version="1.0"?><statement account="MAND01" statement="2026-04" '
            f'from="2026-04-01" to="2026-04-30" currency="CHF" opening="0.00" closing="0.00" '
            f'count="2">{xml}'
            f"</statement>".encode(),
        ):
            with self.subTest(content[:30]), self.cr.savepoint() as point:
                self._import(content)
                self.assertEqual(self.order.stage, "arrived")
                point.rollback()

    def test_an_order_waits_on_while_an_invoice_is_not_answered(self):
        window = self._window(self._respond(self.invoices[0]))
        self.assertIn(self.invoices[1].name, window.preview_html)
        window.action_submit()
        self.assertEqual(self.order.stage, "sent")
        self._import(self._respond(self.invoices[1], "pending", words="En cours"))
        self.assertEqual(self.order.stage, "arrived")
        self.assertEqual(self._line(self.invoices[1]).answer, "pending")

    def test_a_file_that_acknowledges_the_order_as_a_whole_counts_for_each_invoice(self):
        self._import(self._statement(("ACK", {"invoice_no": self.order.name})))
        self.assertEqual(self.order.stage, "arrived")
        self.assertEqual(set(self.order.line_ids.mapped("answer")), {"accepted"})

    def test_what_names_an_invoice_counts_before_what_is_said_of_the_whole(self):
        bad = self.invoices[0]
        rows = [("ACK", {"invoice_no": self.order.name}), ("REJ", {"invoice_no": bad.name})]
        self._import(self._statement(*rows))
        self.assertEqual(self._line(bad).state, "refused")
        self.assertEqual(self._line(self.invoices[1]).answer, "accepted")

    # What is rejected -----------------------------------------------------------------------------

    def test_a_rejected_invoice_leaves_the_order_is_not_acquitted_and_waits_to_be_mended(self):
        good, bad = self.invoices
        rejected = self._respond(bad, "rejected", "450", words="Numero AVS faux")
        self._import(pack({"a.xml": self._respond(good), "b.xml": rejected}))
        line = self._line(bad)
        self.assertEqual((self.order.stage, line.state), ("arrived", "refused"))
        self.assertIn("Numero AVS faux", line.answer_words)
        self.assertIn("E001", line.answer_words)
        self._acquit(self.order)
        self.assertEqual(self.order.amount_acquitted, good.amount_total)
        self.assertEqual(self.order.stage, "acquitted")
        self.assertEqual(bad.client_due, bad.amount_total)
        self.assertFalse(bad.cabinet_factoring_order_id)
        self.assertEqual(bad.cabinet_factoring_hold, "rejected")
        self.assertIn("Numero AVS faux", bad.with_user(self.biller).cabinet_factoring_rejection)
        self._assert_exact()

    def test_once_mended_it_goes_with_the_next_order(self):
        self._import(self._statement(*(("REJ", {"invoice_no": m.name}) for m in self.invoices)))
        with self.assertRaisesRegex(UserError, "to mend"), self.cr.savepoint():
            self._order(self.invoices)
        self.invoices.with_user(self.biller).action_cabinet_factoring_mended()
        following = self._sent(self.invoices)
        self.assertEqual((following.stage, following.line_count), ("sent", 2))

    def test_an_order_rejected_as_a_whole_is_closed_and_lets_the_next_one_go(self):
        self._import(self._statement(("REJ", {"invoice_no": self.order.name})))
        self.assertEqual(self.order.state, "closed")
        self.assertEqual(set(self.order.line_ids.mapped("state")), {"refused"})

    def test_a_rejection_after_the_arrival_takes_the_invoice_off_too(self):
        self._pass_the_wait(self.order)
        self.order.action_arrive()
        self._import(self._respond(self.invoices[0], "rejected", "450"))
        self._acquit(self.order)
        self.assertEqual(self.order.amount_acquitted, self.invoices[1].amount_total)

    def test_an_acquitted_invoice_is_not_taken_off_by_a_file(self):
        self._pass_the_wait(self.order)
        self.order.action_arrive()
        self._acquit(self.order, self._line(self.invoices[0]))
        ack = self._import(self._respond(self.invoices[0], "rejected", "450"))
        self.assertEqual(ack.line_ids.note, "acquitted")
        self.assertTrue(self._line(self.invoices[0]).is_acquitted)
        self._assert_exact()

    # What is held ---------------------------------------------------------------------------------

    def test_the_same_file_again_even_renamed_is_said(self):
        """Case 1."""
        content = self._respond(self.invoices[0])
        self._import(content)
        window = self._window(content, name="autre.xml")
        self.assertIn("imported on this order already", window.problem)
        self.assertFalse(window.preview_html)
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            window.action_submit()
        self.assertEqual(len(self.order.ack_ids), 1)

    def test_an_answer_that_is_known_changes_nothing(self):
        """Case 2."""
        self._import(self._respond(self.invoices[0]))
        again = self._respond(self.invoices[0], **{"1773360000": "1773363600"})
        self.assertEqual(self._import(again).line_ids.note, "known")
        self.assertEqual(self.order.stage, "sent")

    def test_empty_files_and_files_without_an_answer_are_refused_in_one_sentence(self):
        """Cases 4 and 5."""
        truncated = self._statement(("ACK", {"invoice_no": "X"}), ("ACK", {"invoice_no": "Y"}))
        for content, words in (
            (b" ", "empty"),
            (pack({}), "no file in the zip"),
            (b"Bonjour", "neither"),
            (b"<a/>", "neither"),
            (self._statement(), "Nothing in this file"),
            (self._statement(("SNT", {"invoice_no": "X"})), "Nothing in this file"),
            (truncated.rpartition(b"ACK")[0], "has 2 lines, but it has 1"),
            (self._respond(self.invoices[0])[:900], "damaged"),
        ):
            with self.subTest(words):
                window = self._window(content)
                self.assertIn(words, window.problem)
                self.assertNotIn("\n", window.problem)
                with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                    window.action_submit()
        self.assertFalse(self.order.ack_ids)

    def test_another_practice_or_contract_is_blocked_before_any_line(self):
        """Case 10."""
        self._create_contract(name="Other", factor_gln="7601000000033")
        stranger = f'from="{7601000000033}"'
        for content, words in (
            (self._statement(("ACK", {"invoice_no": "X"}), contract="MAND99"), "MAND99"),
            (
                self._respond(self.invoices[0], **{'to="7601000000019"': 'to="2099900000010"'}),
                "another practice",
            ),
            (
                self._respond(self.invoices[0], **{'from="7601000000026"': stranger}),
                "another contract",
            ),
            (
                self._respond(self.invoices[0], **{'modus="production"': 'modus="test"'}),
                "as a test",
            ),
        ):
            with self.subTest(words):
                self.assertIn(words, self._window(content).problem)
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._import(content)
        self.assertFalse(self.order.line_ids.filtered("answer"))

    def test_hostile_content_is_refused_in_one_sentence(self):
        """Case 15."""
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.xml", bytes(30 * 1024 * 1024))
        deep = b"<a>" * 100 + b"</a>" * 100
        inner = pack({"b.zip": pack({"a.xml": self._respond(self.invoices[0])})})
        for content in (LAUGHS, bomb.getvalue(), deep, inner, pack({"a.xml": LAUGHS})):
            with self.subTest(content[:30]):
                window = self._window(content)
                self.assertRegex(window.problem, "trap|far larger")
                self.assertNotIn("\n", window.problem)
        formula = self._respond(
            self.invoices[0], words="=HYPERLINK(1)<script>alert(1)</script>".replace("<", "&lt;")
        )
        html = self._window(formula).preview_html
        self.assertNotIn("<script>", html)

    def test_an_unknown_invoice_is_parked_until_somebody_says_which_one_it_is(self):
        """Case 16."""
        ack = self._import(
            self._statement(
                ("ACK", {"invoice_no": self.invoices[0].name}), ("ACK", {"invoice_no": "F-9999"})
            )
        )
        parked = ack.line_ids[1].with_user(self.biller)
        self.assertEqual((parked.note, parked.can_count), ("unknown", False))
        self.assertEqual(self.order.stage, "sent")
        with self.assertRaises(UserError), self.cr.savepoint():
            parked.action_count()
        with self.assertRaises(UserError), self.cr.savepoint():
            parked.write({"verdict": "rejected"})
        with Form(ack.with_user(self.biller)) as form, form.line_ids.edit(1) as row:
            row.order_line_id = self._line(self.invoices[1])
        parked.action_count()
        self.assertEqual(self._line(self.invoices[1]).answer, "accepted")
        self.assertEqual(self.order.stage, "arrived")

    def test_an_invoice_of_another_order_is_told_and_left_alone(self):
        self.order._arrive(acknowledged=True)
        other = self._create_invoice(30.0)
        second = self._sent(other)
        content = self._statement(
            *(("ACK", {"invoice_no": move.name}) for move in self.invoices | other)
        )
        ack = self._import(content, order=second)
        self.assertEqual(ack.line_ids.mapped("note"), ["other_order"] * 2 + [False])
        self.assertEqual(set(ack.line_ids[:2].mapped("place")), {self.order.name})
        self.assertFalse(self.order.line_ids.filtered("answer"))
        self.assertEqual(second.stage, "arrived")

    def test_another_patients_name_on_an_invoice_of_ours_holds_the_answer(self):
        """Case 18."""
        ack = self._import(
            pack(
                {
                    "a.xml": self._respond(self.invoices[0]),
                    "b.xml": self._respond(self.invoices[1], patient="Quelqu'un d'autre"),
                }
            )
        )
        held = ack.line_ids.filtered("note")
        self.assertEqual(
            (held.note, held.order_line_id.move_id), ("other_patient", self.invoices[1])
        )
        self.assertEqual(self.order.stage, "sent")
        held.with_user(self.biller).action_count()
        self.assertEqual(self.order.stage, "arrived")

    def test_another_amount_or_both_answers_hold_the_invoice(self):
        number = self.invoices[0].name
        for rows, note in (
            ([("ACK", {"invoice_no": number, "amount": "99.95"})], "other_amount"),
            ([("ACK", {"invoice_no": number}), ("REJ", {"invoice_no": number})], "contradiction"),
        ):
            with self.subTest(note), self.cr.savepoint() as point:
                rows = [*rows, ("ACK", {"invoice_no": self.order.name})]
                ack = self._import(self._statement(*rows))
                self.assertEqual(set(ack.line_ids.mapped("note")) - {False}, {note})
                self.assertEqual(self.order.stage, "sent")
                point.rollback()

    # Who and when ---------------------------------------------------------------------------------

    def test_only_an_order_that_was_sent_is_answered(self):
        draft = self._order(self._create_invoice(30.0))
        with self.assertRaisesRegex(UserError, "was sent"), self.cr.savepoint():
            draft.action_import_ack()
        with self.assertRaisesRegex(UserError, "was sent"), self.cr.savepoint():
            self._import(self._respond(self.invoices[0]), order=draft)

    def test_a_reader_imports_nothing(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.order.with_user(self.reader).action_import_ack()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._window(self._respond(self.invoices[0]), user=self.reader)

    def test_another_clinic_sees_and_imports_nothing(self):
        ack = self._import(self._respond(self.invoices[0]))
        foreign = self._create_user("foreign", "biller", self.other_company)
        with self.assertRaises(AccessError), self.cr.savepoint():
            ack.with_user(foreign).read(["name"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._window(self._respond(self.invoices[1]), user=foreign).action_submit()

    def test_the_factors_words_reach_no_thread_and_no_accountant(self):
        bad = self.invoices[1]
        self._import(self._respond(bad, "rejected", "450", words="Carie profonde"))
        threads = self.order.message_ids | bad.message_ids
        told = " ".join(threads.mapped("body"))
        told += " ".join(
            f"{value.old_value_char} {value.new_value_char}"
            for value in threads.sudo().tracking_value_ids
        )
        self.assertNotIn("Carie", told)
        self.assertNotIn(self.patient.name, " ".join(self.order.message_ids.mapped("body")))
        accountant = self._create_user("ledger", "reader")
        accountant.group_ids = [(6, 0, self.env.ref("account.group_account_invoice").ids)]
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._line(bad).with_user(accountant).read(["answer_words"])
        attachment = self.order.ack_ids.sudo().attachment_id
        with self.assertRaises(AccessError), self.cr.savepoint():
            attachment.with_user(accountant).read(["raw"])
        self.assertTrue(attachment.with_user(self.reader).raw)

    def test_what_did_not_arrive_after_all_is_answered_anew(self):
        self._import(self._respond(self.invoices[0]))
        self.order._mark_not_arrived("The portal shows nothing")
        self.assertFalse(self.order.line_ids.filtered("answer"))
        self.order.action_send()
        content = pack({f"{move.id}.xml": self._respond(move) for move in self.invoices})
        self._import(content)
        self.assertEqual(self.order.stage, "arrived")

    def test_a_large_file_takes_few_queries(self):
        """No query for each invoice."""
        self._import(self._statement(("ACK", {"invoice_no": self.order.name})))
        moves = self._create_patients_invoices(60)
        order = self._sent(moves)
        content = self._statement(*(("ACK", {"invoice_no": move.name}) for move in moves))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(140):
            order.with_user(self.biller)._import_ack("reponse.csv", content)
        self.assertEqual(order.stage, "arrived")
