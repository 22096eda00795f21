"""Plans over several sellers as their page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from discogs_assistant.model.ids import ReleaseId, RunId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.carts.plans_result import (
    PlannedOrder,
    PlannedWant,
    PlansResult,
    PurchasePlan,
)
from discogs_assistant.pipelines.carts.result import CartLine, PriceFloor
from discogs_assistant.web import formatting, release_text
from discogs_assistant.web.carts.parcel_view import charges_sentence
from discogs_assistant.web.catalogue.printed_artists import Artists
from discogs_assistant.web.forms import Form

TITLES = {"cheapest": "Cheapest", "most": "Most for the budget", "fewest": "Fewest parcels"}
_STATES = {
    "covered": "in the plan",
    "left_out": "left out",
    "unknown_shipping": "shipping unknown",
    "unavailable": "no known seller has it",
}


@dataclass(frozen=True, slots=True)
class PlanView:
    """A run's plans, of which an address chose one: `answer` names it, or None for a point of the curve.

    `document` are the plans found so far; None before the first. `overrides` are those that gave it, as an
    address carries them; `covers` and `artists` are by release.
    """

    document: PlansResult | None
    run: RunId
    answer: str | None
    plan: PurchasePlan | None
    overrides: str = ""
    covers: Mapping[int, str] | None = None
    artists: Artists = field(default_factory=dict)

    @property
    def answers(self) -> list[tuple[str, str, PurchasePlan]]:
        """Name, title and plan of each existing answer."""
        answers = self.document.answers if self.document else {}
        return [(name, title, answers[name]) for name, title in TITLES.items() if name in answers]

    @property
    def title(self) -> str:
        """The title of the plan that is shown."""
        if self.answer is not None:
            return TITLES[self.answer]
        return f"At most {formatting.count(self.plan.parcels, 'parcel')}" if self.plan else ""

    @property
    def tail(self) -> str:
        """The query that keeps the overrides in an address."""
        return f"?{self.overrides}" if self.overrides else ""

    @property
    def choice(self) -> str:
        """The plan shown, and the overrides, as an address carries them."""
        if self.answer is None and self.plan is not None:
            return self._query(f"parcels={self.plan.parcels}")
        return self._query(f"answer={self.answer}")

    def address(self, answer: str) -> str:
        """The address of another answer."""
        return f"/carts/{self.run}/plan{self._query(f'answer={answer}')}"

    def point(self, parcels: int) -> str:
        """The address of a point of the curve."""
        return f"/carts/{self.run}/plan{self._query(f'parcels={parcels}')}"

    @property
    def curve(self) -> list[PurchasePlan]:
        """The cheapest plan of each number of parcels, fewest first."""
        by_parcels = {plan.parcels: plan for plan in (self.document.curve if self.document else ())}
        return [by_parcels[parcels] for parcels in sorted(by_parcels) if parcels]

    def charges_of(self, order: PlannedOrder) -> str | None:
        """What customs may ask for a parcel, where that is known."""
        if order.charges is None or self.document is None:
            return None
        return charges_sentence(order.charges, self.document.currency)

    @property
    def note(self) -> str:
        """What a collector gets by the plan shown, and how sure that is."""
        assert self.plan is not None and self.document is not None
        budget = formatting.money(self.document.budget_minor, self.document.currency)
        return {
            "cheapest": "Every wanted record that is for sale, at the lowest total.",
            "most": f"The records that you would love most for {budget}.",
            "fewest": "The same records as the cheapest plan in as few parcels as 5 % more can buy.",
            None: f"The most records that {formatting.count(self.plan.parcels, 'parcel')} can bring, "
            "at the lowest total.",
        }[self.answer]

    @property
    def badge(self) -> str:
        """How sure it is that no plan is better, in a few words."""
        assert self.plan is not None
        return "proven best" if self.proven else f"within {_percent(self.plan.proof.gap)} of the best"

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        assert self.plan is not None
        return self.plan.proof.status == "optimal"

    @property
    def proof(self) -> str:
        """How sure it is that no plan is better."""
        assert self.plan is not None
        if not self.proven:
            gap = _percent(self.plan.proof.gap)
            return (
                "There are so many ways to split these records between sellers that we stopped before all "
                f"were compared. Another plan may be better than this one, but by {gap} at most."
            )
        better = {
            "most": "none brings records within the budget that you would love more",
            "fewest": "none brings the same records in fewer parcels for so little more",
        }.get(self.answer or "", "none brings as many records for less")
        counted = (
            "with shipping and minimum orders"
            if self.includes_shipping
            else "with minimum orders, without shipping"
        )
        return (
            "Every way to split these records between the sellers known here was compared, "
            f"{counted}: {better}."
        )

    @property
    def includes_shipping(self) -> bool:
        """Whether totals include shipping."""
        return self.document is not None and self.document.with_shipping

    @property
    def costs(self) -> list[PlannedWant]:
        """What each record adds to the cheapest plan's total, the most expensive first."""
        rows = [want for want in self._wants if want.state in {"covered", "left_out"}]
        return sorted(rows, key=lambda want: (want.state, -(want.adds_minor or 0), want.release_id))

    @property
    def costs_known(self) -> bool:
        """Whether the effect on the total is known for any record."""
        return any(
            minor is not None
            for want in self.costs
            for minor in (want.adds_minor, want.saves_minor, want.enters_at_minor)
        )

    @property
    def unsold(self) -> list[tuple[ReleaseId, PriceFloor | None]]:
        """Wants that no known seller has, each with Discogs' lowest price where that was reported."""
        rows = [want for want in self._wants if want.state == "unavailable"]
        found = [(want.release_id, want.floor) for want in rows]
        return sorted(found, key=lambda want: (want[1] is None, want[0]))

    @property
    def shipping_unknown(self) -> list[tuple[ReleaseId, tuple[str, ...]]]:
        """Wants that only sellers with unknown shipping have, each with those sellers."""
        return [(want.release_id, want.sellers) for want in self._wants if want.state == "unknown_shipping"]

    @property
    def beyond(self) -> list[ReleaseId]:
        """Records that the plan shown leaves out, though a seller with known shipping has them."""
        if self.plan is None:
            return []
        apart = {id for id, _ in self.shipping_unknown}
        return [id for id in self.plan.left_out if id not in apart]

    def lines(self, order: PlannedOrder) -> list[tuple[CartLine, int]]:
        """The copies of a parcel, each with how many are bought."""
        return self.document.copies(order) if self.document else []

    def state(self, want: PlannedWant) -> str:
        """The state of a want, in words."""
        return _STATES[want.state]

    def record(self, release_id: ReleaseId) -> Release:
        """What is known of a record."""
        assert self.document is not None, "a plan names its records"
        return self.document.releases[release_id]

    def facts(self, release: Release) -> str:
        """A record in a line."""
        return release_text.facts(release)

    @property
    def _wants(self) -> Sequence[PlannedWant]:
        return self.document.wants if self.document else ()

    def _query(self, choice: str) -> str:
        return f"?{choice}&{self.overrides}" if self.overrides else f"?{choice}"


def chosen(plans: PlansResult | None, query: Form) -> tuple[str | None, PurchasePlan | None]:
    """The answer and the plan that an address asks for, or the first if the one asked for does not exist."""
    if not plans:
        return "cheapest", None
    for plan in plans.curve:
        if str(plan.parcels) == query.text("parcels"):
            return None, plan
    asked = query.text("answer")
    name = asked if asked in plans.answers else next(iter(plans.answers), "cheapest")
    return name, plans.answers.get(name)


def _percent(gap: float) -> str:
    return f"{max(0.1, -(-1000 * gap // 1) / 10):.1f} %"
