"""The made-up world: everything in it by id and name, and the changes that can be made to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

from discogs_sandbox.world.artists_and_labels import VARIOUS, make_artists, make_labels
from discogs_sandbox.world.collectors import END, make_collectors
from discogs_sandbox.world.entities import Account, Artist, Item, Label, Listing, Order, Release, Want, Work
from discogs_sandbox.world.grades import NEAR_MINT
from discogs_sandbox.world.orders import make_orders
from discogs_sandbox.world.pressings import PressingMaker, Pressings, count_without_master
from discogs_sandbox.world.prices import Price
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.sellers import SHOP_SIZES, make_sellers, stock, stock_sizes
from discogs_sandbox.world.shipping import parcel_price
from discogs_sandbox.world.tastes import TasteMap
from discogs_sandbox.world.works import WorkMaker

_UNSAFE_TITLE = 'Love & <script>alert("B-side")</script>'
_FIRST_LISTING = 2_100_000_000
_VANISHED = ("gone_digger", "left.the.building", "deleted-user")


class NotFoundError(Exception):
    """Something that the world does not have, with the sentence that Discogs answers."""


class World:
    """A made-up Discogs, the same for the same seed and sizes on every machine."""

    def __init__(
        self,
        seed: int,
        *,
        works: tuple[Work, ...],
        artists: tuple[Artist, ...],
        labels: tuple[Label, ...],
        pressings: Pressings,
        tastes: TasteMap,
    ) -> None:
        self.seed = seed
        self.works = works
        self.artists = {artist.id: artist for artist in (VARIOUS, *artists)}
        self.labels = {label.id: label for label in labels}
        self.releases = pressings.releases
        self.masters = pressings.masters
        self.accounts: dict[str, Account] = {}
        self.listings: dict[int, Listing] = {}
        self.orders: dict[str, Order] = {}
        self.copies: dict[int, tuple[int, ...]] = {}
        self.vanished: set[str] = set(_VANISHED)
        self.challenged: set[int] = set(list(self.releases)[7:8])
        self.now = END
        self.hours = 0
        self.changes = 0
        self.tastes = tastes
        self._next_instance = 1_900_000_000
        self._next_listing = 3_900_000_000

    @classmethod
    def generate(
        cls,
        seed: int = 1,
        *,
        releases: int = 3000,
        users: int = 300,
        sellers: int = 150,
        listings: int | None = None,
        artists: int | None = None,
        labels: int | None = None,
        masters: int | None = None,
        shops: tuple[int, int] = SHOP_SIZES,
    ) -> World:
        """A world of these sizes; those that are left out scale with the number of releases and sellers.

        `shops` are the copies of the smallest and of the largest seller.
        """
        masters = max(1, releases * 3 // 5) if masters is None else masters
        made_artists = make_artists(seed, max(20, releases * 2 // 15) if artists is None else artists)
        made_labels = make_labels(seed, max(12, releases * 2 // 75) if labels is None else labels)
        maker = WorkMaker(seed, made_artists, made_labels)
        singles = max(0, min(count_without_master(releases), releases - masters))
        works = [maker.make() for _ in range(masters + singles)]
        works[masters // 2] = replace(works[masters // 2], title=_UNSAFE_TITLE)
        all_works = tuple(works)
        pressings = PressingMaker(seed, made_labels).make(all_works, releases, masters)
        tastes = TasteMap(all_works, list(pressings.releases.values()))
        world = cls(
            seed,
            works=all_works,
            artists=made_artists,
            labels=made_labels,
            pressings=pressings,
            tastes=tastes,
        )
        world._populate(users, sellers, sellers * 400 // 3 if listings is None else listings, shops)
        return world

    def _populate(self, users: int, sellers: int, listings: int, bounds: tuple[int, int]) -> None:
        buyers = make_collectors(self.seed, users, self.tastes)
        for account in buyers:
            self.accounts[account.name] = account
        shops = make_sellers(self.seed, sellers)
        sizes = stock_sizes(sellers, listings, bounds, SeededRandom(self.seed, "stock sizes"))
        first = _FIRST_LISTING
        for index, (seller, size) in enumerate(zip(shops, sizes, strict=True)):
            offered = stock(
                SeededRandom(self.seed, "stock", index), seller, size, self.tastes, first_id=first
            )
            first += size * 7
            seller.listings = tuple(listing.id for listing in offered)
            self.listings.update((listing.id, listing) for listing in offered)
            self.accounts[seller.name] = seller
        self._count_copies()
        self.orders = make_orders(self.seed, buyers, shops, self._owned, self.shipping)

    def _owned(self, account: Account) -> list[Release]:
        return [self.releases[item.release] for item in account.items]

    def _count_copies(self) -> None:
        copies: dict[int, list[int]] = defaultdict(list)
        for listing in self.listings.values():
            copies[listing.release].append(listing.id)
        self.copies = {release: tuple(ids) for release, ids in copies.items()}

    @property
    def collectors(self) -> list[Account]:
        """The accounts without a shop, in the order in which they were made."""
        return [account for account in self.accounts.values() if account.shop is None]

    @property
    def sellers(self) -> list[Account]:
        """The accounts with a shop."""
        return [account for account in self.accounts.values() if account.shop is not None]

    @property
    def demo_user(self) -> str:
        """A collector with a public collection of 140 records or so and a public wantlist."""
        return self.collectors[0].name

    def account(self, name: str) -> Account:
        """The account of that name, whatever its case; `NotFoundError` for one unknown or gone."""
        account = self.accounts.get(name) or self._folded(name)
        if account is None or account.name in self.vanished:
            raise NotFoundError("User does not exist or may have been deleted.")
        return account

    def _folded(self, name: str) -> Account | None:
        folded = name.casefold()
        return next((a for a in self.accounts.values() if a.name.casefold() == folded), None)

    def work_of(self, release: Release) -> Work:
        """The work that this is a pressing of."""
        return self.works[release.work]

    def for_sale(self, release_id: int) -> list[Listing]:
        """The copies of a release that can be bought now."""
        found = (self.listings[number] for number in self.copies.get(release_id, ()))
        return [listing for listing in found if listing.status == "For Sale"]

    def offered_by(self, account: Account) -> list[Listing]:
        """The copies of a seller that can be bought now."""
        found = (self.listings[number] for number in account.listings)
        return [listing for listing in found if listing.status == "For Sale"]

    def shipping(self, seller: Account, country: str, copies: Sequence[Listing]) -> Price | None:
        """What the seller charges for sending these copies in one parcel; None where it is not sent there."""
        if seller.shop is None:
            return None
        price = parcel_price(
            seller.shop.policies,
            country,
            items=len(copies),
            grams=sum(self.releases[copy.release].grams for copy in copies),
            merchandise=sum((copy.price.amount for copy in copies), Decimal(0)),
        )
        return None if price is None else Price(price, seller.shop.currency)

    def tick(self) -> datetime:
        """Move the world's time one second on, so that each change is newer than all before it."""
        self.changes += 1
        self.now += timedelta(seconds=1)
        return self.now

    def add_item(self, user: str, release_id: int, *, folder: int = 1, added: datetime | None = None) -> Item:
        """Add a copy to a collection, now or at `added`; returns it with its new instance."""
        account, release = self.account(user), self._release(release_id)
        self._next_instance += 1
        now = self.tick()
        item = Item(self._next_instance, release.id, folder, 0, added or now, None, None, "")
        account.items = (*account.items, item)
        return item

    def remove_item(self, user: str, instance: int) -> None:
        """Remove one copy from a collection."""
        account = self.account(user)
        if all(item.instance != instance for item in account.items):
            raise NotFoundError(f"{user} has no copy {instance}.")
        self.tick()
        account.items = tuple(item for item in account.items if item.instance != instance)

    def add_want(self, user: str, release_id: int, *, notes: str = "", rating: int = 0) -> Want:
        """Put a release on a wantlist, or change its entry there, which keeps its date."""
        account, release = self.account(user), self._release(release_id)
        old = next((want for want in account.wants if want.release == release.id), None)
        now = self.tick()
        want = Want(release.id, rating, old.added if old else now, notes)
        account.wants = (*(w for w in account.wants if w.release != release.id), want)
        return want

    def remove_want(self, user: str, release_id: int) -> None:
        """Remove a release from a wantlist."""
        account = self.account(user)
        if all(want.release != release_id for want in account.wants):
            raise NotFoundError(f"{user} does not want release {release_id}.")
        self.tick()
        account.wants = tuple(want for want in account.wants if want.release != release_id)

    def offer(self, user: str, release_id: int, amount: Decimal, media: str = NEAR_MINT) -> Listing:
        """A seller lists a copy, for `amount` in the seller's currency."""
        seller, release = self.account(user), self._release(release_id)
        if seller.shop is None:
            raise NotFoundError(f"{user} has no shop.")
        if release.blocked:
            raise NotFoundError(f"Release {release_id} may not be sold.")
        number, price = self.next_listing_id(), Price(amount, seller.shop.currency)
        listing = Listing(number, user, release.id, price, media, media, "", self.now, offers=False)
        self.add_listing(listing)
        return listing

    def next_listing_id(self) -> int:
        """A number that no listing has had."""
        self._next_listing += 1
        return self._next_listing

    def add_listing(self, listing: Listing) -> None:
        """Show a seller's new copy."""
        seller = self.accounts[listing.seller]
        self.listings[listing.id] = listing
        seller.listings = (*seller.listings, listing.id)
        self.copies[listing.release] = (*self.copies.get(listing.release, ()), listing.id)
        self.tick()

    def sell(self, listing_id: int) -> None:
        """Somebody buys that copy."""
        self._change(listing_id, replace(self._listing(listing_id), status="Sold"))

    def change_price(self, listing_id: int, amount: Decimal) -> None:
        """The seller asks another price, in the listing's currency."""
        listing = self._listing(listing_id)
        self._change(listing_id, replace(listing, price=Price(amount, listing.price.currency)))

    def withdraw(self, listing_id: int) -> None:
        """The seller deletes the listing; it answers 404 from then on."""
        listing = self._listing(listing_id)
        seller = self.accounts[listing.seller]
        seller.listings = tuple(number for number in seller.listings if number != listing_id)
        self.copies[listing.release] = tuple(n for n in self.copies[listing.release] if n != listing_id)
        del self.listings[listing_id]
        self.tick()

    def vanish(self, user: str) -> None:
        """The user leaves: all their pages answer 404, their listings stay."""
        self.vanished.add(self.account(user).name)
        self.tick()

    def _change(self, listing_id: int, listing: Listing) -> None:
        self.listings[listing_id] = listing
        self.tick()

    def _listing(self, listing_id: int) -> Listing:
        if listing_id not in self.listings:
            raise NotFoundError(f"There is no listing {listing_id}.")
        return self.listings[listing_id]

    def _release(self, release_id: int) -> Release:
        if release_id not in self.releases:
            raise NotFoundError("Release not found.")
        return self.releases[release_id]


def token_of(name: str) -> str:
    """The personal token of a user of the sandbox: "sandbox-" and the name, percent-encoded where needed."""
    return f"sandbox-{quote(name, safe='')}"
