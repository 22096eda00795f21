"""A stand-in Discogs with a made-up world, speaking the real wire format."""
