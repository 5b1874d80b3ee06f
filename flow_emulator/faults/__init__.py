"""Fault injection: late, wrong or missing responses for the requests that a test chooses.

``rules`` defines and parses faults, ``fault_store`` keeps them and decides which requests they hit,
``effects`` applies them to a request, ``response_shapes`` has the bodies, ``broken_connections`` breaks
connections.
"""
