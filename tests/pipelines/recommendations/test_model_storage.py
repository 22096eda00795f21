"""A trained model in its folder: what was saved is loaded, and nothing else passes for one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.engine.recommendations.communities import community

from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.errors import BadInputError
from discogs_assistant.pipelines.recommendations.model_storage import load_model, save_model
from discogs_assistant.store.recommendations.model_files import read_arrays, write_arrays

_WRITES_FOR_EVER = """
import sys
from pathlib import Path
import numpy as np
from discogs_assistant.store.recommendations.model_files import write_arrays
while True:
    write_arrays(Path(sys.argv[1]), {"a": np.ones(3_000_000)}, {"seed": "2"})
    print("written", flush=True)
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return fit_model(*community(1), seed=5)


def test_a_loaded_model_answers_as_the_one_saved(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert (loaded.items, loaded.features, loaded.seed) == (model.items, model.features, 5)
    for given in (np.array([0, 3, 9]), np.zeros(0, np.int64)):
        mine, theirs = (m.fold_in(given, np.ones(len(given))) for m in (model, loaded))
        assert loaded.top(theirs, 20)[0].tolist() == model.top(mine, 20)[0].tolist()
        assert loaded.because(theirs, 12).shares.tolist() == model.because(mine, 12).shares.tolist()


def test_a_models_arrays_are_mapped_and_not_copied(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    for array in (loaded.factors.vectors, loaded.weights.weights.indices, loaded.content.matrix.data):
        assert not array.flags.owndata
        assert not array.flags.writeable


@pytest.mark.parametrize("missing", ["factors", "weights.columns", "items.ends", "blend"])
def test_a_file_without_a_part_is_no_model(model: Model, tmp_path: Path, missing: str) -> None:
    save_model(model, tmp_path)
    arrays, facts = read_arrays(tmp_path)
    kept = {key: np.array(array) for key, array in arrays.items() if key != missing}
    write_arrays(tmp_path, kept, {"seed": facts["seed"]})
    with pytest.raises(BadInputError, match="its parts do not fit each other"):
        load_model(tmp_path)


def test_parts_of_different_sizes_are_no_model(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    arrays, facts = read_arrays(tmp_path)
    for key in ("factors", "known", "weights.starts", "factor_facts"):
        changed = {name: np.array(array) for name, array in arrays.items()}
        changed[key] = changed[key][:-1]
        write_arrays(tmp_path, changed, {"seed": facts["seed"]})
        with pytest.raises(BadInputError, match="its parts do not fit each other"):
            load_model(tmp_path)


def test_a_process_killed_while_it_writes_leaves_a_whole_model(tmp_path: Path) -> None:
    write_arrays(tmp_path, {"a": np.zeros(3)}, {"seed": "1"})
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITES_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE
        ) as writing:
            assert writing.stdout is not None
            writing.stdout.readline()
            while not any(path.name.startswith(".") for path in tmp_path.iterdir()):
                assert writing.poll() is None
            writing.send_signal(signal.SIGKILL)
        arrays, facts = read_arrays(tmp_path)
        assert facts["seed"] == "2"
        assert arrays["a"].shape == (3_000_000,)
