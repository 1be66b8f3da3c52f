"""Business logic as pure functions from DataFrames to DataFrames; nothing here reads or writes."""
