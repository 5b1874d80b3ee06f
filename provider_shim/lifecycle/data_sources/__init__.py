"""Looking things up, one file for each data source."""
