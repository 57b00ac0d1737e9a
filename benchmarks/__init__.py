"""What Hanse takes for a piece of work, against what the bare library or bare SQL takes for the same work."""
