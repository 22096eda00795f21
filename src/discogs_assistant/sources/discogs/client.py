"""Discogs' web API as functions that return model objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from discogs_assistant.errors import BadInputError, NotFoundError
from discogs_assistant.model.ids import (
    ArtistId,
    LabelId,
    ListingId,
    MasterId,
    OwnerId,
    ReleaseId,
    RunId,
    UserName,
    printable,
)
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import Page
from discogs_assistant.model.profile import CollectionItem, DiscogsUser, Folder, Identity, Want
from discogs_assistant.model.release import Discography, MarketStats, Master, Release, SearchHit
from discogs_assistant.model.shipping import Order, OrderNumber, ShippingReport
from discogs_assistant.sources.discogs.api import DiscogsApi, Params
from discogs_assistant.sources.discogs.paging import ASCENDING
from discogs_assistant.sources.discogs.refusals import GOOD, Subject
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_lists import read_discography, read_hit, read_page
from discogs_assistant.sources.discogs.wire_market import Offer, read_listing, read_stats, unknown_parts
from discogs_assistant.sources.discogs.wire_order import read_order
from discogs_assistant.sources.discogs.wire_profile import (
    NOTE_FIELDS,
    read_collection_item,
    read_folders,
    read_identity,
    read_note_fields,
    read_user,
    read_want,
)
from discogs_assistant.sources.discogs.wire_release import (
    ReleasePage,
    read_master,
    read_release,
    read_release_page,
)
from discogs_assistant.sources.discogs.wire_shipping import read_shipping, refused_shipping

PER_PAGE = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to search for; `kind` is release, master, artist or label."""

    text: str | None = None
    kind: str = "release"
    artist: str | None = None
    label: str | None = None
    genre: str | None = None
    style: str | None = None
    year: int | None = None
    country: str | None = None
    format: str | None = None

    @property
    def params(self) -> dict[str, str | int]:
        """The parameters that are given."""
        given = {name: getattr(self, name) for name in self.__slots__ if name not in {"text", "kind"}}
        return {"type": self.kind} | {k: v for k, v in ({"q": self.text} | given).items() if v is not None}


