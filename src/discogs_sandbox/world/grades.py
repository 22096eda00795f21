"""Goldmine grades of records and sleeves, in Discogs' words."""

from __future__ import annotations

POOR = "Poor (P)"
FAIR = "Fair (F)"
GOOD = "Good (G)"
GOOD_PLUS = "Good Plus (G+)"
VERY_GOOD = "Very Good (VG)"
VERY_GOOD_PLUS = "Very Good Plus (VG+)"
NEAR_MINT = "Near Mint (NM or M-)"
MINT = "Mint (M)"

GRADES = (POOR, FAIR, GOOD, GOOD_PLUS, VERY_GOOD, VERY_GOOD_PLUS, NEAR_MINT, MINT)
"""From worst to best."""

GENERIC = "Generic"
NOT_GRADED = "Not Graded"
NO_COVER = "No Cover"
"""These three are of sleeves only."""
