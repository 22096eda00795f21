"""The templates, compiled once, with the words and links that every page uses."""

from __future__ import annotations

from types import CodeType
from typing import Any, ClassVar
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from discogs_assistant.config import Settings
from discogs_assistant.model import readable
from discogs_assistant.model.links import Links
from discogs_assistant.model.release import bare_name
from discogs_assistant.web import choices, formatting, release_text
from discogs_assistant.web.assets import Assets
from discogs_assistant.web.credits import artist_names
from discogs_assistant.web.flags import flag


class _CompiledOnce(BytecodeCache):
    """Compiled templates, shared by all applications of this process."""

    _compiled: ClassVar[dict[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled before; an empty bucket is compiled."""
        bucket.code = self._compiled.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self._compiled[bucket.key] = bucket.code


class Templates:
    """Renders a template by name, with everything escaped; a missing value raises an error."""

    def __init__(self, settings: Settings, assets: Assets, *, made_up: bool) -> None:
        self._environment = Environment(
            loader=PackageLoader("discogs_assistant.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            finalize=formatting.printed,
            bytecode_cache=_CompiledOnce(),
        )
        self._environment.filters |= {
            "ago": readable.ago,
            "exactly": formatting.exactly,
            "age": readable.age,
            "day": formatting.day,
            "month": formatting.month,
            "bare": bare_name,
            "credited": release_text.credited,
            "named": artist_names,
            "duration": readable.duration,
            "left": readable.left,
            "size": readable.size,
            "flag": flag,
            "country": formatting.country,
            "percent": formatting.percent,
            "places": formatting.places,
            "moment": formatting.moment,
            "ratio": formatting.ratio,
            "options": choices.options,
            "segment": lambda text: quote(str(text), safe=""),
        }
        self._environment.globals |= {
            "app_name": settings.app_name,
            "made_up": made_up,
            "hosted": settings.hosted,
            "asset": assets.address,
            "links": Links(settings.discogs_site_url),
            "count": formatting.count,
            "money": formatting.money,
            "max_age": readable.duration(settings.max_data_age),
        }
        # At the start: the first visitors of each page would compile it side by side.
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def render(self, name: str, **values: Any) -> str:
        """The page."""
        return self._environment.get_template(name).render(values)
