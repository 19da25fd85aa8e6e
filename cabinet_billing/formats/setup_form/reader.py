"""Form F read back from the text that was pasted (F1): answers, and all that gave none.

The form is walked from its top: headings say which question the boxes below answer, tables of
payers are known by their columns, whatever their order. What is ticked and not in the lists, or
fits several of them, is handed back with its line.
"""

import re

from . import lines, words
from .answers import Answers, PayerAnswer, Reading, Unplaced
from .lines import Line, Table, restore, turned, unquoted
from .marks import Marks
from .payers import PayerTables

CHOICES = ("method", "frequency", "follow_up", "unpaid")
ONE_ONLY = ("frequency",)
TITLE = re.compile(r"\b(?:formulaire|questionnaire|facturation|form|billing)\b")
SHORT = 8  # words of a line that may be a heading without a sign of one


def read(text: str) -> Reading:
    """Return the answers of a form as it was pasted, in whatever encoding it came.

    :raise lines.TooLong: more text than any form has
    """
    page = lines.split(text)
    reader = _Reader(Marks(page.text))
    for block in page.blocks:
        reader.take(block)
    return Reading(reader.finish(), tuple(reader.unplaced), page.mended)


class _Reader:
    """Walks the blocks; :attr:`question` is what the last heading asked for."""

    def __init__(self, marks):
        self.marks = marks
        self.answers = Answers()
        self.unplaced = []
        self.question = ""
        self.comments = []
        self.payers = PayerTables(self)
        self._ticks = []
        self._blocks = 0
        # An "Autre" that was just read, whose text may stand in the next line.
        self._waits_for_text = None

    def put_aside(self, number, reason, text):
        """List what no answer can be made of."""
        text = restore(text)
        if text:
            self.unplaced.append(Unplaced(number, reason, text))

    def finish(self):
        """Return the answers, once all is read."""
        for question in ONE_ONLY:
            ticks = [tick for tick in self._ticks if tick[0] == question]
            codes = {code for _question, code, _number, _label in ticks}
            if len(codes) > 1:
                getattr(self.answers, question).codes.clear()
                for _question, _code, number, label in ticks:
                    self.put_aside(number, "several", label)
        self.answers.payers = {
            code: payer for code, payer in self.answers.payers.items() if payer != PayerAnswer()
        }
        self.answers.comments = "\n".join(self.comments).strip()
        self.unplaced.sort()
        return self.answers

    def take(self, block):
        """Read one block of the form."""
        self._blocks += 1
        if isinstance(block, Table):
            self._take_table(block)
        else:
            self._take_line(block)

    # ---------------------------------------------------------------------------------------------
    # Lines
    # ---------------------------------------------------------------------------------------------

    def _take_line(self, line: Line):
        if self._is_heading(line):
            self._take_heading(line)
        elif self.question == "comments":
            self._take_comment(line)
        elif options := self.marks.options(line.text):
            self._take_boxes(line, options)
        elif line.text.strip("-=*_ "):
            self._take_text(line)

    def _is_heading(self, line):
        """A line with boxes answers, whatever it looks like; one in bold may be an answer too."""
        if line.kind not in ("heading", "bold") or self.marks.options(line.text):
            return False
        asks = words.question_of(line.text) or words.payers_in(line.text)
        return bool(line.kind == "heading" or (asks and ":" not in line.text[:-1]))

    def _take_heading(self, line):
        """A heading asks a question, names a payer, or may be the form's title."""
        self._waits_for_text = None
        if ":" in line.text and self._take_pair(line.number, *line.text.split(":", 1)):
            return
        question = words.question_of(line.text)
        if not question and self.payers.open(line.text, self.question):
            return
        if question or self._blocks > 1:
            self.question = question
            self.payers.close()

    def _take_comment(self, line):
        """All is a comment now, until a heading or a pair that begins another question."""
        if line.kind == "text" and ":" in line.text:
            head, tail = line.text.split(":", 1)
            if words.question_of(head) in ("answered_by", "received"):
                self._take_pair(line.number, head, tail)
                return
        text = restore(line.text)
        if text:
            self.comments.append(text)

    def _take_boxes(self, line, options):
        """A line with boxes: options, or the head of a question before them."""
        head, colon, tail = line.text.partition(":")
        if colon and not self.marks.options(head) and self.marks.options(tail):
            question = words.question_of(head)
            if question in CHOICES:
                self.question = question
                options = self.marks.options(tail)
            elif self.payers.take_line(line.number, self.question, head, tail):
                return
        if self.question in CHOICES:
            self._tick_all(line.number, options)
        elif not self.payers.take_boxes(line.number, self.question, options):
            for option in options:
                if option.ticked is not False:
                    self.put_aside(line.number, "unknown", option.label or line.text)

    def _take_text(self, line):
        """A line without boxes: a pair “Fréquence : mensuelle”, a heading, or no answer."""
        head, tail = words.pair(line.text)
        if tail and self._take_pair(line.number, head, tail):
            return
        if self.payers.take_line(line.number, self.question, head, tail):
            return
        if self.question in CHOICES and words.answers_in(self.question, head)[0] == ["other"]:
            self._take_other(line.number, False, line.text, "")
            return
        question = words.question_of(line.text)
        asks = line.text.endswith(("?", ":")) or len(line.text.split()) <= SHORT
        if question and asks and line.kind == "text":
            self.question = question
            self.payers.close()
            self.put_aside(line.number, "text", tail)
        elif self._waits_for_text and not self._waits_for_text.note:
            self._waits_for_text.note = unquoted(line.text)
            self._waits_for_text = None
        elif self._blocks > 1 or not TITLE.search(words.fold(line.text)):
            self.put_aside(line.number, "text", line.text)

    def _take_pair(self, number, head, tail):
        """Take “Rempli par : X” and the like; return whether it was one."""
        question = words.question_of(head)
        tail = tail.strip()
        if question == "comments":
            self.question = question
            if tail:
                self.comments.append(restore(tail))
        elif question == "answered_by":
            if self.answers.answered_by:
                self.put_aside(number, "text", tail)
            else:
                self.answers.answered_by = unquoted(tail)
        elif question == "received":
            self._take_date(number, tail)
        elif question in CHOICES and tail:
            self.question = question
            self._take_words(number, tail)
        else:
            return False
        return True

    def _take_date(self, number, text):
        day = words.date_in(text)
        if day:
            self.answers.received = day
        else:
            self.put_aside(number, "date", text)

    def _take_words(self, number, text):
        """Take answers written in words, without boxes."""
        if options := self.marks.options(text):
            self._tick_all(number, options)
            return
        codes, rest = words.answers_in(self.question, text)
        if not codes or "other" in codes:
            self.put_aside(number, "unknown", text)
            return
        for code in codes:
            self._tick(number, code, text)
        if rest and self._chosen().note:
            self.put_aside(number, "text", text)
        elif rest:
            self._chosen().note = unquoted(text)

    # ---------------------------------------------------------------------------------------------
    # Boxes
    # ---------------------------------------------------------------------------------------------

    def _chosen(self):
        return getattr(self.answers, self.question)

    def _tick_all(self, number, options):
        for option in options:
            label = option.label
            if self.question in ONE_ONLY and len(words.answers_in(self.question, label)[0]) > 1:
                label = option.near
            self._take_option(number, option.ticked, label, "")

    def _take_option(self, number, ticked, label, note):
        """Take one option of the present question.

        :param bool ticked: ``None`` where the mark may mean yes or no
        :param str note: text beside it
        """
        self._waits_for_text = None
        codes, _rest = words.answers_in(self.question, label)
        if codes and codes[-1] == "other":
            self._take_other(number, ticked, label, note)
            return
        if ticked is not False:
            if len(codes) == 1 and ticked:
                self._tick(number, codes[0], label)
            else:
                doubtful = ticked is None or len(codes) > 1
                self.put_aside(number, "doubtful" if doubtful else "unknown", label or "☑")
        self.put_aside(number, "text", note)

    def _take_other(self, number, ticked, label, note):
        """“Autre : …”: its text is kept, ticked or not."""
        chosen = self._chosen()
        if ticked:
            self._tick(number, "other", label)
        elif ticked is None:
            self.put_aside(number, "doubtful", label)
        text = words.text_of_other(label) or note
        if chosen.note and text:
            self.put_aside(number, "text", text)
        elif text:
            chosen.note = unquoted(text)
            self.put_aside(number, "text", note if note != text else "")
        else:
            self._waits_for_text = chosen

    def _tick(self, number, code, label):
        self._chosen().codes.add(code)
        self._ticks.append((self.question, code, number, label))

    # ---------------------------------------------------------------------------------------------
    # Tables
    # ---------------------------------------------------------------------------------------------

    def _take_table(self, table):
        self._waits_for_text = None
        if self.payers.take_table(table, self.question):
            return
        rows = self._below_the_head(table)
        if self.question == "comments":
            self.comments += [restore(" | ".join(filter(None, row.cells))) for row in rows]
            return
        if self.question in CHOICES and self._lies_across(rows):
            rows = turned(rows)
        for row in rows:
            self._take_row(row)

    def _below_the_head(self, table):
        """Return the rows with answers; the head of a table may ask the question."""
        head = table.rows[0]
        boxed = any(
            self.marks.options(cell) and not self.marks.is_legend(cell) for cell in head.cells
        )
        question = words.question_of(head.cells[0])
        if table.headed and not boxed and question not in ("answered_by", "received", "comments"):
            if question:
                self.question = question
            if not self._lies_across(table.rows):
                return _without_no(table.rows)
        return table.rows

    def _lies_across(self, rows):
        """Tell whether the options stand beside each other, with their boxes below them."""
        if self.question not in CHOICES or len(rows) < 2:
            return False
        named = [cell for cell in rows[0].cells if words.answers_in(self.question, cell)[0]]
        return len(named) > 1 and not any(self.marks.options(cell) for cell in rows[0].cells)

    def _take_row(self, row):
        """Take “option | box”, in any order, or “question | answers”."""
        cells = [cell for cell in row.cells if cell]
        if all(words.fold(cell) in words.HEADS for cell in cells):
            return
        head, *rest = cells
        question = words.question_of(head)
        boxed = bool(self.marks.options(head))
        answers = self.question in CHOICES and words.answers_in(self.question, head)[0]
        if rest and question and not boxed and not answers:
            if self._take_pair(row.number, head, " ; ".join(rest)):
                return
        if self.question in CHOICES:
            self._take_option_row(row)
        elif not self.payers.take_line(row.number, self.question, head, " ; ".join(rest)):
            self._put_row_aside(row)

    def _take_option_row(self, row):
        ticks, texts = [], []
        for cell in row.cells:
            tick = self.marks.tick_of(cell)
            if tick is None:
                texts.append(cell)
            elif cell:
                ticks.append(tick)
                texts += [tick.label] if tick.label else []
        named = [text for text in texts if words.answers_in(self.question, text)[0]]
        if self.marks.count(" ".join(row.cells)) > 1:
            for cell in row.cells:
                self._tick_all(row.number, self.marks.options(cell))
            return
        label = (named or texts or [""])[0]
        note = " ; ".join(text for text in texts if text is not label)
        self._take_option(row.number, ticks[0].ticked if ticks else False, label, note)

    def _put_row_aside(self, row):
        """A row of a table that asks nothing known: what is ticked in it, or all of it."""
        self.put_aside(row.number, "unknown", " | ".join(filter(None, row.cells)))


def _without_no(rows):
    """Return the rows below a head, without the column “Non” where there is a column “Oui”."""
    heads = [words.answers_in("yes_no", cell)[0] for cell in rows[0].cells]
    if ["yes"] not in heads:
        return rows[1:]
    kept = [place for place, head in enumerate(heads) if head != ["no"]]
    return [
        lines.Row(row.number, [row.cells[place] for place in kept if place < len(row.cells)])
        for row in rows[1:]
    ]
