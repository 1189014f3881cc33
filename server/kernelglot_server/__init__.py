"""The Kernelglot language server. `app` builds it; `features/` holds one LSP method a file."""
