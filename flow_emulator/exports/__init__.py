"""The rows of datasets, and the files that due runs write of them in the layout that Adobe documents.

Runs write files only when the store has an export folder (:mod:`flow_emulator.exports.run_export`).
"""
