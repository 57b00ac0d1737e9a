"""The media types of answers."""

PROBLEM = "application/problem+json"
