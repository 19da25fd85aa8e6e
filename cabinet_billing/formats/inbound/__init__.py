"""Readers of the files that a factor or a bank returns: bytes in, plain records and faults out."""
