"""Discogs' short form of a release's formats, such as "2xLP, Album, RE + CD"."""

from __future__ import annotations

import re

from discogs_assistant.model.caching import remembered
from discogs_assistant.model.release import Format

# Discogs' short forms of media; beside each the description that Discogs adds to it.
_MEDIA: dict[str, tuple[str, str | None]] = {
    **{f'{size}"': ("Vinyl", f'{size}"') for size in (5, 6, 7, 8, 9, 10, 11, 12, 16)},
    **{
        name: (name, None)
        for name in (
            "Vinyl", "CD", "CDr", "CDV", "Cassette", "DVD", "DVDr", "Blu-ray", "File", "VHS", "SACD",
            "Shellac", "Acetate", "Flexi-disc", "Lathe Cut", "Box Set", "Reel-To-Reel", "8-Track Cartridge",
            "Minidisc", "Laserdisc", "All Media", "DAT", "DCC", "Hybrid", "Memory Stick", "Floppy Disk",
            "Cylinder", "Pathé Disc", "Edison Disc", "4-Track Cartridge", "Microcassette", "HD DVD", "UMD",
        )
    },
    "LP": ("Vinyl", "LP"),
    "Cass": ("Cassette", None),
    "DVD-V": ("DVD", "DVD-Video"),
    "DVD-A": ("DVD", "DVD-Audio"),
    "DVDr-V": ("DVDr", "DVD-Video"),
    "HDCD": ("CD", "HDCD"),
    "Box": ("Box Set", None),
    "Flexi": ("Flexi-disc", None),
    "Lathe": ("Lathe Cut", None),
    "Reel": ("Reel-To-Reel", None),
    "8-Trk": ("8-Track Cartridge", None),
    "MD": ("Minidisc", None),
    "Laser": ("Laserdisc", None),
    "USB": ("Memory Stick", None),
    "Floppy": ("Floppy Disk", None),
    "Blu": ("Blu-ray", None),
}  # fmt: skip
_DESCRIPTIONS: dict[str, str] = {
    **{
        name: name
        for name in (
            "Album", "EP", "Single", "Maxi-Single", "Mini-Album", "Compilation", "Sampler", "Promo",
            "Reissue", "Remastered", "Repress", "Limited Edition", "Numbered", "Mono", "Stereo", "Mixed",
            "Mixtape", "LP", "33 ⅓ RPM", "45 RPM", "78 RPM", "Picture Disc", "Etched", "Shape", "Enhanced",
            "Test Pressing", "White Label", "Unofficial Release", "Single Sided", "Club Edition",
            "Deluxe Edition", "Special Edition", "Misprint", "NTSC", "PAL", "FLAC", "MP3", "WAV", "Styrene",
            "Multichannel", "Quadraphonic", "Business Card", "Record Store Day", "Transcription",
        )
    },
    "Comp": "Compilation", "RE": "Reissue", "RM": "Remastered", "RP": "Repress", "Ltd": "Limited Edition",
    "Num": "Numbered", "MiniAlbum": "Mini-Album", "Maxi": "Maxi-Single", "Smplr": "Sampler",
    "W/Lbl": "White Label", "TP": "Test Pressing", "Unofficial": "Unofficial Release",
    "S/Sided": "Single Sided", "Pic": "Picture Disc", "Etch": "Etched", "Enh": "Enhanced",
    "Club": "Club Edition", "Dlx": "Deluxe Edition", "S/Edition": "Special Edition", "Mispress": "Mispress",
    "Quad": "Quadraphonic", "P/Mixed": "Partially Mixed", "P/Unofficial": "Partially Unofficial",
    "RSD": "Record Store Day", "Copy Prot.": "Copy Protected", "S/Track": "Soundtrack",
}  # fmt: skip
_QUANTITY = re.compile(r"(\d{1,3})\s?[x×]\s?(.+)", re.ASCII)
_MOST_FORMATS = 50


@remembered
def parse_formats(text: str) -> tuple[Format, ...]:
    """The formats of a short form; words that are no known medium or description are free text."""
    pieces = [piece.strip() for piece in text.split(" + ")[:_MOST_FORMATS]]
    return tuple(_format(piece) for piece in pieces if piece.strip(" ,"))


def _format(piece: str) -> Format:
    quantity, words = 1, [word.strip() for word in piece.split(",") if word.strip()]
    counted = _QUANTITY.fullmatch(words[0])
    if counted:
        quantity, words[0] = max(1, int(counted[1])), counted[2]
    medium = next((word for word in words if word in _MEDIA), None)
    name, description = _MEDIA[medium] if medium else ("All Media", None)
    rest = [word for word in words if word != medium]
    known = [_DESCRIPTIONS[word] for word in rest if word in _DESCRIPTIONS]
    free = [word for word in rest if word not in _DESCRIPTIONS]
    descriptions = [description, *known] if description else known
    return Format(name, quantity, tuple(dict.fromkeys(descriptions)), ", ".join(free) or None)
