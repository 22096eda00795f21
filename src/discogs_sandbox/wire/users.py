"""Accounts, collections and wantlists."""

from __future__ import annotations

from urllib.parse import quote

from discogs_sandbox.wire.database import DatabaseJson
from discogs_sandbox.wire.fields import API, SITE, Json, timestamp, to_json, with_links
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.world.entities import Account, Item, Want
from discogs_sandbox.world.grades import GENERIC, GRADES, NO_COVER

_FIELDS: tuple[Json, ...] = (
    {
        "id": 1,
        "name": "Media Condition",
        "type": "dropdown",
        "position": 1,
        "public": False,
        "options": list(reversed(GRADES)),
    },
    {
        "id": 2,
        "name": "Sleeve Condition",
        "type": "dropdown",
        "position": 2,
        "public": False,
        "options": [GENERIC, NO_COVER, *reversed(GRADES)],
    },
    {"id": 3, "name": "Notes", "type": "textarea", "lines": 3, "position": 3, "public": False},
)


def user_url(account: Account) -> str:
    """The address of an account in the API."""
    return f"{API}/users/{quote(account.name)}"


def user(account: Account, for_sale: int, *, owner: bool) -> Json:
    """A profile, with so many copies for sale.

    The count of a private collection or wantlist is absent for everybody else.
    """
    path, shop = user_url(account), account.shop
    rating = float(shop.rating) if shop else 0.0
    answer: Json = {
        "id": account.id,
        "resource_url": path,
        "uri": f"{SITE}/user/{quote(account.name)}",
        "username": account.name,
        "name": "",
        "home_page": "",
        "location": account.country,
        "profile": "Made up by rule for the sandbox.",
        "registered": timestamp(account.registered),
        "rank": 0.0,
        "num_pending": 0,
        "num_for_sale": for_sale,
        "num_lists": 0,
        "releases_contributed": 0,
        "releases_rated": sum(1 for item in account.items if item.rating),
        "rating_avg": 0.0,
        "inventory_url": f"{path}/inventory",
        "collection_folders_url": f"{path}/collection/folders",
        "collection_fields_url": f"{path}/collection/fields",
        "wantlist_url": f"{path}/wants",
        "avatar_url": f"{SITE}/images/U-{account.id}.svg",
        "curr_abbr": account.currency,
        "activated": True,
        "marketplace_suspended": False,
        "banner_url": "",
        "buyer_rating": 0.0,
        "buyer_rating_stars": 0.0,
        "buyer_num_ratings": 0,
        "seller_rating": rating,
        "seller_rating_stars": stars(rating),
        "seller_num_ratings": shop.ratings if shop else 0,
        "is_staff": False,
    }
    if owner or not account.private_collection:
        answer["num_collection"] = len(account.items)
    if owner or not account.private_wantlist:
        answer["num_wantlist"] = len(account.wants)
    if owner:
        answer |= {"email": f"{account.id}@sandbox.invalid", "num_unread": 0}
    return answer


def stars(rating: float) -> float:
    """A percentage as the halves of stars that Discogs shows."""
    return 0.0 if not rating else 5.0 if rating >= 99.95 else round(rating / 10) / 2


def identity(account: Account) -> Json:
    """Whose token it is."""
    return {
        "id": account.id,
        "username": account.name,
        "resource_url": user_url(account),
        "consumer_name": "Sandbox",
    }


def item(copy: Item, basic: str, *, owner: bool) -> str:
    """A copy in a collection as JSON text; the folder and the notes are for its owner only."""
    folder = f'"folder_id":{copy.folder},' if owner else ""
    fields = {1: copy.media, 2: copy.sleeve, 3: copy.notes}
    notes = [{"field_id": number, "value": value} for number, value in fields.items() if value]
    private = f',"notes":{to_json(notes)}' if owner and notes else ""
    return (
        f'{{"id":{copy.release},"instance_id":{copy.instance},{folder}"date_added":"{timestamp(copy.added)}",'
        f'"rating":{copy.rating},"basic_information":{basic}{private}}}'
    )


def want(account: Account, wanted: Want, basic: str, *, owner: bool) -> str:
    """An entry of a wantlist as JSON text; the notes are for its owner only."""
    private = f',"notes":{to_json(wanted.notes)}' if owner else ""
    return (
        f'{{"id":{wanted.release},"resource_url":"{user_url(account)}/wants/{wanted.release}",'
        f'"date_added":"{timestamp(wanted.added)}","basic_information":{basic},'
        f'"rating":{wanted.rating}{private}}}'
    )


def public_lists(
    account: Account, database: DatabaseJson, pictures: PictureAddresses, url: str
) -> tuple[list[str], list[str]]:
    """Collection and wantlist as JSON texts, as a visitor with a token reads them from a sandbox at `url`."""

    def basic(release_id: int) -> str:
        return database.basic(release_id, images=True)

    items = [item(copy, basic(copy.release), owner=False) for copy in account.items]
    wants = [want(account, wanted, basic(wanted.release), owner=False) for wanted in account.wants]
    items, wants = [pictures.signed(text) for text in items], [pictures.signed(text) for text in wants]
    return [with_links(text, url) for text in items], [with_links(text, url) for text in wants]


def folders(account: Account, *, owner: bool) -> Json:
    """The folders; everybody but the owner sees "All" alone."""
    shown = account.folders if owner else account.folders[:1]
    return {
        "folders": [
            {
                "id": number,
                "name": name,
                "count": sum(1 for item in account.items if number in {0, item.folder}),
                "resource_url": f"{user_url(account)}/collection/folders/{number}",
            }
            for number, name in shown
        ]
    }


def fields(*, owner: bool) -> Json:
    """The columns of notes; all of them are private here."""
    return {"fields": [dict(field) for field in _FIELDS] if owner else []}
