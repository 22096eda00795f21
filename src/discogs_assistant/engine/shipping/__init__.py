"""What a parcel costs: policies as exact integers, and estimates where none is known."""
