"""Officers, units, teams and roles: who may sign in, and where they belong."""
