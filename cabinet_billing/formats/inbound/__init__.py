"""Readers of the files that a factor, a bank or a payer returns: bytes in, plain records and faults out."""
