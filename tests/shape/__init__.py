"""The shape of the project: what is pinned, built, imported and named."""
