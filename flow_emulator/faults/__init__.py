"""Faults on purpose: the service answers late, wrongly or not at all, where and when a test wants it.

``rules`` says what a fault is, ``ledger`` keeps faults in the store and decides whom they hit, ``effects``
does to a request what they say, ``breakage`` breaks the connection, ``files`` is for the command line.
"""
