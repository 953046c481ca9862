"""Where what somebody brought is opened, and what weighs is made: in a short-lived process with limits.

The worst file stops nobody.
"""
