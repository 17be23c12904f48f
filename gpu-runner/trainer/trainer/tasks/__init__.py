"""Generated tasks, one file each: the same generator feeds the training worker and, with other seeds, the scorer."""
