"""The tools, one per file. What they ask is in `queries`, how a row is written in `lines`."""
