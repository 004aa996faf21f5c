"""Casework: every operational table, and every act on it. No HTTP."""
