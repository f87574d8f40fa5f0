"""Looking inside the network of 7.1α without torch: its forward pass, and what a run keeps of it."""
