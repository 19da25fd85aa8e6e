"""English sentences for the codes of faults: what is wrong and, where it can, what to do."""


def _lt(text):
    """Mark a sentence for translation: Odoo exports the terms that stand in ``_lt()``.

    Callers that speak to users translate :attr:`.faults.Fault.template`.
    """
    return text


FILES = {
    "empty_file": _lt("The file is empty."),
    "too_big": _lt("The file has %(size)s MB; more than %(limit)s MB are not read."),
    "not_text": _lt("This is a %(kind)s file, not a text."),
    "binary_file": _lt("This is not a text: it has NUL bytes."),
    "control_character": _lt("The control character %(character)s does not belong in a text."),
    "encoding_unknown": _lt("The file is in none of these encodings: %(encodings)s."),
    "encoding_broken": _lt("The file says that it is %(encoding)s, but it is not."),
    "encoding_doubtful": _lt(
        "The letter %(letter)s tells of a Turkish file (cp1254) read as a western"
        " one. Add cp1254 to the profile's encodings, or allow rare letters."
    ),
    "encoding_turkish": _lt("The file was read as Turkish (cp1254)."),
    "encoding_mended": _lt(
        "Accents were encoded twice by the sender (read as %(encoding)s); they were put right."
    ),
    "too_many_faults": _lt("There are more faults than are listed."),
}
XML = {
    "xml_none": _lt("This is not an XML file."),
    "xml_broken": _lt("The XML is broken at column %(column)s: %(message)s"),
    "xml_doctype": _lt("The XML declares a document type or entities; such files are refused."),
    "xml_entity": _lt(
        "The XML declares an entity that reads a file, an address or other entities."
    ),
    "xml_encoding": _lt("The XML is in the encoding %(encoding)s, which is not accepted."),
    "xml_deep": _lt("The XML has more than %(limit)s levels."),
    "xml_many": _lt("The XML has more than %(limit)s elements or attributes."),
    "xml_root": _lt("The XML begins with %(found)s instead of %(wanted)s."),
    "schema_fault": _lt("The file does not follow its schema: %(reason)s"),
    "schema_broken": _lt("The schema cannot be read: %(reason)s"),
    "schema_unchecked": _lt(
        "The Python library xmlschema is not installed: the file was not compared with its schema."
    ),
}
ZIP = {
    "zip_broken": _lt("The zip file is damaged."),
    "zip_empty": _lt("There is no file in the zip file."),
    "zip_many": _lt("There are more than %(limit)s files in the zip file."),
    "zip_name": _lt("The zip file has an entry with a name that is not allowed."),
    "zip_twice": _lt("The zip file has two files of the same name."),
    "zip_encrypted": _lt("A file in the zip file is protected by a password."),
    "zip_method": _lt("A file in the zip file is packed in a way that is not supported."),
    "zip_bomb": _lt("A file in the zip file is far larger than it should be."),
    "zip_size": _lt("A file in the zip file has another size than the zip file says."),
    "zip_nested": _lt("A file in the zip file is an archive itself."),
}
SHAPE = {
    "csv_broken": _lt("From this line on, quotation marks do not match, or it is endless."),
    "part_missing": _lt(
        "The %(part)s record is missing: the file was cut short, or is another one."
    ),
    "part_twice": _lt("There are two %(part)s records: files were put together."),
    "after_trailer": _lt("There is a line after the trailer record."),
    "cut_short": _lt("The last line does not end: the file was cut short."),
    "column_missing": _lt("There is no column %(name)s."),
    "column_twice": _lt("Two columns have this name."),
    "column_unknown": _lt("The profile does not know %(name)s; it is kept with the line."),
    "cells_count": _lt("The line has %(found)s values instead of %(wanted)s."),
    "line_length": _lt("The line has %(found)s characters instead of %(wanted)s."),
    "too_many_records": _lt("There are more than %(limit)s lines."),
    "no_records": _lt("There is a header but no line after it."),
}
VALUES = {
    "value_missing": _lt("%(name)s is missing."),
    "text_long": _lt("The text has more than %(limit)s characters."),
    "number_form": _lt("%(value)s is not a number as they are written in this file."),
    "number_sign": _lt("The sign of %(value)s is not where this file has it."),
    "number_minor": _lt("%(value)s is not a whole number of rappen or cents."),
    "number_decimals": _lt("%(value)s has more than %(decimals)s decimals."),
    "number_ambiguous": _lt(
        "%(value)s can be read in two ways, one a hundred or a thousand times the other."
    ),
    "number_large": _lt("%(value)s is larger than any amount that is accepted."),
    "number_count": _lt("%(value)s is not a whole number."),
    "date_form": _lt("%(value)s is not a date in the form %(forms)s."),
    "date_none": _lt("There is no day %(value)s."),
    "date_year": _lt("The year of %(value)s cannot be right."),
    "date_future": _lt("%(value)s is in the future."),
    "currency_form": _lt("%(value)s is not the code of a currency."),
    "indicator_unknown": _lt("%(value)s is neither debit nor credit."),
    "reference_check": _lt("The check digit of the reference %(reference)s is wrong."),
    "type_unknown": _lt(
        "The type %(type)s is not in the profile's code table: the line is kept, nothing is posted."
    ),
    "flag_unknown": _lt(
        "The type %(type)s with the mark %(flag)s is not in the profile's code table:"
        " the line is kept, nothing is posted."
    ),
}
CONTROLS = {
    "control_missing": _lt("The file does not say its %(name)s, which is to be compared."),
    "control_count": _lt("The file says that it has %(said)s lines, but it has %(found)s."),
    "control_total": _lt("The file says that its lines make %(said)s, but they make %(found)s."),
    "control_balance": _lt(
        "The closing balance is %(said)s, but opening balance and lines make %(found)s."
    ),
    "period_order": _lt("The period ends on %(end)s, before it starts on %(start)s."),
    "sequence_gap": _lt("Line number %(number)s follows %(former)s."),
    "owner_contract": _lt("The file is for the contract %(found)s, not %(wanted)s."),
    "owner_iban": _lt("The file is for the account %(found)s, which is not this clinic's."),
    "owner_unknown": _lt("The file does not say for whom it is."),
    "owner_currency": _lt("The file is in %(found)s, the journal in %(wanted)s."),
    "number_gap": _lt("Statements are missing before this one: %(numbers)s."),
    "balance_gap": _lt(
        "The opening balance is %(opening)s, the former closing one was %(closing)s."
    ),
    "balance_wrong": _lt(
        "The closing balance is %(said)s; the former and the lines make %(found)s."
    ),
    "id_repeated": _lt(
        "The identifier %(id)s stands on several lines; each is taken as an event of its own."
    ),
}
CAMT = {
    "camt_other": _lt("This is %(found)s; a notification of credits (camt.054) is wanted."),
    "camt_version": _lt("camt.054 version %(version)s is not known here (known: %(known)s)."),
    "camt_none": _lt("There is no notification in the file."),
    "camt_page": _lt("This is one page of several (page %(page)s); import all of them."),
    "camt_copy": _lt("The bank says that this is a copy or duplicate."),
    "camt_status": _lt("The bank has not booked this entry yet (%(status)s): information only."),
    "camt_debit": _lt(
        "This is a debit that takes no credit back: not a payment, nothing is posted."
    ),
    "camt_indicator": _lt("%(value)s is neither CRDT nor DBIT."),
    "camt_batch_count": _lt("The entry says %(said)s payments, but has %(found)s."),
    "camt_batch_sum": _lt("The payments of this entry make %(found)s, the entry is %(said)s."),
    "camt_batch_currency": _lt(
        "The payments of this entry are in another currency than the entry;"
        " their sum cannot be compared."
    ),
    "camt_references": _lt("The payment names several references; a person must divide it."),
    "camt_date": _lt("Entries have no date; that of the message is taken."),
}
RESPONSES = {
    "response_other": _lt("This is not a response to invoices (generalInvoiceResponse)."),
    "response_version": _lt("Version %(version)s of generalInvoiceResponse is not known here."),
    "response_encrypted": _lt(
        "The response is encrypted; decrypt it with your network's software."
    ),
    "response_status": _lt(
        "The response neither accepts nor rejects the invoice and does not wait."
    ),
    "response_test": _lt("This response was sent as a test."),
    "response_request": _lt("The response does not say which invoice it is about."),
}
ACKS = {
    "ack_unknown": _lt(
        "This is neither a response to invoices (generalInvoiceResponse 4.5 or 5.0) nor"
        " a file of a layout that is known here."
    ),
    "ack_none": _lt("Nothing in this file accepts or rejects an invoice."),
    "ack_recipient": _lt("The file is for %(found)s, which is not a GLN of this practice."),
    "ack_sender": _lt("The file comes from %(found)s, the factor of another contract."),
}
PROFILES = {
    "profile_json": _lt("This is not the file of an import profile (%(message)s)."),
    "profile_layout": _lt("The profile was made by another version; layout %(layout)s is wanted."),
    "profile_unknown": _lt("This setting is not known."),
    "profile_missing": _lt("This setting is missing."),
    "profile_value": _lt("%(value)s is not allowed here."),
    "profile_field": _lt("No value of this name is known; names of your own begin with x_."),
    "profile_twice": _lt("This is set twice."),
    "profile_many": _lt("There are more than %(limit)s of them."),
    "profile_place": _lt("%(value)s is not a place in such a file."),
    "profile_auto": _lt(
        "To find the delimiter out, the file must have a line with names of columns."
    ),
    "profile_number": _lt("This form of numbers contradicts itself."),
    "profile_dates": _lt("%(one)s and %(other)s read the same digits as two different days."),
    "profile_control": _lt("It is to be compared, but neither header nor trailer has it."),
}
TABLES = {
    "old_office": _lt(
        "This is an old Excel file (XLS), or has a password. Save it as XLSX or CSV."
    ),
    "xlsx_none": _lt("This zip file is no XLSX workbook."),
    "xlsx_broken": _lt("The workbook cannot be read."),
    "sheet_missing": _lt("There is no sheet %(name)s in the workbook."),
    "sheet_empty": _lt("There is nothing in the workbook."),
}
ADVICES = {
    "role_missing": _lt("Say which column is the %(name)s."),
    "role_twice": _lt("Two columns are the %(name)s."),
    "reference_missing": _lt("The line names no invoice, bordereau, number or beneficiary."),
    "state_unknown": _lt("Nobody said what the state %(value)s means."),
    "total_differs": _lt("The file says that its lines make %(said)s, but they make %(found)s."),
    "remark": _lt("A remark, not a payment: %(value)s"),
}
TEXTS = (
    FILES
    | XML
    | ZIP
    | SHAPE
    | VALUES
    | CONTROLS
    | CAMT
    | RESPONSES
    | ACKS
    | PROFILES
    | TABLES
    | ADVICES
)
