"""The two logs, append-only and hash-chained: the case history and the processing log."""
