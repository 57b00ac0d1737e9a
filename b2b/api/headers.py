"""The request and response headers that mean something here."""

KEY = "Idempotency-Key"
MATCH = "If-Match"
ORGANISATION = "X-Organisation"
PREFER = "Prefer"
REPLAYED = "Idempotency-Replayed"
REQUEST_ID = "X-Request-ID"
