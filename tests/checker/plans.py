"""Does the JSON that `plan` printed hold? Everything is computed again from the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.checker import files
from tests.checker.eligible import Criteria, eligible
from tests.checker.plan_oracle import Copy, Limits, Want, parcel_cost, unavailable
from tests.checker.shipping import FREE, ShippingTerms

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """The command's options, as they were typed."""

    listings: Path
    wants: Path
    answer: str
    currency: str
    budget: str | None = None
    max_sellers: int | None = None
    premium: str | None = None
    deadline: str | None = None
    criteria: Criteria = field(default_factory=Criteria)
    policies: Path | None = None
    ships_to: str | None = None
    unknown_free: bool = False

    def options(self) -> list[str]:
        """The same on the command line."""
        words: list[object] = [
            "--listings", self.listings, "--wants", self.wants, "--answer", self.answer,
            "--currency", self.currency,
        ]  # fmt: skip
        optional = {
            "--budget": self.budget,
            "--max-sellers": self.max_sellers,
            "--premium": self.premium,
            "--deadline": self.deadline,
            "--policies": self.policies,
            "--ships-to": self.ships_to,
            "--unknown-shipping": "free" if self.unknown_free else None,
        }
        words += [word for pair in optional.items() if pair[1] is not None for word in pair]
        return [*map(str, words), *self.criteria.options()]


@dataclass(frozen=True)
class Market:
    """What the files offer and ask."""

    copies: tuple[Copy, ...]
    wants: tuple[Want, ...]
    limits: Limits
    shipping_terms: Mapping[str, ShippingTerms]

    @property
    def considered(self) -> tuple[Copy, ...]:
        """Copies of the sellers with shipping."""
        return tuple(copy for copy in self.copies if copy.seller in self.shipping_terms)


def market(asked: Asked, rates: Mapping[str, str] | None = None) -> Market:
    """The files read again; `rates` into the currency asked for."""
    money = files.Money(asked.currency, {name: Decimal(str(rate)) for name, rate in (rates or {}).items()})
    wants = files.scored(asked.wants)
    passed = eligible(
        [listing for listing in files.listings(asked.listings) if listing.release in wants],
        asked.criteria,
        money,
    )
    sellers = sorted({listing.seller for listing in passed})
    shipping_terms: dict[str, ShippingTerms] = {}
    if asked.policies is None or asked.unknown_free:
        shipping_terms = dict.fromkeys(sellers, FREE)
    if asked.policies is not None:
        shipping_terms |= files.shipping_terms(asked.policies, asked.ships_to or "", money, sellers)
    names = {
        group: number for number, group in enumerate(sorted({want.group or "" for want in wants.values()}))
    }
    return Market(
        tuple(_copy(listing, money, shipping_terms, asked) for listing in passed),
        tuple(
            Want(want.release, want.score, want.must, want.copies, names[want.group] if want.group else None)
            for want in wants.values()
        ),
        Limits(
            None if asked.budget is None else money.minor(Decimal(asked.budget), asked.currency),
            asked.max_sellers,
            Fraction(asked.premium or "0.05"),
        ),
        shipping_terms,
    )


def _copy(
    listing: files.Listing, money: files.Money, shipping_terms: Mapping[str, ShippingTerms], asked: Asked
) -> Copy:
    into = shipping_terms.get(listing.seller, FREE).currency or asked.currency
    return Copy(
        listing.listing,
        listing.seller,
        listing.release,
        money.minor(listing.price, listing.currency),
        money.minor(listing.price, listing.currency, into),
        listing.quantity,
        listing.grams,
    )


def check(asked: Asked, answer: Json) -> Market:
    """Fails by assertion where the answer says something that the files do not bear out."""
    found = market(asked, (answer.get("rates") or {}).get("values"))
    assert (answer["answer"], answer["currency"]) == (asked.answer, asked.currency)
    bought = Counter[int]()
    for order in answer["orders"]:
        bought += _check_order(found, order)
    sellers = [order["seller"] for order in answer["orders"]]
    assert len(sellers) == len(set(sellers))
    assert asked.max_sellers is None or len(sellers) <= asked.max_sellers
    total = sum(order["total_minor"] for order in answer["orders"])
    assert answer["total_minor"] == total
    assert found.limits.budget is None or total <= found.limits.budget
    _check_coverage(found, bought, answer)
    _check_proof(answer, total)
    return found


def _check_order(found: Market, order: Json) -> Counter[int]:
    """The copies of each release in a parcel whose sums were computed again."""
    by_id = {copy.listing: copy for copy in found.considered if copy.seller == order["seller"]}
    listed, counts = order["listing_ids"], order["quantities"]
    assert listed == sorted(set(listed))
    lines = [(by_id[listing], count) for listing, count in zip(listed, counts, strict=True)]
    assert lines
    assert all(1 <= count <= copy.quantity for copy, count in lines)
    total = parcel_cost(lines, found.shipping_terms[order["seller"]])
    merchandise = sum(copy.price * count for copy, count in lines)
    assert total is not None, f"the parcel of {order['seller']} cannot be sent"
    assert order["items"] == sum(counts)
    assert order["merchandise_minor"] == merchandise
    assert order["shipping_minor"] == total - merchandise
    assert order["total_minor"] == total
    bought: Counter[int] = Counter()
    for copy, count in lines:
        bought[copy.release] += count
    return bought


def _check_coverage(found: Market, bought: Counter[int], answer: Json) -> None:
    """A want is covered with all its copies, nothing beyond is bought, a group counts once."""
    by_release = {want.release: want for want in found.wants}
    assert all(by_release[release].copies == count for release, count in bought.items())
    covered = set(bought)
    groups = [by_release[release].group for release in covered if by_release[release].group is not None]
    assert len(groups) == len(set(groups))
    assert answer["covered"] == len(covered)
    assert answer["wanted"] == len({_own_group(want) for want in found.wants})
    assert answer["score_sum_micro"] == sum(by_release[release].score for release in covered)
    assert all(want.release in covered for want in found.wants if want.must)
    missing = unavailable(found.copies, found.wants)
    assert sorted(answer["unavailable"]) == sorted(missing)
    rest = {want.release for want in found.wants} - covered - missing
    assert set(answer["left_out"]) <= rest
    assert {release for release in rest if by_release[release].group not in groups} <= set(answer["left_out"])


def _own_group(want: Want) -> tuple[str, int]:
    return ("alone", want.release) if want.group is None else ("group", want.group)


def _check_proof(answer: Json, total: int) -> None:
    """The bound is on the answer's good side, and the gap is what lies between them."""
    proof = answer["proof"]
    if answer["answer"] == "most":
        reached, bound = answer["score_sum_micro"], proof["bound_micro"]
        assert bound >= reached
        gap = (bound - reached) / bound if bound else 0.0
    else:
        bound = proof["bound_minor"]
        assert bound <= total
        gap = (total - bound) / total if total else 0.0
    assert proof["status"] in {"optimal", "within"}
    if proof["status"] == "optimal":
        assert proof["gap"] == 0
        assert answer["answer"] == "fewest" or gap == 0
    else:
        assert proof["gap"] > 0
