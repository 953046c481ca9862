"""How words are searched: by the same stems in each database. No tables of its own."""
