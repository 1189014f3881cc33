"""C with AVX-512 and VNNI."""
