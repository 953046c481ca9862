"""Who the body is and where it answers: a plain import for every room."""
