"""A small document on which the kernel's promises are shown, apart from any trade."""
