"""The trusted side: holds the labels, measures, and never imports torch or a candidate."""
