"""Readers of files from factors, banks and payers: bytes in, plain records and faults out."""
