"""Tearmann: referrals about online child sexual abuse, received, linked, put in order of danger, and proven."""

__version__ = "0.1.0"
