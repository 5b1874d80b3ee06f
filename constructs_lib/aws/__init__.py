"""Trust policies for AWS."""
