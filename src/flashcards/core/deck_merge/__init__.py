"""Three-way merge of deck texts: sections, notes, fields."""
