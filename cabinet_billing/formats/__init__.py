"""Readers and writers of outside files in plain Python: no ORM, no network, no hidden clock."""
