"""The lives of a supplier's documents."""
