"""The views: each fetches through the guard, calls one action or one query, and answers."""
