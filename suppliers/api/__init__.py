"""Suppliers, their papers, catalogues, prices and scores over HTTP."""
