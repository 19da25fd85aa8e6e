"""Form F, a practice's own billing form: read as it was pasted, written, and what it asks for."""
