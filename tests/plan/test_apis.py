"""Which API can express which scenario."""

from __future__ import annotations

from building import scenario
from credstone.calls.apis import apis_of
from credstone.plan.cells import cells_of, through_abi
from credstone.words.actor import Actor
from credstone.words.scenario import APIS


def apis(body: str) -> str:
    return " ".join(apis_of(scenario(body)))


def test_what_all_can_say_runs_through_all_in_their_order() -> None:
    assert apis_of(scenario("  setgid(5)\n  getgroups() = []\n  setgroups([1])\n  unshare(CLONE_NEWUSER)")) == APIS


def test_a_scenario_can_choose() -> None:
    assert apis("  via libc, syscall\n  setgid(5)") == "syscall libc"


def test_each_line_takes_away_what_cannot_say_it() -> None:
    assert apis("  seteuid(5)") == "libc python"
    assert apis("  setfsuid(5)") == "syscall libc"
    assert apis("  seteuid(5)\n  setfsuid(5)") == "libc"
    assert apis("  group_member(5)") == "libc"


def test_pointers_and_sizes_are_not_for_python() -> None:
    for call in ("setgroups(65537, valid)", "getgroups(0)", "getgroups(2, null)", "getresuid(valid, null, valid)"):
        assert apis(f"  {call}") == "syscall libc"
    assert apis('  getgrouplist("x", 1)') == "libc python"
    assert apis('  getgrouplist("x", 1, 0)') == "libc"


def test_functions_of_python_are_for_python() -> None:
    for call in (
        "os.setgroups([-2])",
        'pwd.getpwnam("x")',
        'grp.getgrnam("x")',
        "subprocess(user=1) child getresuid()",
    ):
        assert apis(f"  {call}") == "python"


def test_the_old_calls_are_raw_calls_of_an_old_abi() -> None:
    assert apis("  abi i386\n  setuid16(66536)") == "syscall"
    assert apis("  abi i386\n  setuid(66536)") == "syscall libc"


def test_only_c_agents_are_executed() -> None:
    assert apis("  file helper = agent\n  exec(helper)") == "syscall libc"


def test_what_no_api_can_say_is_no_cell() -> None:
    assert apis("  via python\n  setfsuid(5)") == ""
    assert apis("  os.getuid()\n  setfsuid(5)") == ""


def cells(only_apis: tuple[str, ...] = (), only_actors: tuple[str, ...] = ()) -> list[str]:
    actors = {name: Actor(about="", name=name) for name in ("root", "user")}
    some = scenario("  as user\n  via libc, syscall\n  getuid()")
    found = cells_of(some, actors, ["host", "model"], only_apis, only_actors)
    return [f"{cell.target} {cell.id.partition('@')[2]}" for cell in found]


def test_cells_are_scenario_by_actor_by_api_by_target() -> None:
    assert cells() == [
        f"{target} {actor}:{api}"
        for target in ("host", "model")
        for actor in ("root", "user")
        for api in ("syscall", "libc")
    ]


def test_cells_can_be_narrowed() -> None:
    assert cells(only_apis=("libc",), only_actors=("user",)) == ["host user:libc", "model user:libc"]
    assert cells(only_actors=("nobody",)) == []


def test_cells_of_another_abi() -> None:
    actor = {"root": Actor(name="root", about="")}
    own = cells_of(scenario("  setgid(5)"), actor, ["host"])
    assert [cell.id.rpartition("@")[2] for cell in through_abi("i386", own)] == ["root:syscall:i386", "root:libc:i386"]
    assert [cell.agent for cell in through_abi("i386", own)] == ["i386", "i386"]
    bound = cells_of(scenario("  abi i386\n  setgid16(5)"), actor, ["host"])
    assert [cell.agent for cell in bound] == ["i386"]
    assert through_abi("i386", bound) == bound
    assert through_abi("arm", bound) == []
