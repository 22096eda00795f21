"""A stand-in for Discogs: the real wire format over a made-up world."""
