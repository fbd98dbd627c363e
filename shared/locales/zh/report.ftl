# The words of figures, targets, charts, exports and printed pages.
