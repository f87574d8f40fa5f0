"""Runs and metrics in the forms that other tools read: CSV, JSON, TensorBoard's event files."""
