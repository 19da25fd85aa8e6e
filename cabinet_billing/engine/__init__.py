"""Rules in plain Python: no ORM here, so that they can be tested by the thousand."""
