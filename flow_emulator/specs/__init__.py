"""Adobe's connection and flow specs, and the checks of parameters against them."""
