"""Files that cannot be read, or that nobody would look at, are problems too."""

import os
from pathlib import Path

import pytest

from clearinghouse.declare import load
from clearinghouse.declare.document import MAX_BYTES
from clearinghouse.declare.load import declare
from clearinghouse.errors import Trouble
from tests.declare.conftest import BENIN, CONGO


def told(stacks: Path) -> list[str]:
    return [str(problem) for problem in declare(stacks).problems]


def test_a_valid_installation_has_no_problems(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO)
    declaration = declare(stacks)
    assert declaration.problems == ()
    assert sorted(declaration.partners) == ["bj", "cd"]
    assert sorted(declaration.hosts) == ["local", "paris"]


def test_a_file_of_64_kib_is_read(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO + "#" * (MAX_BYTES - len(CONGO)))
    assert told(stacks) == []


def test_a_file_of_a_byte_more_is_refused(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO + "#" * (MAX_BYTES - len(CONGO) + 1))
    assert told(stacks) == ["stacks/cd.yaml:1:1: file: should be a file of at most 64 KiB, is larger"]


def test_a_folder_with_the_name_of_a_file_is_refused(stacks: Path) -> None:
    (stacks / "cd.yaml").mkdir()
    assert told(stacks) == ["stacks/cd.yaml:1:1: file: should be a file that can be read, is something else"]


def test_a_pipe_does_not_make_it_wait(stacks: Path) -> None:
    os.mkfifo(stacks / "cd.yaml")
    assert told(stacks) == ["stacks/cd.yaml:1:1: file: should be a file that can be read, is something else"]


def test_a_link_to_nowhere_is_refused(stacks: Path) -> None:
    (stacks / "cd.yaml").symlink_to("nowhere.yaml")
    assert told(stacks) == [
        "stacks/cd.yaml:1:1: file: should be a file that can be read, is a link to nowhere"
    ]


def test_a_link_to_itself_is_refused(stacks: Path) -> None:
    (stacks / "cd.yaml").symlink_to("cd.yaml")
    assert told(stacks)[0].startswith("stacks/cd.yaml:1:1: file: should be a file that can be read, is not (")


def test_a_file_without_permission_is_refused(stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (stacks / "cd.yaml").write_text(CONGO)
    monkeypatch.setattr(Path, "open", refuse)
    line = "stacks/cd.yaml:1:1: file: should be a file that can be read, is not (Permission denied)"
    assert line in told(stacks)


@pytest.mark.parametrize("name", ["CD.yaml", "cd.yml", "Cd.YAML", "hosts/Local.yaml", "hosts/local.yml"])
def test_a_file_that_would_be_overlooked_is_told(stacks: Path, name: str) -> None:
    (stacks / name).write_text(CONGO)
    message = f'should be named in lower case and end in .yaml, is "{Path(name).name}"'
    assert told(stacks) == [f"stacks/{name}:1:1: file: {message}"]


@pytest.mark.parametrize("name", ["Pulumi.cd.yaml", ".cd.yaml", "README.md", "hosts/.local.yaml.swp"])
def test_other_files_are_left_alone(stacks: Path, name: str) -> None:
    (stacks / name).write_text("x")
    assert told(stacks) == []


def test_a_name_that_is_not_utf_8_is_shown_safely(stacks: Path) -> None:
    Path(os.fsdecode(os.fsencode(stacks) + b"/c\xff.yaml")).write_text(CONGO)
    (line, *_) = told(stacks)
    assert line.startswith("stacks/cU+DCFF.yaml:1:10: partner: should be ")


def test_windows_line_endings_and_a_byte_order_mark_are_fine(stacks: Path) -> None:
    (stacks / "cd.yaml").write_bytes(b"\xef\xbb\xbf" + CONGO.replace("\n", "\r\n").encode())
    assert told(stacks) == []


def test_an_installation_without_hosts_can_be_checked(tmp_path: Path) -> None:
    (tmp_path / "cd.yaml").write_text(CONGO)
    (line,) = told(tmp_path)
    assert line.endswith(
        'cd.yaml:7:7: host: should be a host declared in stacks/hosts, is "local" (none is there yet)'
    )


def test_stacks_that_are_no_folder_are_trouble(tmp_path: Path) -> None:
    (tmp_path / "stacks").write_text("x")
    with pytest.raises(Trouble, match=r"cannot be listed: Not a directory"):
        declare(tmp_path / "stacks")


def test_problems_come_in_order_of_file_and_line(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO.replace("1998", "soon") + "colour: green\n")
    (stacks / "bj.yaml").write_text("a: 1\n")
    problems = declare(stacks).problems
    assert [(str(p.file), p.line) for p in problems] == sorted((str(p.file), p.line) for p in problems)
    assert {str(p.file) for p in problems} == {"stacks/bj.yaml", "stacks/cd.yaml"}


def test_one_partner_is_found_while_another_is_broken(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text("broken: [")
    assert load.partner(stacks, "bj").canonical == "bj.example.org"
    assert load.host(stacks, "local").ports.https == 8443


def test_a_broken_partner_is_trouble_with_all_its_problems(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO.replace("1998", "soon") + "colour: green\n")
    with pytest.raises(Trouble, match=r"(?s)cd\.yaml:5:8: since: .*cd\.yaml:11:1: colour: ") as trouble:
        load.partner(stacks, "cd")
    assert trouble.value.exit_code == 2


def test_a_partner_that_is_not_declared_is_trouble(stacks: Path) -> None:
    with pytest.raises(Trouble, match=r"^stacks/bjj\.yaml is not there \(did you mean bj\?\)"):
        load.partner(stacks, "bjj")


def test_a_partner_is_asked_for_by_code_not_by_path(stacks: Path) -> None:
    with pytest.raises(Trouble, match=r"is not there"):
        load.partner(stacks, "hosts/../bj")


def test_a_host_that_is_not_declared_is_trouble(stacks: Path) -> None:
    with pytest.raises(Trouble, match=r"^stacks/hosts/pari\.yaml is not there \(did you mean paris\?\)"):
        load.host(stacks, "pari")


def test_a_partner_on_a_broken_host_is_not_blamed_for_it(stacks: Path) -> None:
    (stacks / "hosts" / "local.yaml").write_text("host: [")
    assert {str(problem.file) for problem in declare(stacks).problems} == {"stacks/hosts/local.yaml"}


def test_who_came_last_finds_too_little_left(stacks: Path) -> None:
    (stacks / "bj.yaml").write_text(BENIN.replace("since: 1995", "since: 2020"))
    (stacks / "cd.yaml").write_text(CONGO + "limits: {memory: 3G}\n")
    assert told(stacks) == [
        "stacks/bj.yaml:12:18: limits/memory: should be at most 1G,"
        " which is left on the host local by cd (3G), is 2G"
    ]


def test_too_little_for_the_usual_limits_points_at_the_host_key(stacks: Path) -> None:
    (stacks / "bj.yaml").write_text(BENIN.replace("memory: 2G", "memory: 3800M"))
    (stacks / "cd.yaml").write_text(CONGO)
    assert told(stacks) == [
        "stacks/cd.yaml:7:1: limits/memory: should be at most 296M,"
        " which is left on the host local by bj (3800M), is 512M"
    ]
