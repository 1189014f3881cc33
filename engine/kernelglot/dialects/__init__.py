"""Everything about one platform lies in one folder: facts in ``dialect.toml``, semantics in ``intrinsics/``, printers in ``emit.py``."""
