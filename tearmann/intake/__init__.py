"""A file somebody sent, read into Referrals: one file per format, and the form typed at the desk."""

from tearmann.intake.reading import read

__all__ = ["read"]
