"""HIP: the C++ dialect of AMD GPUs, so close to CUDA that CUDA text is translated in place (`host.py`)."""
