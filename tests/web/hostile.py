"""A database in which everything that a stranger may name is an attempt to run a script."""

from __future__ import annotations

import html
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.sources.dumps.dump_texts import write
from tests.store.fakes import NOW, POLICY
from tests.web.fakes import USER, Instance, make_copy, make_record

from discogs_assistant.model.ids import ArtistId, LabelId, UserName
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.profile import Folder
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release, Track
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import exchange_rates, sellers, shipping_policies
from discogs_assistant.store.profiles import items
from discogs_assistant.store.runs import leases, progress

MARK = "x-pwned"
EVIL = (
    f'"><{MARK} data-pwned="1" onclick=pwned()>\'><img src=x onerror=pwned()><script>pwned()</script>'
    "<svg/onload=pwned()>{{7*7}}javascript:pwned()</title></textarea></style><!--"
)


def evil_record(id: int) -> Release:
    """A record whose every text is hostile."""
    return replace(
        make_record(id, f"{EVIL}{id}", f"{EVIL}{id}"),
        country=EVIL,
        artists=(ArtistCredit(ArtistId(id), EVIL, anv=f"anv{EVIL}", join=EVIL),),
        labels=(LabelCredit(LabelId(id), EVIL, EVIL),),
        formats=(Format(EVIL, 1, (EVIL,), EVIL),),
        genres=(EVIL,),
        styles=(EVIL, f"{EVIL}2"),
        credits=(ArtistCredit(ArtistId(7), EVIL, role=EVIL),),
        tracks=(Track(EVIL, EVIL, EVIL),),
        identifiers=((EVIL, EVIL),),
        notes=EVIL,
        thumb=f"https://i.discogs.com/{EVIL}",
    )


def import_evil_dumps(folder: Path) -> Path:
    """The catalogue's folder with dumps in which every name is hostile."""
    evil = html.escape(EVIL)
    artist = f"<artist><id>7</id><name>{evil}</name><anv>{evil}</anv><join>{evil}</join></artist>"
    track = f"<track><position>{evil}</position><title>{evil}</title><artists>{artist}</artists></track>"
    release = (
        f'<release id="101"><title>{evil}</title><artists>{artist}</artists><labels><label id="50" '
        f'name="{evil}" catno="{evil}"/></labels>'
        f'<formats><format name="{evil}" qty="1" text="{evil}"/></formats>'
        f"<genres><genre>{evil}</genre></genres><styles><style>{evil}</style></styles><country>{evil}</country>"
        f"<tracklist>{track}</tracklist><master_id>900</master_id></release>"
    )
    main = f"<main_release>101</main_release><title>{evil}</title>"
    master = f'<master id="900">{main}<artists>{artist}</artists></master>'
    named = (
        f"<artist><id>7</id><name>{evil}</name><realname>{evil}</realname><profile>{evil}</profile></artist>"
    )
    label = f"<label><id>50</id><name>{evil}</name><profile>{evil}</profile></label>"
    kinds = {"releases": release, "masters": master, "artists": named, "labels": label}
    dumps = [write(folder, kind, record) for kind, record in kinds.items()]
    import_dumps(folder / "catalogue", dumps, SystemClock(), lambda sentence: None)
    return folder / "catalogue"


def overrun(instance: Instance, catalogue_of_dumps: Path) -> dict[str, str]:
    """Fill the instance; the ids by which its pages are found."""
    shutil.copytree(catalogue_of_dumps, instance.settings.data_dir / "catalogue")
    records = {id: evil_record(id) for id in (*range(1, 31), 101)}
    instance.be(UserName(USER), currency=Currency.EUR, country="DE")
    instance.know_records([records[id] for id in range(1, 11)], [records[id] for id in range(11, 21)])
    releases.save_releases(instance.db, list(records.values()), NOW)
    items.replace_folders(instance.db, instance.owner, USER, [Folder(1, EVIL, 10)])
    found = instance.recommend([records[id] for id in range(21, 31)])
    exchange_rates.save_rates(instance.db, NOW.date(), EVIL, {Currency.EUR: Decimal(1)})
    seller = Seller(EVIL, ships_from="DE", shipping_text=EVIL, rating=Decimal("99"), ratings=3)
    copies = [
        make_copy(100 + id, records[id], EVIL, 1000, comments=EVIL, artist=EVIL, label=EVIL, catno=EVIL)
        for id in (11, 13, 15, 22)
    ]
    run = instance.carts([copies], [seller])
    sellers.add_favourite(instance.db, instance.owner, EVIL)
    shipping_policies.save_policy(instance.db, instance.owner, replace(POLICY, seller=EVIL), NOW)
    return {
        "run": run,
        "list": found,
        **_runs(instance),
        "id": "21",
        "place": "1",
        "secret": "dsf_nobodys",
        "name": "style.css",
        "user": USER,
    }


def _runs(instance: Instance) -> dict[str, str]:
    """A run that failed with hostile words, one that waits for some, and a worker of a hostile name."""
    failed, waiting = instance.open_run(RunKind.SYNC), instance.open_run(RunKind.RECOMMEND, user=EVIL)
    for run in (failed, waiting):
        progress.start(instance.db, run.id, NOW)
        progress.log(instance.db, run.id, NOW, EVIL)
        progress.add_partial(instance.db, run.id, EVIL)
    progress.fail(instance.db, failed.id, NOW, EVIL, "unexpected", EVIL)
    progress.waiting(instance.db, waiting.id, NOW, EVIL)
    leases.renew(instance.db, EVIL, NOW, leases.WorkerFacts(EVIL, 1, NOW, EVIL))
    return {"failed": failed.id, "waiting": waiting.id}
