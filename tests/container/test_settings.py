"""What containers/ says, and what is said of mistakes in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from credstone.notation.mistake import Mistake
from credstone.targets.container import settings
from credstone.targets.container.settings import (
    compose,
    containers,
    load,
    managers,
    names,
    parse,
    postures,
    read_postures,
)
from credstone.words.errors import CredstoneError
from credstone.words.posture import Posture

TARGET = """\
says   = "A small distribution"
libc   = "glibc 2.36"

[base]
image    = "small:1"
packages = "apt"
"""
GUEST = """\
says     = "Nothing of a small distribution"
libc     = "musl 1.2.3"
rests_on = "loader"
on       = "small"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of containers with nothing but package managers."""
    shutil.copy(containers() / "packages.toml", tmp_path)
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name / "target.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def mistake(folder: Path, text: str, name: str = "small") -> str:
    """What is said of a target with this text, without the folder in which it stands."""
    path = write(folder, name, text)
    with pytest.raises(Mistake) as caught:
        settings.read_settings(path)
    first, shown, _ = str(caught.value).split("\n")
    assert shown.strip() == text.split("\n")[caught.value.line - 1].strip()
    return first.removeprefix(f"{path}:")


def test_the_targets_that_ci_runs() -> None:
    assert [name for name in names() if load(name).ci] == [
        "debian-11", "debian-12", "debian-12-i386", "debian-13", "musl-1.2.2", "musl-1.2.3", "musl-1.2.5", "scratch",
    ]  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_target_is_whole(name: str) -> None:
    found = load(name)
    assert found.name == name
    assert found.from_base.image
    assert bool(found.python) == (found.rests_on == "image")
    assert not found.ci or found.from_base.suite, "CI has no registry"


def test_targets_on_one_base_install_the_same() -> None:
    """So that the engine has the layer with the toolchain once."""
    for name in names():
        found = load(name)
        assert not found.on or found.from_base == load(found.on).from_base


def test_a_target_stands_on_another(folder: Path) -> None:
    write(folder, "small", TARGET)
    found = settings.read_settings(write(folder, "smaller", GUEST))
    assert (found.name, found.from_base.image, found.python) == ("smaller", "small:1", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TARGET.replace("says", "sais"), "1:1: there is no field 'sais' here"),
        (TARGET.replace('"glibc 2.36"', "2.36"), "2:1: a text is expected, not a fraction"),
        (TARGET.replace("image ", "imago "), "5:1: there is no field 'imago' here"),
        (TARGET.replace('"apt"', '"slapt"'), "6:1: there is no package manager slapt: there are apt, apk, dnf, "),
        (f'rests_on = "air"\n{TARGET}', "1:1: 'air' is not one of 'image', 'loader' and 'nothing'"),
        (f'name = "tall"\n{TARGET}', "1:1: a target has the name of its folder"),
        (f'on = "tall"\n{TARGET}', "1:1: a target has a [base] of its own or is 'on' another: give one of them"),
        (GUEST.replace('"small"', '"tall"'), "4:1: there is no target tall"),
        (GUEST.replace('"small"', '"other"'), "4:1: other has no [base] of its own"),
    ],
)
def test_mistakes_in_a_target(folder: Path, text: str, said: str) -> None:
    write(folder, "other", GUEST)
    assert mistake(folder, text).startswith(said)


def test_neither_a_base_nor_another_target(folder: Path) -> None:
    assert "give one of them" in mistake(folder, 'says = ""\nlibc = ""\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\ncapabilities = "most"', "2:1: capabilities are a list, or \"all\": not 'most'"),
        ('[a]\nsays = ""\ncapabilities = ["CAP_FLY"]', "3:1: there is no capability CAP_FLY: see capabilities(7)"),
        ('[a]\nuzer = "1"', "2:1: there is no field 'uzer' here"),
    ],
)
def test_mistakes_in_postures(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "postures.toml"
    path.write_text(text)
    with pytest.raises(Mistake) as caught:
        read_postures(path)
    assert str(caught.value).startswith(f"{path}:{said}\n")


def test_a_manager_that_installs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "packages.toml"
    path.write_text('[a]\nprogram = "/a"\ninstall = "a install"\ntoolchain = []\npython = []\n')
    with pytest.raises(Mistake) as caught:
        settings.read_managers(path)
    assert str(caught.value).startswith(f"{path}:3:1: there is no {{}} for the packages\n")


def test_every_posture_says_what_it_is() -> None:
    found = postures()
    assert set(found) >= {
        "open", "no-capabilities", "setid-only", "no-new-privileges", "user", "groups", "crun", "runsc", "podman",
        "userns-remap",
    }  # fmt: skip
    assert all(posture.says for posture in found.values())


def test_without_a_posture_the_engine_decides() -> None:
    assert parse("debian-12") == ("debian-12", Posture())
    assert parse("registry.example/x:1@sha256:0") == ("registry.example/x:1@sha256:0", Posture())


def test_postures_compose() -> None:
    image, posture = parse("debian-12+user+groups+no-new-privileges+podman")
    assert image == "debian-12"
    assert (posture.user, posture.groups) == ("1000:1000", (2000, 3000))
    assert (posture.no_new_privileges, posture.engine, posture.runtime) == (True, "podman", "")
    assert posture.capabilities is None
    assert posture.says == (
        "user 1000, primary group 1000, with the additional groups 2000 and 3000, "
        "no execve gives privileges (no_new_privs), run by Podman"
    )


def test_no_capability_at_all_is_something_said() -> None:
    assert parse("x+no-capabilities")[1].capabilities == ()


def test_the_order_of_postures_decides_nothing_but_words() -> None:
    one, other = parse("x+user+crun")[1], parse("x+crun+user")[1]
    assert (one.user, one.runtime) == (other.user, other.runtime)


@pytest.mark.parametrize(("chosen", "field"), [("crun+runsc", "runtime"), ("open+no-capabilities", "capabilities")])
def test_postures_that_contradict_each_other(chosen: str, field: str) -> None:
    first, second = chosen.split("+")
    with pytest.raises(CredstoneError, match=f"'{first}' and '{second}' contradict each other: both .* '{field}'"):
        parse(f"x+{chosen}")


def test_postures_that_say_the_same_are_no_contradiction() -> None:
    known = {"a": Posture(runtime="crun"), "b": Posture(runtime="crun", user="1:1")}
    assert compose(["a", "b"], known) == Posture(says=", ", runtime="crun", user="1:1")


@pytest.mark.parametrize(("name", "said"), [("x+nope", "There is no posture 'nope'"), ("+user", "'\\+user' names no")])
def test_names_that_mean_nothing(name: str, said: str) -> None:
    with pytest.raises(CredstoneError, match=said):
        parse(name)


def test_managers_are_known_by_their_programs() -> None:
    assert all(each.program.startswith("/") and each.toolchain and each.python for each in managers().values())
