"""Subscriptions, their due times, and the outbox that delivers digests and corrections."""
