"""Invented referrals in the real formats, from a seed, with the truth beside them.

Nobody in them exists: mail at example.org, .net and .com, numbers from the ranges that Ofcom keeps for drama,
addresses from the ranges that RFC 5737, RFC 3849 and RFC 6598 keep apart, hashes of the words
"tearmann-invented-<n>". No narrative describes anything.
"""
