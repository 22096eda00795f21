"""Where things are on Discogs' site."""

from __future__ import annotations

from urllib.parse import quote, urlencode


class Links:
    """Addresses on Discogs' site, or on the stand-in that the settings name."""

    def __init__(self, site: str) -> None:
        self.site = site.rstrip("/")

    def release(self, release_id: int) -> str:
        """A release's own page."""
        return f"{self.site}/release/{int(release_id)}"

    def master(self, master_id: int) -> str:
        """A master's own page."""
        return f"{self.site}/master/{int(master_id)}"

    def artist(self, artist_id: int) -> str:
        """An artist's own page."""
        return f"{self.site}/artist/{int(artist_id)}"

    def label(self, label_id: int) -> str:
        """A label's own page."""
        return f"{self.site}/label/{int(label_id)}"

    def search(self, text: str) -> str:
        """Discogs' own search."""
        return f"{self.site}/search/?{urlencode({'q': text, 'type': 'release'})}"

    def copies(self, release_id: int) -> str:
        """The list of a release's copies for sale."""
        return f"{self.site}/sell/release/{int(release_id)}"

    def to_cart(self, listing_id: int) -> str:
        """Puts a listing into the visitor's cart on Discogs."""
        return f"{self.site}/sell/cart/?add={int(listing_id)}"

    def seller(self, name: str) -> str:
        """A seller's page."""
        return f"{self.site}/seller/{quote(name, safe='')}/profile"

    def user(self, name: str) -> str:
        """A user's page."""
        return f"{self.site}/user/{quote(name, safe='')}"

    def collection(self, name: str) -> str:
        """A user's collection."""
        return f"{self.site}/user/{quote(name, safe='')}/collection"

    def wants_for_sale(self) -> str:
        """The visitor's wants that are for sale."""
        return f"{self.site}/sell/mywants"

    def applications(self) -> str:
        """Where a user sees which programs may act for them."""
        return f"{self.site}/settings/applications"

    def tokens(self) -> str:
        """Where a user makes a personal token."""
        return f"{self.site}/settings/developers"
