"""What runs inside the sandbox: the gate before a file is parsed, the parsing, and the wire back.

Nothing here needs Django to be set up. Every refusal is a ``b2b.sandbox.Refused`` with a code whose sentence stands in
``b2b.sheets.refusals``.
"""
