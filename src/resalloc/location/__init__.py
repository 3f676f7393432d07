"""Where to open sites: the classical location problems on arrays, solved to a proof."""
