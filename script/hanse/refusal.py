"""The one way a script says that it cannot go on."""


class Refusal(Exception):
    """One sentence for the person at the terminal; the script ends with a non-zero code."""
