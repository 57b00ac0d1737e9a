"""Published bid tabulations, read as agencies publish them: one row for each bidder and line.

``headings`` finds the table, ``rows`` reads it, ``bidders`` tells who is who, ``lines`` which rows are
one line, ``prices`` what a rounded price was, ``proposals`` puts them together, ``recording``
makes documents of them and ``reasons`` says why a ranking differs from the published one.
"""
