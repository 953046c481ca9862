"""Where what somebody brought is opened: in a short-lived process with limits, so that the worst file stops nobody."""
