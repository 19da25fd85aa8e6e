from odoo import api, models

SHOWN = 3


class CabinetFactoringWords(models.AbstractModel):
    """Plain words for what is wrong with a factor's file, in the reader's language."""

    _name = "cabinet.factoring.words"
    _description = "Words of Factoring Files"

    @api.model
    def _tell(self, faults):
        """Return what stops a file: the first faults, one sentence each.

        :param list faults: formats.inbound.faults.Fault
        :rtype: str
        """
        texts = list(dict.fromkeys(self._get_fault_text(found) for found in faults))
        more = len(texts) - SHOWN
        if more > 0:
            texts = [*texts[:SHOWN], self.env._("And %(count)s more.", count=more)]
        return "\n".join(texts)

    @api.model
    def _get_fault_text(self, found):
        """Return a fault in one sentence; its line, and its file in a zip, come first."""
        sentences = self.env["cabinet.advice.words"]._get_sentences() | self._get_sentences()
        text = sentences.get(found.code, found.template) % found.params
        if found.line:
            text = self.env._("Line %(number)s: %(text)s", number=found.line, text=text)
        return f"{found.field}: {text}" if found.field.lower().endswith(".xml") else text

    @api.model
    def _get_sentences(self):
        return {
            **self._get_answer_sentences(),
            **self._get_archive_sentences(),
            **self._get_statement_sentences(),
        }

    @api.model
    def _get_answer_sentences(self):
        return {
            "ack_unknown": self.env._(
                "This file is neither a factor's response (generalInvoiceResponse 4.5 or 5.0) nor "
                "a statement in a form that is known here."
            ),
            "ack_none": self.env._("Nothing in this file accepts or rejects an invoice."),
            "ack_recipient": self.env._(
                "The file is for another practice: %(found)s is not a GLN of yours."
            ),
            "ack_sender": self.env._(
                "The file comes from the factor of another contract (%(found)s)."
            ),
            "owner_contract": self.env._(
                "The file is for the contract number %(found)s; this order's contract has "
                "%(wanted)s."
            ),
            "response_other": self.env._("This is not a factor's response to invoices."),
            "response_version": self.env._("Version %(version)s of the response is not read here."),
            "response_encrypted": self.env._(
                "The response is encrypted: decrypt it with your network's software first."
            ),
            "response_status": self.env._("The response does not say what became of the invoice."),
            "response_test": self.env._(
                "The response was sent as a test: it acknowledges nothing."
            ),
            "response_request": self.env._("The response does not say which invoice it is about."),
        }

    @api.model
    def _get_archive_sentences(self):
        unsafe = self.env._("The file holds what no honest file needs (a trap): it is not read.")
        return {
            "zip_broken": self.env._("The zip file is damaged."),
            "zip_empty": self.env._("There is no file in the zip file."),
            "zip_many": self.env._("There are more than %(limit)s files in the zip file."),
            "zip_encrypted": self.env._("The zip file is protected by a password."),
            "zip_bomb": self.env._("The zip file is far larger than it should be: it is not read."),
            "xml_none": self.env._("This is not an XML file."),
            "xml_broken": self.env._("The XML file is damaged."),
            "xml_root": self.env._("The XML file is of another kind."),
            **dict.fromkeys(("xml_doctype", "xml_entity", "xml_encoding", "xml_deep"), unsafe),
            **dict.fromkeys(("xml_many", "zip_name", "zip_twice", "zip_nested"), unsafe),
            **dict.fromkeys(("zip_method", "zip_size"), unsafe),
        }

    @api.model
    def _get_statement_sentences(self):
        short = self.env._("The file was cut short: ask for it again.")
        return {
            "part_missing": short,
            "cut_short": short,
            "control_count": self.env._(
                "The file says that it has %(said)s lines, but it has %(found)s."
            ),
            "control_balance": self.env._(
                "The file's closing balance is %(said)s, its lines make %(found)s."
            ),
            "control_missing": self.env._("The file lacks what its lines are compared with."),
            "no_records": self.env._("The file has no lines."),
            "column_missing": self.env._("The column %(name)s is missing."),
            "date_future": self.env._("The date %(value)s is in the future."),
            "date_none": self.env._("There is no day %(value)s."),
            "date_form": self.env._("%(value)s is not a date."),
            "line_length": self.env._("The line has %(found)s characters instead of %(wanted)s."),
        }
