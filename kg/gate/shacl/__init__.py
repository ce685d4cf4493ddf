"""The SHACL shapes judged exactly: affected focus nodes, reads, and pySHACL behind them."""
