"""The bench: sessions, runs, and the three ways to drive them (app, prompt, batch)."""
