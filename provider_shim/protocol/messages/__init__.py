"""Protobuf messages, generated from the `.proto` files beside them."""
