"""`chm site`: the sites that the platform builds."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Sites that the platform builds.")

Partner = Annotated[str, typer.Argument(help="The partner's code.")]
Date = Annotated[
    str | None,
    typer.Argument(help="Date of the build (UTC) or its beginning; the one before what runs when left out."),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")]
Files = Annotated[bool, typer.Option("--files", help="Name the files that are missing or outdated.")]
Newest = Annotated[bool, typer.Option("--newest", help="Follow the partner's information again.")]


@app.command()
def builds(partner: Partner) -> None:
    """List the builds of a site that are on its host, the newest first."""
    from clearinghouse.cli import stacks
    from clearinghouse.cli.screen import console
    from clearinghouse.operate import site_builds

    found = site_builds.builds(*stacks.standard_site(partner))
    for build in found:
        console.print(f"{build.date}  {build.digest[:12]}{'  serving' if build.is_serving else ''}")
    if not found:
        console.print(f"{partner}: no build is on its host yet; `chm up {partner}` makes one")


@app.command()
def rollback(partner: Partner, date: Date = None, newest: Newest = False) -> None:
    """Go back to an older build of a site, and stay there; or follow the partner's information again."""
    from clearinghouse.cli import stacks
    from clearinghouse.errors import Trouble
    from clearinghouse.operate import site_builds

    if newest and date is not None:
        raise Trouble("give a date or --newest, not both")
    if newest:
        site_builds.release(partner)
    host, declared = stacks.standard_site(partner)
    if not newest:
        site_builds.hold(partner, site_builds.chosen(site_builds.builds(host, declared), date))
    stacks.up([partner])


@app.command()
def build(partner: Partner) -> None:
    """Build a partner's site on this machine; `chm up` puts it on its host."""
    from clearinghouse.cli import stacks
    from clearinghouse.cli.screen import console, step
    from clearinghouse.installation import root
    from clearinghouse.site.build import build as make
    from clearinghouse.site.build import examine

    declared = stacks.standard_site(partner)[1]
    for warning in examine(root(), declared).warnings:
        console.print(f"[yellow]{warning}[/yellow]")
    with step(f"build the site of {partner}") as told:
        told(str(make(root(), declared).relative_to(root())))


@app.command()
def serve(partner: Partner, port: Port = 8000) -> None:
    """Preview a partner's site on this machine; a changed file shows at once, in the search soon after."""
    from threading import Thread

    from clearinghouse.cli import stacks
    from clearinghouse.cli.screen import console
    from clearinghouse.installation import root
    from clearinghouse.site.build import PREVIEW, clear_previews
    from clearinghouse.site.build import build as make
    from clearinghouse.site.search import index
    from clearinghouse.site.seen import Seen
    from clearinghouse.site.serve import Preview, server

    declared = stacks.standard_site(partner)[1]
    seen = Seen()
    clear_previews(root(), declared)
    watched = (root() / "stacks" / partner, root() / "site_templates/standard")
    preview = Preview(
        lambda: make(root(), declared, seen, PREVIEW),
        watched,
        lambda text: console.print(text, markup=False),
        index,
    )
    shown = server(preview, declared.languages[0], port)
    preview.refresh()
    Thread(target=preview.watch, daemon=True).start()
    console.print(f"http://127.0.0.1:{shown.server_port}/ shows the site of {partner}; Ctrl-C ends it")
    try:
        shown.serve_forever()
    except KeyboardInterrupt:
        shown.server_close()


@app.command("status")
def show_status(partner: Partner, files: Files = False) -> None:
    """Show how much of a partner's site is there in each of its languages."""
    from rich.table import Table

    from clearinghouse.cli import stacks
    from clearinghouse.cli.screen import console
    from clearinghouse.errors import Trouble
    from clearinghouse.installation import root
    from clearinghouse.site.build import examine
    from clearinghouse.site.completeness import completeness

    checked = examine(root(), stacks.standard_site(partner)[1])
    if checked.content is None:
        raise Trouble("\n".join(str(problem) for problem in checked.problems))
    table = Table("language", "written", "outdated", "interface")
    found = list(completeness(checked.content))
    for each in found:
        share = f"{each.written} of {each.all} ({100 * each.written // max(each.all, 1)} %)"
        table.add_row(each.language, share, str(len(each.outdated)), "yes" if each.has_interface else "no")
    console.print(table)
    for each in found if files else ():
        for path in each.missing:
            console.print(f"{path}: not in {each.language}", markup=False)
        for path in each.outdated:
            console.print(f"{path}: older in {each.language} than its source", markup=False)
    for warning in checked.warnings:
        console.print(f"[yellow]{warning}[/yellow]")


@app.command(hidden=True)
def texts() -> None:
    """Bring the catalogues of the interface's texts up to date, for its translators."""
    from clearinghouse.cli.screen import console
    from clearinghouse.installation import root
    from clearinghouse.site.catalogue import FOLDER
    from clearinghouse.site.messages import missing, updated

    templates = root() / "site_templates/standard"
    for file in sorted(FOLDER.glob("*.po")):
        file.write_bytes(updated(file.stem, templates))
        console.print(f"{file.relative_to(root())}: {len(missing(file.stem, templates))} texts to translate")
