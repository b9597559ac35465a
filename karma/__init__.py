"""Roles: what people who have earned trust may do."""
