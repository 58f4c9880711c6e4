"""How it goes, in figures: each defined in one sentence, computed by one pure function, here."""
