"""The read API: all that is published, as JSON, with the document that describes it."""
