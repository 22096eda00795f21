"""Countries by Discogs' English names, and which of them sellers count as near."""

from __future__ import annotations

EUROPEAN_UNION = (
    "Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus", "Czech Republic", "Denmark", "Estonia", "Finland",
    "France", "Germany", "Greece", "Hungary", "Ireland", "Italy", "Latvia", "Lithuania", "Luxembourg",
    "Malta", "Netherlands", "Poland", "Portugal", "Romania", "Slovakia", "Slovenia", "Spain", "Sweden",
)  # fmt: skip
COUNTRIES = (
    *EUROPEAN_UNION, "Argentina", "Australia", "Brazil", "Canada", "Chile", "China", "Colombia", "Hong Kong",
    "Iceland", "India", "Indonesia", "Israel", "Japan", "Malaysia", "Mexico", "New Zealand", "Norway",
    "Philippines", "Singapore", "South Africa", "South Korea", "Switzerland", "Taiwan", "Thailand", "Turkey",
    "Ukraine", "United Arab Emirates", "United Kingdom", "United States", "Uruguay", "Vietnam",
)  # fmt: skip
_NEAR = {"United States": ("Canada",), "Canada": ("United States",), "Australia": ("New Zealand",)}


def near(country: str) -> tuple[str, ...]:
    """The other countries that a seller in `country` sends to at a lower price than to the rest."""
    others = EUROPEAN_UNION if country in EUROPEAN_UNION else _NEAR.get(country, ())
    return tuple(other for other in others if other != country)
