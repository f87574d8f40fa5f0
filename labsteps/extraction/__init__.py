"""A folder of audio to a data set in the lab's layout, however many files it has and whatever is wrong with some."""
