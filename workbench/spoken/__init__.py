"""Results in words and numbers, line by line, where a figure or a table's layout would say nothing."""
