"""The board of an initiative: where its Comuni stand, changed by hand, from pasted names or from a sheet."""
