"""A parcel's shipping and import charges in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import NextRecord
from discogs_assistant.pipelines.carts.result import (
    Cart,
    EstimatedCharges,
    SearchResult,
    ToFreeShipping,
)
from discogs_assistant.web import formatting, release_text


def shipping_sentences(document: SearchResult, cart: Cart) -> list[str]:
    """What one more record does to shipping, and what is missing until it is free."""
    return list(_sentences(document, cart))


def offers_sentence(cart: Cart, currency: Currency) -> str | None:
    """What the cart would cost if the seller took less for the copies that allow offers."""
    open_to_offers = [line.price_minor for line in cart.lines if line.allow_offers and line.price_minor]
    if not open_to_offers or cart.total_minor is None:
        return None
    total = sum(open_to_offers)
    ten, twenty = (Money(cart.total_minor - total * share // 100, currency) for share in (10, 20))
    takes = "record takes" if len(open_to_offers) == 1 else "records take"
    return f"{len(open_to_offers)} {takes} offers: at 10 % less the cart costs {ten}, at 20 % less {twenty}."


def charges_sentence(charges: EstimatedCharges, currency: Currency) -> str:
    """What customs may ask, part by part, and where that is from."""
    named = {"VAT": charges.vat_minor, "duty": charges.duty_minor, "handling": charges.handling_minor}
    parts = [f"{what} {Money(minor, currency)}" for what, minor in named.items() if minor]
    what = f" ({', '.join(parts)})" if len(parts) > 1 else f" for {parts[0].split()[0]}" if parts else ""
    return (
        f"About {Money(charges.total_minor, currency)}{what} may be due on import. This is an estimate by "
        f"the rules of {charges.day.day} {charges.day:%B %Y}; carts are ordered without it. "
        f"Source: {charges.source}."
    )


def total_with_charges(cart: Cart) -> int | None:
    """A cart's total with its estimated charges, as far as there are any; None where prices have expired."""
    if cart.total_minor is None:
        return None
    return cart.total_minor + (cart.charges.total_minor if cart.charges else 0)


def _sentences(document: SearchResult, cart: Cart) -> Iterator[str]:
    if cart.shipping.further is not None:
        yield _further(cart.shipping.further, cart.items, document.currency)
    if cart.to_free_shipping is not None:
        yield _to_free(document, cart.to_free_shipping)


def _further(further: NextRecord, items: int, currency: Currency) -> str:
    if further.same_up_to is None:
        return "Further records ship for nothing more."
    if further.more_minor is None:
        end = f"The seller sends at most {formatting.count(further.same_up_to, 'record')} in a parcel."
        return end if further.same_up_to == items else f"{_same(further.same_up_to)}. {end}"
    change = _change(further.more_minor, currency)
    if further.same_up_to == items:
        return f"One more record changes shipping by {change}."
    return f"{_same(further.same_up_to)}, then {change}."


def _same(records: int) -> str:
    return f"Shipping stays the same up to {formatting.count(records, 'record')}"


def _change(minor: int, currency: Currency) -> str:
    return f"{'+' if minor >= 0 else '−'}{Money(abs(minor), currency)}"


def _to_free(document: SearchResult, free: ToFreeShipping) -> str:
    missing = f"{free.missing} more, and shipping is free"
    if free.release_id is None or free.more_minor is None:
        return f"{missing}."
    release = document.releases[free.release_id]
    record = f"{release_text.artists(release)} – {release.title}"
    amount = Money(abs(free.more_minor), document.currency)
    costs = f"costs {amount} {'more' if free.more_minor >= 0 else 'less'}"
    return f"{missing}: with {record} the cart {costs}."
