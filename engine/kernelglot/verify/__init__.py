"""Is a translation right, and how do we know: cases, inputs, sandboxed emulation, comparison, verdict."""
