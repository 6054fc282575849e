"""The rate limits: one file, one way to say 429."""
