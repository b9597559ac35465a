"""Manners of HTTP that every room shares: problems, cursors, idempotency, strict JSON, body limits."""
