"""A stand-in for Discogs: the real wire format over a made-up world.

A package of its own that shares no code with the product; contract tests compare it with recorded answers."""
