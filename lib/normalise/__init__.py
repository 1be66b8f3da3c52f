"""Indian phones, names, addresses, places and identifiers brought into one form: pure functions over DataFrames."""
