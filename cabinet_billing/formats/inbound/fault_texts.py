"""English sentences for the codes of faults: what is wrong and, where it can, what to do."""

FILES = {
    "empty_file": "The file is empty.",
    "too_big": "The file has %(size)s MB; more than %(limit)s MB are not read.",
    "not_text": "This is a %(kind)s file, not a text.",
    "binary_file": "This is not a text: it has NUL bytes.",
    "control_character": "The control character %(character)s does not belong in a text.",
    "encoding_unknown": "The file is in none of these encodings: %(encodings)s.",
    "encoding_broken": "The file says that it is %(encoding)s, but it is not.",
    "encoding_doubtful": "The letter %(letter)s tells of a Turkish file (cp1254) read as a western"
    " one. Add cp1254 to the profile's encodings, or allow rare letters.",
    "encoding_turkish": "The file was read as Turkish (cp1254).",
    "encoding_mended": "Accents were encoded twice by the sender (read as %(encoding)s); they were"
    " put right.",
    "too_many_faults": "There are more faults than are listed.",
}
XML = {
    "xml_none": "This is not an XML file.",
    "xml_broken": "The XML is broken at column %(column)s: %(message)s",
    "xml_doctype": "The XML declares a document type or entities; such files are refused.",
    "xml_entity": "The XML declares an entity that reads a file, an address or other entities.",
    "xml_encoding": "The XML is in the encoding %(encoding)s, which is not accepted.",
    "xml_deep": "The XML has more than %(limit)s levels.",
    "xml_many": "The XML has more than %(limit)s elements or attributes.",
    "xml_root": "The XML begins with %(found)s instead of %(wanted)s.",
    "schema_fault": "The file does not follow its schema: %(reason)s",
    "schema_broken": "The schema cannot be read: %(reason)s",
    "schema_unchecked": "The Python library xmlschema is not installed: the file was not compared"
    " with its schema.",
}
ZIP = {
    "zip_broken": "The zip file is damaged.",
    "zip_empty": "There is no file in the zip file.",
    "zip_many": "There are more than %(limit)s files in the zip file.",
    "zip_name": "The zip file has an entry with a name that is not allowed.",
    "zip_twice": "The zip file has two files of the same name.",
    "zip_encrypted": "A file in the zip file is protected by a password.",
    "zip_method": "A file in the zip file is packed in a way that is not supported.",
    "zip_bomb": "A file in the zip file is far larger than it should be.",
    "zip_size": "A file in the zip file has another size than the zip file says.",
    "zip_nested": "A file in the zip file is an archive itself.",
}
SHAPE = {
    "csv_broken": "From this line on, quotation marks do not match, or it is endless.",
    "part_missing": "The %(part)s record is missing: the file was cut short, or is another one.",
    "part_twice": "There are two %(part)s records: files were put together.",
    "after_trailer": "There is a line after the trailer record.",
    "cut_short": "The last line does not end: the file was cut short.",
    "column_missing": "There is no column %(name)s.",
    "column_twice": "Two columns have this name.",
    "column_unknown": "The profile does not know %(name)s; it is kept with the line.",
    "cells_count": "The line has %(found)s values instead of %(wanted)s.",
    "line_length": "The line has %(found)s characters instead of %(wanted)s.",
    "too_many_records": "There are more than %(limit)s lines.",
    "no_records": "There is a header but no line after it.",
}
VALUES = {
    "value_missing": "%(name)s is missing.",
    "text_long": "The text has more than %(limit)s characters.",
    "number_form": "%(value)s is not a number as they are written in this file.",
    "number_sign": "The sign of %(value)s is not where this file has it.",
    "number_minor": "%(value)s is not a whole number of rappen or cents.",
    "number_decimals": "%(value)s has more than %(decimals)s decimals.",
    "number_ambiguous": "%(value)s can be read in two ways, one a hundred or a thousand times the"
    " other.",
    "number_large": "%(value)s is larger than any amount that is accepted.",
    "number_count": "%(value)s is not a whole number.",
    "date_form": "%(value)s is not a date in the form %(forms)s.",
    "date_none": "There is no day %(value)s.",
    "date_year": "The year of %(value)s cannot be right.",
    "date_future": "%(value)s is in the future.",
    "currency_form": "%(value)s is not the code of a currency.",
    "indicator_unknown": "%(value)s is neither debit nor credit.",
    "reference_check": "The check digit of the reference %(reference)s is wrong.",
    "type_unknown": "The type %(type)s is not in the profile's code table: the line is kept,"
    " nothing is posted.",
    "flag_unknown": "The type %(type)s with the mark %(flag)s is not in the profile's code table:"
    " the line is kept, nothing is posted.",
}
CONTROLS = {
    "control_missing": "The file does not say its %(name)s, which is to be compared.",
    "control_count": "The file says that it has %(said)s lines, but it has %(found)s.",
    "control_total": "The file says that its lines make %(said)s, but they make %(found)s.",
    "control_balance": "The closing balance is %(said)s, but opening balance and lines make"
    " %(found)s.",
    "period_order": "The period ends on %(end)s, before it starts on %(start)s.",
    "sequence_gap": "Line number %(number)s follows %(former)s.",
    "owner_contract": "The file is for the contract %(found)s, not %(wanted)s.",
    "owner_iban": "The file is for the account %(found)s, which is not this clinic's.",
    "owner_unknown": "The file does not say for whom it is.",
    "owner_currency": "The file is in %(found)s, the journal in %(wanted)s.",
    "number_gap": "Statements are missing before this one: %(numbers)s.",
    "balance_gap": "The opening balance is %(opening)s, the former closing one was %(closing)s.",
    "balance_wrong": "The closing balance is %(said)s; the former and the lines make %(found)s.",
    "id_repeated": "The identifier %(id)s stands on several lines; each is taken as an event of its"
    " own.",
}
CAMT = {
    "camt_other": "This is %(found)s; a notification of credits (camt.054) is wanted.",
    "camt_version": "camt.054 version %(version)s is not known here (known: %(known)s).",
    "camt_none": "There is no notification in the file.",
    "camt_page": "This is one page of several (page %(page)s); import all of them.",
    "camt_copy": "The bank says that this is a copy or duplicate.",
    "camt_status": "The bank has not booked this entry yet (%(status)s): information only.",
    "camt_debit": "This is a debit that takes no credit back: not a payment, nothing is posted.",
    "camt_indicator": "%(value)s is neither CRDT nor DBIT.",
    "camt_batch_count": "The entry says %(said)s payments, but has %(found)s.",
    "camt_batch_sum": "The payments of this entry make %(found)s, the entry is %(said)s.",
    "camt_batch_currency": "The payments of this entry are in another currency than the entry;"
    " their sum cannot be compared.",
    "camt_references": "The payment names several references; a person must divide it.",
    "camt_date": "Entries have no date; that of the message is taken.",
}
RESPONSES = {
    "response_other": "This is not a response to invoices (generalInvoiceResponse).",
    "response_version": "Version %(version)s of generalInvoiceResponse is not known here.",
    "response_encrypted": "The response is encrypted; decrypt it with your network's software.",
    "response_status": "The response neither accepts nor rejects the invoice and does not wait.",
    "response_test": "This response was sent as a test.",
    "response_request": "The response does not say which invoice it is about.",
}
ACKS = {
    "ack_unknown": "This is neither a response to invoices (generalInvoiceResponse 4.5 or 5.0) nor"
    " a file of a layout that is known here.",
    "ack_none": "Nothing in this file accepts or rejects an invoice.",
    "ack_recipient": "The file is for %(found)s, which is not a GLN of this practice.",
    "ack_sender": "The file comes from %(found)s, the factor of another contract.",
}
PROFILES = {
    "profile_json": "This is not the file of an import profile (%(message)s).",
    "profile_layout": "The profile was made by another version; layout %(layout)s is wanted.",
    "profile_unknown": "This setting is not known.",
    "profile_missing": "This setting is missing.",
    "profile_value": "%(value)s is not allowed here.",
    "profile_field": "No value of this name is known; names of your own begin with x_.",
    "profile_twice": "This is set twice.",
    "profile_place": "%(value)s is not a place in such a file.",
    "profile_auto": "To find the delimiter out, the file must have a line with names of columns.",
    "profile_number": "This form of numbers contradicts itself.",
    "profile_dates": "%(one)s and %(other)s read the same digits as two different days.",
    "profile_control": "It is to be compared, but neither header nor trailer has it.",
}
TABLES = {
    "old_office": "This is an old Excel file (XLS), or has a password. Save it as XLSX or CSV.",
    "xlsx_none": "This zip file is no XLSX workbook.",
    "xlsx_broken": "The workbook cannot be read.",
    "sheet_missing": "There is no sheet %(name)s in the workbook.",
    "sheet_empty": "There is nothing in the workbook.",
}
ADVICES = {
    "role_missing": "Say which column is the %(name)s.",
    "role_twice": "Two columns are the %(name)s.",
    "reference_missing": "The line names no invoice, bordereau, number or beneficiary.",
    "state_unknown": "Nobody said what the state %(value)s means.",
    "total_differs": "The file says that its lines make %(said)s, but they make %(found)s.",
    "remark": "A remark, not a payment: %(value)s",
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
