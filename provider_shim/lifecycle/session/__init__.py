"""The session with Flow Service that all operations of one provider process share."""
