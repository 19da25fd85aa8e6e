from odoo import Command, api, models
from odoo.exceptions import UserError

from ..formats.setup_form import answers as records
from ..formats.setup_form import reader
from ..formats.setup_form.lines import MAX_LENGTH, MAX_LINES, TooLong

# Field of the form -> question of the plain records; its boxes are "<prefix>_<code>".
PREFIXES = {"method": "method", "follow": "follow_up", "unpaid": "unpaid"}


class CabinetSetupForm(models.Model):
    """The pasted text, read into the answers (F1), and the answers as plain records."""

    _inherit = "cabinet.setup.form"

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def action_read(self):
        """Fill in the answers from the text that was pasted; what was answered before is replaced.

        What could not be placed is listed with its line, for a person to answer it by hand.

        :raise UserError: there is no text, or more than any form has
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        self.check_access("write")
        self._check_draft()
        reading = self._read_text()
        self.write(self._prepare_answers(reading.answers))
        self._write_payers(reading.answers.payers)
        # sudo: what was not understood is written here only.
        self.sudo().write(
            {"unplaced": [list(one) for one in reading.unplaced], "mended": reading.mended}
        )
        return True

    def _read_text(self):
        if not (self.source_text or "").strip():
            raise UserError(self.env._("Paste the text of the form first."))
        try:
            return reader.read(self.source_text)
        except TooLong as error:
            raise UserError(
                self.env._(
                    "This is longer than a questionnaire: at most %(letters)s characters and "
                    "%(lines)s lines are read.",
                    letters=MAX_LENGTH,
                    lines=MAX_LINES,
                )
            ) from error

    def _prepare_answers(self, answers):
        values = {
            "frequency": next(iter(answers.frequency.codes), False),
            "frequency_note": answers.frequency.note,
            "comments": answers.comments,
        }
        for prefix, question in PREFIXES.items():
            chosen = getattr(answers, question)
            values[f"{prefix}_note"] = chosen.note
            for name in self._get_boxes(prefix):
                values[name] = name.removeprefix(f"{prefix}_") in chosen.codes
        if answers.answered_by:
            values["answered_by"] = answers.answered_by
        if answers.received:
            values["received_on"] = answers.received
        return values

    def _write_payers(self, payers):
        """Write what is said of each type of payer; those that the form leaves out are emptied."""
        rows = {row.category_id.code: row for row in self.payer_ids}
        channels = {row.code: row.id for row in self.env["cabinet.channel"].search([])}
        missing = self._get_categories(set(payers) - set(rows))
        commands = [
            Command.create(
                {"category_id": row.id, **self._prepare_payer(payers[row.code], row, channels)}
            )
            for row in missing
        ]
        for code, row in rows.items():
            answer = payers.get(code, records.PayerAnswer())
            values = self._prepare_payer(answer, row.category_id, channels)
            commands.append(Command.update(row.id, values))
        self.payer_ids = commands

    @api.model
    def _prepare_payer(self, answer, category, channels):
        sender = {None: False, True: "practice", False: "payer"}[answer.sent_by_us]
        terms = answer.terms
        return {
            "channel_ids": [
                Command.set([channels[code] for code in answer.channels if code in channels])
            ],
            "channel_note": answer.note,
            "sender": sender,
            "terms": terms and terms.kind,
            "due_days": terms.due if terms else 0,
            "watch_days": self._get_watch_days(terms, category),
        }

    @api.model
    def _get_watch_days(self, terms, category):
        """Return when the watch starts: what is set today, where the form names one delay only."""
        if not terms or terms.kind == "variable":
            return 0
        if terms.watch is not None:
            return terms.watch
        days = category.watch_days
        return days if category.terms == "days" and days <= terms.due else terms.due // 2

    # ---------------------------------------------------------------------------------------------
    # Plain records
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_boxes(self, prefix):
        codes = {"method": records.METHODS, "follow": records.SOURCES, "unpaid": records.UNPAID}
        return [f"{prefix}_{code}" for code in codes[prefix]]

    def _get_answers(self):
        """Return the answers as they stand on the screen.

        :rtype: formats.setup_form.answers.Answers
        """
        self.ensure_one()
        chosen = {
            question: records.Chosen(
                {name.removeprefix(f"{prefix}_") for name in self._get_boxes(prefix) if self[name]},
                self[f"{prefix}_note"] or "",
            )
            for prefix, question in PREFIXES.items()
        }
        return records.Answers(
            answered_by=self.answered_by or "",
            received=self.received_on or None,
            frequency=records.Chosen(
                {self.frequency} if self.frequency else set(), self.frequency_note or ""
            ),
            payers={row.category_id.code: row._get_answer() for row in self.payer_ids},
            comments=self.comments or "",
            **chosen,
        )

    # ---------------------------------------------------------------------------------------------
    # What was not understood
    # ---------------------------------------------------------------------------------------------

    @api.depends("unplaced")
    @api.depends_context("lang")
    def _compute_not_understood(self):
        reasons = self._get_reasons()
        for form in self:
            form.not_understood = "\n".join(
                self.env._(
                    "Line %(number)s, “%(text)s”: %(reason)s",
                    number=number,
                    text=text,
                    reason=reasons[reason],
                )
                for number, reason, text in form.unplaced or ()
            )

    @api.model
    def _get_reasons(self):
        return {
            "unknown": self.env._("this answer is not in the list."),
            "doubtful": self.env._("it fits several answers, or may mean yes or no."),
            "several": self.env._("several answers are given where one is asked for."),
            "payer": self.env._("this type of payer is not known."),
            "terms": self.env._("this delay is not understood."),
            "date": self.env._("there is no such day."),
            "text": self.env._("it answers none of the questions."),
        }
