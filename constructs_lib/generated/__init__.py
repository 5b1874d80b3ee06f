"""The L1 constructs, made by `tools/generate_constructs.py` from the resources' descriptions."""
