"""What the made-up world is made of: artists, labels, works, pressings, accounts, copies, orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from discogs_sandbox.world.prices import Price
from discogs_sandbox.world.shipping import PolicyAnswer, ShippingPolicy


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist, or somebody who works in the studio only; `scene` and `second` are indexes in SCENES."""

    id: int
    name: str
    scene: int
    second: int | None
    fame: float
    first_year: int
    styles: tuple[str, ...]
    studio: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A label; `code` starts its catalogue numbers."""

    id: int
    name: str
    code: str
    scenes: tuple[int, ...]
    fame: float


@dataclass(frozen=True, slots=True)
class Credit:
    """An artist as printed on a work: another spelling (`anv`), the word before the next artist, the role."""

    artist: Artist
    anv: str = ""
    join: str = ""
    role: str = ""
    tracks: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A track; compilations name its own artist."""

    position: str
    title: str
    duration: str
    artist: Artist | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of music with one or more pressings; `year` 0 is unknown."""

    title: str
    artists: tuple[Credit, ...]
    credits: tuple[Credit, ...]
    tracks: tuple[Track, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    scene: int
    year: int
    label: Label
    fame: float


@dataclass(frozen=True, slots=True)
class Format:
    """What a pressing is made of."""

    name: str
    quantity: int
    descriptions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """One pressing of the work at index `work`; no `master` where it is the work's only pressing."""

    id: int
    work: int
    master: int | None
    labels: tuple[tuple[Label, str], ...]
    formats: tuple[Format, ...]
    country: str
    year: int
    barcode: str
    grams: int
    share: float
    has_image: bool
    blocked: bool
    have: int
    want: int
    worth: float

    @property
    def weighed(self) -> bool:
        """Whether Discogs states its weight; it does for nine of ten."""
        return self.id % 10 != 0

    @property
    def vinyl(self) -> bool:
        """True where its first format is vinyl."""
        return self.formats[0].name == "Vinyl"


@dataclass(frozen=True, slots=True)
class Master:
    """A work that has several pressings, or may have; the first of `releases` is the main one."""

    id: int
    work: int
    releases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One copy in a collection."""

    instance: int
    release: int
    folder: int
    rating: int
    added: datetime
    media: str | None
    sleeve: str | None
    notes: str


@dataclass(frozen=True, slots=True)
class Want:
    """One entry of a wantlist."""

    release: int
    rating: int
    added: datetime
    notes: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One copy for sale, or sold."""

    id: int
    seller: str
    release: int
    price: Price
    media: str
    sleeve: str
    comments: str
    posted: datetime
    offers: bool
    status: str = "For Sale"


@dataclass(frozen=True, slots=True)
class Shop:
    """A seller's terms, in words and as policies; `answer` is how the endpoint of policies answers."""

    rating: Decimal
    ratings: int
    currency: str
    min_order: Price | None
    terms: str
    policies: tuple[ShippingPolicy, ...]
    answer: PolicyAnswer

    @property
    def states_shipping(self) -> bool:
        """False where the seller has not filled in any policy at Discogs."""
        return self.answer is not PolicyAnswer.EMPTY


@dataclass(frozen=True, slots=True)
class Order:
    """What `buyer` bought from `seller` in one parcel; `number` is the seller's number and a count."""

    number: str
    buyer: str
    seller: str
    copies: tuple[Listing, ...]
    shipping: Price
    created: datetime


@dataclass(slots=True)
class Account:
    """A user of the made-up Discogs. Its lists are replaced, never changed in place."""

    id: int
    name: str
    country: str
    currency: str
    registered: datetime
    folders: tuple[tuple[int, str], ...] = ((0, "All"), (1, "Uncategorized"))
    private_collection: bool = False
    private_wantlist: bool = False
    items: tuple[Item, ...] = ()
    wants: tuple[Want, ...] = ()
    shop: Shop | None = None
    listings: tuple[int, ...] = ()
