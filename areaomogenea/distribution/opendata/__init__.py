"""Open data: all that is published, as whole files that anybody may take away, and the catalogue that tells of them."""
