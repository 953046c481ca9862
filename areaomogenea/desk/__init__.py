"""The desk: the admin that every kind of publication shares, with the people and the files."""
