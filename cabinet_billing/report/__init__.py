from . import cabinet_cash_book, cabinet_credit, cabinet_receipt
