"""Lists observations gained, lost and changed between another commit's reader and this one's.

Run as `make compare REF=main`. Both readers read the bundled surveys and, where the folder is there, two real
PDF replies of ../shared/corpus, each with the code of its own commit.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "hospital-crime"
IDENTITY = ("survey", "authority", "question", "period", "dimensions")
WATCHED = ("value", "status", "accepted")


def make_folders(into: Path) -> list[Path]:
    """Copies of the bundled surveys, and of a starting survey with the real letters in it."""
    bundled = sorted((ROOT / "src" / "answerable" / "surveys").glob("*/survey.toml"))
    folders = [Path(shutil.copytree(path.parent, into / path.parent.name)) for path in bundled]
    if CORPUS.is_dir():
        hospital = into / "hospital-crime"
        run_answerable(ROOT, "new", str(hospital))
        for letter in sorted(CORPUS.glob("*.pdf")):
            target = hospital / "replies" / letter.stem.lower()
            target.mkdir(parents=True)
            shutil.copy(letter, target)
        folders.append(hospital)
    return folders


def run_answerable(checkout: Path, *words: str) -> str:
    """What a checkout's own command line prints; findings at error (exit 1) are no failure here."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-m", "answerable", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=checkout)
    if done.returncode not in {0, 1}:
        sys.exit(f"{checkout}: answerable {' '.join(words)} failed:\n{done.stderr}")
    return done.stdout


def read_folders(checkout: Path, folders: list[Path]) -> dict[str, dict[str, object]]:
    """Observations by what they are and where they stand."""
    found = {}
    for folder in folders:
        for item in json.loads(run_answerable(checkout, "read", str(folder), "--json")):
            place = [item["source"][key] for key in ("document", "part", "ref")]
            found[json.dumps([*(item[key] for key in IDENTITY), *place])] = {key: item[key] for key in WATCHED}
    return found


def main(ref: str) -> None:
    """Print the differences and their counts."""
    with tempfile.TemporaryDirectory() as name:
        other = Path(name) / "other"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(other), ref], cwd=ROOT, check=True)
        try:
            folders = make_folders(Path(name))
            before, now = read_folders(other, folders), read_folders(ROOT, folders)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(other)], cwd=ROOT, check=True)
    changed = [key for key in before if key in now and before[key] != now[key]]
    for word, keys in (
        ("gained", now.keys() - before.keys()),
        ("lost", before.keys() - now.keys()),
        ("changed", changed),
    ):
        for key in sorted(keys):
            print(f"{word}: {key}: {before.get(key, '')} {now.get(key, '')}")
        print(f"{len(keys)} {word}, of {len(now)} now and {len(before)} at {ref}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "main")
