"""`answerable simulate DIR`: a practice survey with replies of every kind and the truth they hold."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from answerable import store
from answerable.cli import json_option, print_json, say
from answerable.errors import StoreError


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), metavar="DIR")
@click.option("--authorities", default=43, show_default=True, type=click.IntRange(1, 3000), help="How many to invent.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@json_option
def command(folder: str, authorities: int, seed: int, as_json: bool) -> None:
    """Write a simulated survey: replies in every format and layout, and truth.csv.

    No authority in it exists and no figure is real; every page made from it says so. Needs the extra [simulate].
    """
    try:
        import fpdf  # noqa: F401
        import openpyxl  # noqa: F401
        import xlwt  # noqa: F401
    except ModuleNotFoundError as error:
        raise StoreError("simulate", f"{error.name} is missing", "Install answerable[simulate]") from error
    from answerable.surveys.simulate import simulate_survey

    made = track(
        simulate_survey(authorities, seed),
        description="writing replies",
        total=authorities,
        console=Console(stderr=True),
        transient=True,
    )
    written = store.write_folder(Path(folder), dict(made))
    n_replies = len({name.split("/")[1] for name in written if name.startswith("replies/")})
    if as_json:
        print_json({"folder": folder, "authorities": authorities, "seed": seed, "replies": n_replies})
        return
    click.echo(f"{folder}: {n_replies} replies of {authorities} simulated authorities, seed {seed}")
    say(f"Next: `answerable build {folder}`; {folder}/truth.csv has what the replies say.")
