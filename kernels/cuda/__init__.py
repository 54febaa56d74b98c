"""The kernels on a GPU: the same passes and tails, with one block, or for short rows one thread, per row."""
