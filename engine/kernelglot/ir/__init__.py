"""What a kernel is: nodes, types, spans and the arithmetic on them. Imports nothing of ours."""
