"""Indian phones, names, addresses, places and identifiers in one form: pure functions over DataFrames."""
