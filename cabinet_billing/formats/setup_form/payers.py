"""The workflow and the delays of each kind of payer (F4, F7), in tables or in lists."""

import re

from . import words
from .answers import PayerAnswer
from .lines import turned, unquoted

ROLES = ("software", "paper", "note", "sender", "channels", "terms")
BY_QUESTION = ("payers", "terms")


class PayerTables:
    """Reads what a form says of each payer; the reader keeps it and what could not be placed."""

    def __init__(self, reader):
        self.reader = reader
        # The payers that a heading or a line of its own named: what follows is about them.
        self._present = []

    # ---------------------------------------------------------------------------------------------
    # Payers
    # ---------------------------------------------------------------------------------------------

    def open(self, text, question):
        """Begin what is said of the payer in ``text``; return whether it names one."""
        self._present = words.payers_in(text) if question in BY_QUESTION else []
        return bool(self._present)

    def close(self):
        """End what is said of a payer."""
        self._present = []

    def _get(self, code):
        return self.reader.answers.payers.setdefault(code, PayerAnswer())

    # ---------------------------------------------------------------------------------------------
    # Tables
    # ---------------------------------------------------------------------------------------------

    def take_table(self, table, question):
        """Read a table that has payers on one side and what is asked on the other.

        :return: whether it is one; a row of a payer that is not known is listed
        """
        rows = table.rows
        if not self._has_roles(rows[0].cells) and self._has_roles([row.cells[0] for row in rows]):
            if sum(bool(words.payers_in(cell)) for cell in rows[0].cells) > 1:
                rows = turned(rows)
        roles = [words.column_of(cell) for cell in rows[0].cells]
        if not self._is_payers(rows, roles):
            return False
        name = self._name_place(rows, roles)
        for row in rows[1:]:
            self._take_row(row, roles, name, question)
        return True

    def _has_roles(self, cells):
        return any(words.column_of(cell) in ROLES for cell in cells)

    def _is_payers(self, rows, roles):
        if len(rows) < 2 or not any(role in ROLES for role in roles):
            return False
        if any(self.reader.marks.options(cell) for cell in rows[0].cells):
            return False
        return any(words.payers_in(cell) for row in rows[1:] for cell in row.cells)

    def _name_place(self, rows, roles):
        """Return the column of the payers' names: most cells of it name one."""
        width = len(rows[0].cells)
        counts = [
            sum(
                bool(words.payers_in(row.cells[place]))
                for row in rows[1:]
                if place < len(row.cells)
            )
            + (0.5 if roles[place] == "payer" else 0)
            for place in range(width)
        ]
        return counts.index(max(counts))

    def _take_row(self, row, roles, name, question):
        cells = [*row.cells, *[""] * (len(roles) - len(row.cells))]
        codes = words.payers_in(cells[name])
        if not codes:
            self.reader.put_aside(row.number, "payer", " | ".join(filter(None, row.cells)))
            return
        for place, cell in enumerate(cells):
            if place == name:
                continue
            role = roles[place] if place < len(roles) else ""
            if role not in ROLES:
                role = "terms" if question == "terms" and len(cells) == 2 else ""
            self._take_cell(row.number, codes, role, cell)

    def _take_cell(self, number, codes, role, text):
        if text:
            for code in codes:
                self._set(number, code, role, text)

    # ---------------------------------------------------------------------------------------------
    # Lines
    # ---------------------------------------------------------------------------------------------

    def take_line(self, number, question, head, tail):
        """Read “Patients privés : 2–4 semaines”, or one thing about the payer of the lines above.

        :return: whether it is about a payer
        """
        if question not in BY_QUESTION:
            return False
        codes, rest = words.payers_and_rest(head)
        tail = tail.strip()
        if codes and not tail:
            self._present = codes
            # A line that says more than the name, in a way that is not known.
            self.reader.put_aside(number, "text", head if rest else "")
            return True
        if codes:
            for code in codes:
                self._take_list(number, code, question, tail)
            return True
        role = words.column_of(head) if tail else ""
        if role in ROLES and self._present:
            for code in self._present:
                self._set(number, code, role, tail)
            return True
        if tail and not words.question_of(head):
            self.reader.put_aside(number, "payer", f"{head} : {tail}")
            return True
        return False

    def take_boxes(self, number, question, options):
        """Read boxes that stand below a payer's name; return whether there is one."""
        if question not in BY_QUESTION or not self._present:
            return False
        for option in options:
            for code in self._present:
                self._take_box(number, code, option)
        return True

    def _take_box(self, number, code, option):
        channels, _rest = words.answers_in("channels", option.label)
        if len(channels) == 1 and channels[0] in ("software", "paper"):
            self._set_channel(number, code, channels[0], option.ticked, option.label)
        elif channels == ["other"]:
            self._set_channel(number, code, "other", option.ticked, option.label)
            self._add_note(number, code, words.text_of_other(option.label))
        elif option.ticked is not False:
            self.reader.put_aside(number, "unknown", option.label)

    def _take_list(self, number, code, question, text):
        """Read “logiciel + papier, « Les deux », Oui”, or a delay alone."""
        terms = words.terms_in(text)
        if terms or question == "terms":
            self._set(number, code, "terms", text)
            return
        if options := self.reader.marks.options(text):
            for option in options:
                self._take_box(number, code, option)
            return
        for part in re.split(r"[,;·]", text):
            self._take_part(number, code, part.strip())

    def _take_part(self, number, code, part):
        if not part:
            return
        if words.answers_in("yes_no", part)[0]:
            self._set_sender(number, code, part)
        elif words.terms_in(part):
            self._set(number, code, "terms", part)
        elif part[0] in "\"«“'":
            self._add_note(number, code, part)
        else:
            self._set(number, code, "channels", part)

    # ---------------------------------------------------------------------------------------------
    # What is said of one payer
    # ---------------------------------------------------------------------------------------------

    def _set(self, number, code, role, text):
        """Take what a column or a line says of a payer."""
        if role in ("software", "paper"):
            self._take_channel(number, code, role, text)
        elif role == "sender":
            self._set_sender(number, code, text)
        elif role == "terms":
            self._set_terms(number, code, text)
        elif role == "note":
            self._take_note(number, code, text)
        elif role == "channels":
            self._take_channels(number, code, text)
        elif self.reader.marks.tick_of(text) != (False, "", ""):
            self.reader.put_aside(number, "unknown", text)

    def _take_channel(self, number, code, channel, text):
        tick = self.reader.marks.tick_of(text)
        if tick is None:
            self.reader.put_aside(number, "unknown", text)
            return
        self._set_channel(number, code, channel, tick.ticked, text)
        self._add_note(number, code, tick.label)

    def _set_channel(self, number, code, channel, ticked, text):
        if ticked is None:
            self.reader.put_aside(number, "doubtful", text)
        elif ticked:
            self._get(code).channels.add(channel)
        else:
            self._get(code)

    def _take_channels(self, number, code, text):
        """Read channels in words or boxes: “Logiciel et papier”, “☑ Logiciel ☐ Papier”."""
        if options := self.reader.marks.options(text):
            for option in options:
                self._take_box(number, code, option)
            return
        channels, _rest = words.answers_in("channels", text)
        if not channels or "other" in channels:
            self._add_note(number, code, words.text_of_other(text))
            return
        found = {"software", "paper"} if "both" in channels else set(channels)
        self._get(code).channels |= found

    def _take_note(self, number, code, text):
        tick = self.reader.marks.tick_of(text)
        if tick is None:
            self._add_note(number, code, text)
            return
        self._set_channel(number, code, "other", tick.ticked, text)
        self._add_note(number, code, tick.label)

    def _add_note(self, number, code, text):
        text = unquoted(text)
        answer = self._get(code)
        if text and answer.note and text != answer.note:
            self.reader.put_aside(number, "text", text)
        elif text:
            answer.note = text

    def _set_sender(self, number, code, text):
        """“Envoi fait par toi ?”: yes or no, and what is said beside it."""
        answers, rest = self._yes_no(text)
        before = self._get(code).sent_by_us
        if len(answers) != 1 or (before is not None and before != answers[0]):
            self.reader.put_aside(number, "unknown" if not answers else "doubtful", text)
            return
        self._get(code).sent_by_us = answers[0]
        self._add_note(number, code, rest)

    def _yes_no(self, text):
        options = self.reader.marks.options(text)
        if len(options) > 1:
            ticked = [option.label for option in options if option.ticked]
            text = ticked[0] if len(ticked) == 1 else ""
        elif options:
            return ([] if options[0].ticked is None else [options[0].ticked]), options[0].label
        found, _rest = words.answers_in("yes_no", text)
        rest = re.sub(r"^\W*\w+[\s,:;.()–—-]*", "", text).rstrip(")") if found else ""
        return [code == "yes" for code in found], rest

    def _set_terms(self, number, code, text):
        terms = words.terms_in(text)
        before = self._get(code).terms
        if not terms or (before and before != terms):
            self.reader.put_aside(number, "terms" if not terms else "several", text)
            return
        self._get(code).terms = terms
