"""How text is kept and shown: clean HTML, plain words, Italian typography. No tables, imports no room."""
