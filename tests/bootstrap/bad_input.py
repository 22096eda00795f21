"""Bad input and what it gets: `python -m tests.bootstrap.bad_input` prints the table; test_bad_input.py
checks it."""

from __future__ import annotations

import io
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tests.uploads import add_market_files, import_profile_files

from discogs_assistant.bootstrap.wiring import App, open_app
from discogs_assistant.config import Settings
from discogs_assistant.errors import AssistantError
from discogs_assistant.model.ids import parse_user_name
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.files.carts import carts_on_files
from discogs_assistant.pipelines.files.plans import plan_on_files
from discogs_assistant.sources.exchange_rates import installed_rates
from discogs_assistant.store.database import migrate, open_database

HEAD = b"listing_id,seller,release_id,price,currency,media\n"


def market(name: str, data: bytes) -> Callable[[App], object]:
    """Upload a file of copies for sale; if it has valid rows too, its problems are the answer."""

    def hand_in(app: App) -> object:
        return add_market_files(app.ctx, app.owner, [(name, data)])

    return hand_in


def listing(price: str, currency: str = "USD", media: str = "VG+") -> Callable[[App], object]:
    """A file of one listing."""
    return market("listings.csv", HEAD + f"1,somebody,2,{price},{currency},{media}\n".encode())


def collection(data: bytes) -> Callable[[App], object]:
    """Hand a collection in."""
    return lambda app: import_profile_files(app.ctx, app.owner, "paper", data, None)


def user(name: str) -> Callable[[App], object]:
    """Take a user name."""
    return lambda app: parse_user_name(name)


def budget(amount: object) -> Callable[[App], object]:
    """Ask for carts."""
    return lambda app: ShopOptions.parse({"budget": amount, "currency": "USD"})


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A zip of files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def encrypted(name: str, data: bytes) -> bytes:
    """A zip whose headers say that its file needs a password."""
    packed = bytearray(zipped((name, data)))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.find(header) + flags] |= 1
    return bytes(packed)


def sold(price: bytes) -> bytes:
    """An inventory of one copy."""
    copy = (
        b'{"id": 1, "seller": {"username": "a"}, "release": {"id": 2}, "price": {"currency": "USD", "value": '
    )
    return b'{"listings": [' + copy + price + b"}}]}"


L_CSV = "listing_id,seller,release_id,price,currency\n1,somebody,2,3.00,USD\n"
S_CSV = "release_id,score\n2,0.5\n"
W_CSV = "release_id,must\n2,\n"
P_CSV = "seller,ships_to,unit,from,to,cost,per_unit,currency,min_order\nsomebody,*,items,1,,4,1,USD,\n"


File = str | bytes | Path


def carts(
    listings: File = L_CSV, scores: File = S_CSV, policies: File = P_CSV, **options: object
) -> Callable[[App], object]:
    """Look for carts in files."""
    usual = {"budget": "10", "top": 20, "per_seller": 1, "min_items": 1, "min_orders": False}
    files: dict[str, File] = {"listings": listings, "scores": scores, "policies": policies}
    return lambda app: carts_on_files(usual | _filed(app, files) | options, SystemClock(), no_rates)


def plan(wants: File = W_CSV, **options: object) -> Callable[[App], object]:
    """Look for a plan in files."""
    files: dict[str, File] = {"listings": L_CSV, "wants": wants, "policies": P_CSV}
    return lambda app: plan_on_files(
        _filed(app, files) | {"answer": "cheapest"} | options, SystemClock(), no_rates
    )


def no_rates(target: Currency, day: date | None) -> RateTable:
    """Rates of a day before all that are held."""
    return RateTable.from_euro(installed_rates(day or date.min)[0], "test", target, {})


def _filed(app: App, files: dict[str, File]) -> dict[str, object]:
    found: dict[str, object] = {"currency": "USD", "ships_to": "US"}
    for name, file in files.items():
        found[name] = path = file if isinstance(file, Path) else app.ctx.settings.data_dir / f"{name}.csv"
        if not isinstance(file, Path):
            path.write_bytes(file if isinstance(file, bytes) else file.encode())
    return found


