"""HTTP in and out: the base every app's ``api/`` stands on, and the kernel's own endpoints."""
