"""Questions to the database, named by what they return."""