def newer_database(app: App) -> None:
    """A database from a newer version."""
    path = app.ctx.settings.data_dir / "newer.db"
    db = open_database(f"sqlite:///{path}")
    migrate(db)
    db.close()
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    migrate(open_database(f"sqlite:///{path}"))


def no_database(app: App) -> None:
    """A file that is no database."""
    path = app.ctx.settings.data_dir / "text.db"
    path.write_text("This is no database. " * 500, encoding="utf-8")
    migrate(open_database(f"sqlite:///{path}"))


CASES: dict[str, Callable[[App], object]] = {
    "CSV: a quote that never ends": market("l.csv", HEAD + b'1,"somebody,2,3.00,USD,M\n'),
    "CSV: a column is missing": market("l.csv", b"listing_id,seller,price\n1,a,2\n"),
    "CSV: a million columns": market("l.csv", b"a," * 1_000_000),
    "CSV: NUL bytes": collection(b"release_id,Artist\n1\x00,A\n"),
    "CSV: an empty file": collection(b""),
    "CSV: a picture": collection(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "JSON: broken": market("i.json", b'{"listings": [{'),
    "JSON: something else": market("i.json", b'{"hello": "world"}'),
    "HTML: not a sell page": market("p.html", b"<!doctype html><html><body><p>Hello</p></body></html>"),
    "HTML: a bot check": market(
        "p.html",
        b"<!doctype html><html><title>Just a moment...</title><body>challenge-platform</body></html>",
    ),
    "HTML: UTF-16 without its mark": market("p.html", "<html><body>x</body></html>".encode("utf-16-le")),
    "CSV: Latin-1": market("l.csv", HEAD + "1,Björk,2,3.00,USD,M\n".encode("latin-1")),
    "CSV: UTF-16": market("l.csv", (HEAD + b"1,somebody,2,3.00,USD,M\n").decode().encode("utf-16")),
    "CSV: semicolons": market("l.csv", (HEAD + b"1,somebody,2,3.00,USD,M\n").replace(b",", b";")),
    "CSV: a row of a million cells": market("l.csv", HEAD + b"1," * 1_000_000),
    "CSV: a cell of a million letters": market("l.csv", HEAD + b"1," + b"x" * 1_000_000 + b",2,3.00,USD,M\n"),
    "CSV: an id of 5,000 digits": market("l.csv", HEAD + b"9" * 5_000 + b",somebody,2,3.00,USD,M\n"),
    "CSV: an id of 2^63": market("l.csv", HEAD + b"1,somebody,9223372036854775808,3.00,USD,M\n"),
    "CSV: a seller with a line break": market("l.csv", HEAD + b'1,"a\nb",2,3.00,USD,M\n'),
    "JSON: nested 100,000 deep": market("i.json", b'{"listings":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "JSON: a number of 6,000 digits": market("i.json", b'{"listings": [{"id": ' + b"9" * 6_000 + b"}]}"),
    "JSON: a price of 1e400": market("i.json", sold(b"1e400")),
    "JSON: a price of NaN": market("i.json", sold(b"NaN")),
    "HTML: nested 100,000 deep": market("p.html", b"<!doctype html><html><body>" + b"<div>" * 100_000),
    "zip: encrypted": market("z.zip", encrypted("page.html", b"<html></html>")),
    "zip: 6,000 files": market("z.zip", zipped(*((f"{n}.html", b"x") for n in range(6_000)))),
    "zip: another zip in it": market("z.zip", zipped(("in.zip", zipped(("page.html", b"<html></html>"))))),
    "zip: a bomb": market("z.zip", zipped(("page.html", b"0" * 60_000_000))),
    "zip: cut off": market("z.zip", zipped(("page.html", b"<html></html>" * 99))[:80]),
    "zip: only paths out of it": market("z.zip", zipped(("../../etc/passwd", b"root:x"))),
    "price: negative": listing("-3.00"),
    "price: NaN": listing("NaN"),
    "price: infinite": listing("inf"),
    "price: absurd": listing("9" * 30),
    "price: yen with decimals": listing("3.50", "JPY"),
    "grade: unknown": listing("3.00", media="Excellent"),
    "currency: unknown": listing("3.00", "DM"),
    "user name: a slash": user("a/b"),
    "user name: a control character": user("a\x07b"),
    "user name: too long": user("x" * 500),
    "budget: 0": budget("0"),
    "budget: negative": budget(-5),
    "budget: 10^12": budget("1000000000000"),
    "budget: NaN": budget("NaN"),
    "budget: true": budget(True),
    "carts: a file that is not there": carts(scores=Path("missing.csv")),
    "carts: a folder for a file": carts(scores=Path()),
    "carts: an empty file": carts(""),
    "carts: a picture": carts(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "carts: UTF-16": carts(L_CSV.encode("utf-16")),
    "carts: another 8-bit encoding": carts(L_CSV.replace("somebody", "jemänd").encode("cp1252")),
    "carts: NUL bytes": carts(L_CSV.replace("somebody", "some\x00body")),
    "carts: a million columns": carts("a," * 1_000_000),
    "carts: a million cells in a row": carts(L_CSV + "," * 1_000_000 + "x"),
    "carts: a column is missing": carts(L_CSV.replace("price", "prize")),
    "carts: a quote that never ends": carts(L_CSV + '3,"somebody,2,3.00,USD\n'),
    "carts: a listing twice": carts(L_CSV + "1,another,2,4.00,USD\n"),
    "carts: an absurd price": carts(L_CSV.replace("3.00", "9" * 100)),
    "carts: an absurd score": carts(scores=S_CSV.replace("0.5", "1e99")),
    "carts: seven decimals of a score": carts(scores=S_CSV.replace("0.5", "0.1234567")),
    "carts: Arabic digits": carts(scores=S_CSV.replace("0.5", "\N{ARABIC-INDIC DIGIT ONE}")),
    "carts: bands that overlap": carts(policies=P_CSV + "somebody,*,items,3,4,1,0,USD,\n"),
    "carts: two units of one seller": carts(
        policies=P_CSV.replace(",,4", ",2,4") + "somebody,*,grams,2,,1,0,USD,\n"
    ),
    "carts: a currency without a rate": carts(L_CSV.replace("USD", "EUR")),
    "carts: policies without a destination": carts(ships_to=None),
    "carts: an unknown destination": carts(ships_to="Atlantis"),
    "carts: a criterion that is no grade": carts(min_sleeve="Generic"),
    "carts: an absurd budget": carts(budget="1" + "0" * 300),
    "plan: a want twice": plan(W_CSV + "2,\n"),
    "plan: a must that nobody offers": plan(W_CSV + "9,1\n"),
    "plan: a must that is neither yes nor no": plan(W_CSV + "9,perhaps\n"),
    "plan: most without a budget": plan(answer="most"),
    "plan: a premium below 0": plan(premium="-0.1"),
    "plan: a deadline that is no number": plan(deadline="NaN"),
    "database: from a newer version": newer_database,
    "database: another file": no_database,
}


@contextmanager
def empty_app() -> Iterator[App]:
    """An application on an empty data folder."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings(data_dir=Path(folder) / "data"))  # type: ignore[call-arg]
        try:
            yield app
        finally:
            app.close()


def answer(app: App, name: str) -> AssistantError | None:
    """The error that a case gets."""
    try:
        CASES[name](app)
    except AssistantError as error:
        return error
    return None


def main() -> None:
    """Print each case with its status and its sentence."""
    print("| bad input | command line | web | sentence |\n| --- | ---: | ---: | --- |")
    with empty_app() as app:
        for name in CASES:
            error = answer(app, name)
            columns = f"{error.exit_status} | {error.http_status} | {error}" if error else "0 | 200 | (taken)"
            print(f"| {name} | {columns} |")


if __name__ == "__main__":
    main()
