"""Reading uploaded files, in processes of their own."""
