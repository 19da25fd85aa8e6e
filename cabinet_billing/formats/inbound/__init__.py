"""Readers of files that a factor, a bank or a payer returns: bytes in, records and faults out."""
