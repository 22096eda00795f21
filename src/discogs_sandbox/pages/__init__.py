"""What the web site shows: pages of copies for sale, the page that asks to sign in, and cover pictures."""
