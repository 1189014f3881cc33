"""The passes: IR -> IR, one file a pass."""
