"""Rating suppliers by what happened.

``facts`` turns what apps above announce into marks from 0 to 1, each with its document; ``formula``
turns marks into a score; ``recomputation`` does so for one supplier or for all, in one statement.
"""
