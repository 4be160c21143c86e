"""The tools, one per file. What they ask is in `queries`, what they mean by it in `search` and `readiness`."""