class DiscogsClient:
    """One account's view of Discogs; any number of threads may share it.

    Every function may raise the errors of `errors`: `NotFoundError`, `PrivateError`, `SignInNeededError`,
    `TokenRefusedError`, `RateLimitedError`, `BlockedError`, `UnreachableError`, `UnexpectedAnswerError`.
    """

    def __init__(self, api: DiscogsApi) -> None:
        self._api = api

    @property
    def signed_in(self) -> bool:
        """True where requests carry a token."""
        return self._api.signed_in

    def identity(self) -> Identity:
        """Whose token it is; `TokenRefusedError` for a bad one, `SignInNeededError` without one."""
        return read_identity(self._get("/oauth/identity", Subject("who the token belongs to")))

    def user(self, name: UserName) -> DiscogsUser:
        """A user's page; a count that is None belongs to a private list."""
        return read_user(self._get(f"/users/{_segment(name)}", Subject(f"the user “{printable(name)}”")))

    def folders(self, name: UserName) -> tuple[Folder, ...]:
        """The folders of a collection; others than its owner see folder 0 only."""
        return read_folders(self._get(f"/users/{_segment(name)}/collection/folders", _collection(name)))

    def note_fields(self, name: UserName) -> dict[int, str]:
        """The names of a collection's note fields by id."""
        return read_note_fields(self._get(f"/users/{_segment(name)}/collection/fields", _collection(name)))

    def collection_page(
        self,
        name: UserName,
        page: int,
        *,
        order: str = ASCENDING,
        folders: Mapping[int, str] | None = None,
        note_fields: Mapping[int, str] | None = None,
    ) -> Page[CollectionItem]:
        """100 copies of a collection by the time they were added; empty past the end."""
        return self._page(
            f"/users/{_segment(name)}/collection/folders/0/releases",
            _collection(name),
            "releases",
            lambda item: read_collection_item(item, folders or {}, note_fields or NOTE_FIELDS),
            {"page": page, "sort": "added", "sort_order": order},
        )

    def wants_page(self, name: UserName, page: int, *, order: str = ASCENDING) -> Page[Want]:
        """100 wants by the time they were added; empty past the end."""
        return self._page(
            f"/users/{_segment(name)}/wants",
            Subject(_wantlist(name), may_be_private=True),
            "wants",
            read_want,
            {"page": page, "sort": "added", "sort_order": order},
        )

    def want(self, name: UserName, release_id: ReleaseId) -> Want:
        """Add a release to the wantlist of the token's owner; one already on it stays.

        `NotFoundError` if Discogs does not have the release, `PrivateError` for another person's token.
        """
        put = self._api.put(_want(name, release_id), _on_wantlist(name, release_id))
        return read_want(Fields(put, ""))

    def unwant(self, name: UserName, release_id: ReleaseId) -> None:
        """Remove a release from the wantlist of the token's owner; does nothing if it is not on it.

        If no answer came and the request is sent again, the first one may already have removed it.
        """
        with suppress(NotFoundError):
            self._api.delete(_want(name, release_id), _on_wantlist(name, release_id))

    def inventory_page(self, seller: str, page: int, *, order: str = ASCENDING) -> Page[Offer]:
        """100 copies that a seller offers, by price; of another seller 100 pages at most."""
        as_of = self._api.now()
        return self._page(
            f"/users/{_segment(seller)}/inventory",
            Subject(f"the inventory of “{printable(seller)}”", may_be_private=True),
            "listings",
            lambda item: read_listing(item, as_of=as_of, origin=Origin.INVENTORY),
            {"page": page, "status": "For Sale", "sort": "price", "sort_order": order},
            unknown_parts,
        )

    def listing(self, listing_id: ListingId, currency: Currency | None = None) -> Offer:
        """One copy for sale, which may be sold by now (`status`); `NotFoundError` where it was taken down."""
        as_of = self._api.now()
        fields = self._get(
            f"/marketplace/listings/{listing_id}", Subject(f"listing {listing_id}"), _currency(currency)
        )
        return read_listing(fields, as_of=as_of, origin=Origin.LISTING)

    def stats(self, release_id: ReleaseId, currency: Currency | None = None) -> MarketStats:
        """The price floor of a release."""
        as_of = self._api.now()
        path = f"/marketplace/stats/{release_id}"
        fields = self._get(path, Subject(f"the prices of release {release_id}"), _currency(currency))
        return read_stats(fields, release_id, as_of)

    def shipping(self, seller: str, number: int) -> ShippingReport:
        """A seller's shipping policies, by the seller's number; a refusal is a report that says so.

        Discogs does not document this address, so that a refused token means nothing elsewhere.
        """
        reported_at = self._api.now()
        status, answer = self._api.get_any(
            "/v3/marketplace/shipping/policies",
            Subject(f"the shipping policies of “{printable(seller)}”"),
            {"seller_id": number},
        )
        if status != GOOD:
            return refused_shipping(status, seller, number, reported_at)
        return read_shipping(answer, seller, number, reported_at)

    def order(self, number: OrderNumber) -> Order:
        """An own order; `PrivateError` for somebody else's, or where buyers are not shown theirs."""
        reported_at = self._api.now()
        subject = Subject(f"order {number}", may_be_private=True)
        return read_order(self._get(f"/marketplace/orders/{number}", subject), number, reported_at)

    def release(self, release_id: ReleaseId) -> Release:
        """A release with its credits."""
        return read_release(self._release(release_id, None))

    def release_page(self, release_id: ReleaseId, currency: Currency = Currency.USD) -> ReleasePage:
        """A release with its owner counts and its price floor, in one request."""
        as_of = self._api.now()
        return read_release_page(self._release(release_id, currency), as_of, currency)

    def master(self, master_id: MasterId) -> Master:
        """A work with all its pressings."""
        return read_master(self._get(f"/masters/{master_id}", Subject(f"master {master_id}")))

    def master_versions(self, master_id: MasterId, page: int = 1) -> Page[Discography]:
        """100 pressings of a master, the oldest first; empty past the end."""
        params: dict[str, str | int] = {"page": page, "sort": "released", "sort_order": ASCENDING}
        subject = Subject(f"the pressings of master {master_id}")
        return self._page(f"/masters/{master_id}/versions", subject, "versions", read_discography, params)

    def artist_releases(self, artist_id: ArtistId, page: int = 1) -> Page[Discography]:
        """100 lines of an artist's discography, the oldest first; empty past the end.

        The first pages of a long one hold what the artist is known for, the last ones mostly compilations and
        appearances; new releases go to the end, so that pages read before stay the same.
        """
        params: dict[str, str | int] = {"page": page, "sort": "year", "sort_order": ASCENDING}
        subject = Subject(f"the releases of artist {artist_id}")
        return self._page(f"/artists/{artist_id}/releases", subject, "releases", read_discography, params)

    def label_releases(self, label_id: LabelId, page: int = 1) -> Page[Discography]:
        """100 lines of a label's discography; empty past the end."""
        subject = Subject(f"the releases of label {label_id}")
        return self._page(
            f"/labels/{label_id}/releases", subject, "releases", read_discography, {"page": page}
        )

    def search(self, query: SearchQuery, page: int = 1) -> Page[SearchHit]:
        """100 hits of a search; `SignInNeededError` without a token."""
        return self._page(
            "/database/search", Subject("the search"), "results", read_hit, {**query.params, "page": page}
        )

    def _get(self, path: str, subject: Subject, params: Params | None = None) -> Fields:
        return Fields(self._api.get(path, subject, params), "")

    def _release(self, release_id: ReleaseId, currency: Currency | None) -> Fields:
        return self._get(f"/releases/{release_id}", Subject(f"release {release_id}"), _currency(currency))

    def _page(
        self,
        path: str,
        subject: Subject,
        key: str,
        read: Callable[[Fields], T],
        params: dict[str, str | int],
        remarks: Callable[[Fields], list[str]] = lambda fields: [],
    ) -> Page[T]:
        try:
            fields = self._get(path, subject, {**params, "per_page": PER_PAGE})
        except NotFoundError:
            # A list that shrank meanwhile has fewer pages; its first page tells whether it is gone.
            number = int(params["page"])
            if number == 1:
                raise
            return Page((), number, number - 1, per_page=0, total=(number - 1) * PER_PAGE)
        return read_page(fields, key, read, remarks)


ClientOf = Callable[[OwnerId, RunId | None], DiscogsClient]
"""The client of an owner; its waits are shown on the run, and end where the run was cancelled."""


def _collection(name: UserName) -> Subject:
    return Subject(f"the collection of “{printable(name)}”", may_be_private=True)


def _wantlist(name: UserName) -> str:
    return f"the wantlist of “{printable(name)}”"


def _want(name: UserName, release_id: ReleaseId) -> str:
    return f"/users/{_segment(name)}/wants/{int(release_id)}"


def _on_wantlist(name: UserName, release_id: ReleaseId) -> Subject:
    return Subject(f"release {release_id}", changing=_wantlist(name))


def _currency(currency: Currency | None) -> dict[str, str | int] | None:
    return {"curr_abbr": currency.value} if currency else None


def _segment(name: str) -> str:
    """A name as one segment of a path; httpx would resolve "." and ".."."""
    if name in {"", ".", ".."}:
        raise BadInputError(
            f"“{name}” is not a Discogs user name.", "Type the name from the profile's address."
        )
    return quote(name, safe="")
