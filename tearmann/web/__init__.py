"""The pages: a view fetches through a guard, calls one action or one query, and answers."""
