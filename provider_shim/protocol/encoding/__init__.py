"""Values, schemas and diagnostics as protobuf messages, and back."""
