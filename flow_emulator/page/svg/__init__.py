"""The pictures of the page: the graph of connections and flows, the timeline of runs."""
