"""Reading the settings, with a sentence for each that is wrong."""

from __future__ import annotations

from pydantic import ValidationError

from discogs_assistant.config import PREFIX, Settings
from discogs_assistant.errors import BadInputError


def read_settings() -> Settings:
    """The settings of the environment and the `.env` file; `BadInputError` names those that are wrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = [f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg']}." for problem in error.errors()]
        raise BadInputError(
            f"The settings cannot be read. {' '.join(wrong)}",
            "Correct that in the environment or the .env file, or remove it to use the default value.",
        ) from error
    except UnicodeDecodeError as error:
        raise BadInputError("The .env file is not UTF-8 text.", "Save it as UTF-8.") from error
