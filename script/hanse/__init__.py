"""What the scripts of this folder run: setting up, starting, stopping and checking Hanse."""
