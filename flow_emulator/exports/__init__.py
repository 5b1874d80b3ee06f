"""The rows of datasets, and the files that a due run writes of them, in the layout that Adobe documents.

Nothing is written unless the store names an export folder (:mod:`flow_emulator.exports.export`).
"""
