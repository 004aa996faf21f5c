"""How urgent a referral is, and why: a policy of declared rules, read into bands, points and reasons.

A policy orders work and explains itself; it never closes, downgrades or names anybody. Its values are this
product's own defaults: no public rule was found to take them from, and they are not validated.
"""
