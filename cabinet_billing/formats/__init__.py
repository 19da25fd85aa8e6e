"""Readers and writers of outside files in plain Python: bytes in or out, no ORM here."""
