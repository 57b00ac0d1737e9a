"""Spreadsheets as declarations.

Declare with ``b2b.sheets.sheet`` and ``b2b.sheets.parsers``; open a file with ``b2b.sheets.workbook``; read it with
``b2b.sheets.reading``; write with ``template``, ``exporting`` and ``annotating``. This module imports nothing, because
``b2b.sheets.files`` runs in a child process that shall load no more than it needs.
"""
