"""The handlers: each takes a request apart, asks the models, and shapes the answer."""
