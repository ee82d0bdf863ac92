"""The floor: the same calls as the cells, in a bare C loop of fork, calls, wait.

No harness can be faster.  The program is generated from the cells, so it makes exactly their calls, including those that
set the actor's credentials.  It reports nothing and checks nothing.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from credstone.words.actor import Become, Setup
from credstone.words.call import Items
from credstone.words.cell import Cell
from credstone.words.scenario import MAIN

PLAIN = frozenset(
    [
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "getresuid",
        "getresgid",
        "setuid",
        "setgid",
        "setreuid",
        "setregid",
        "setresuid",
        "setresgid",
    ]
)

_HEAD = r"""
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static unsigned a, b, c;
static int list[70000];
static void become(int groups, const int *g, int r1, int e1, int s1, int r2, int e2, int s2, unsigned long long caps)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { caps, caps, 0 }, { caps >> 32, caps >> 32, 0 } };
	syscall(SYS_prctl, PR_SET_KEEPCAPS, 1);
	syscall(SYS_setgroups, groups, g);
	syscall(SYS_setresgid, r2, e2, s2);
	syscall(SYS_setresuid, r1, e1, s1);
	syscall(SYS_capset, &head, data);
	syscall(SYS_prctl, PR_SET_KEEPCAPS, 0);
	syscall(SYS_prctl, PR_SET_DUMPABLE, 1);
}
"""

_TAIL = r"""
int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;
	struct timespec t0, t1;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (int round = 0; round < rounds; round++)
		for (unsigned i = 0; i < sizeof cells / sizeof *cells; i++) {
			pid_t pid = fork();
			if (pid == 0) {
				cells[i]();
				_exit(0);
			}
			waitpid(pid, NULL, 0);
		}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	printf("%.9f\n", t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9);
}
"""


def is_plain(cell: Cell, setup: Setup) -> bool:
    """Whether a cell is of the ordinary kind: one process, no files, no namespaces, calls with small arguments."""
    scenario = cell.scenario
    if cell.api != "syscall" or scenario.files or scenario.database or scenario.load or scenario.abi:
        return False
    if len(setup) != 1 or not isinstance(setup[0], Become):
        return False
    return all(
        line.who == MAIN
        and (
            line.call.name in PLAIN
            or (line.call.name == "getgroups" and not line.call.arguments)
            or (line.call.name == "setgroups" and _short(line.call.arguments))
        )
        and all(isinstance(argument, int | Items) for argument in line.call.arguments)
        for line in scenario.lines
    )


def _short(arguments: tuple[object, ...]) -> bool:
    return len(arguments) == 1 and isinstance(arguments[0], Items) and len(arguments[0].items) < 64


def build_floor(cells: list[tuple[Cell, Setup]], folder: Path) -> Path:
    """Compiles the loop for these cells."""
    source = folder / "floor.c"
    functions = [_function(number, cell, setup) for number, (cell, setup) in enumerate(cells)]
    table = "static void (*const cells[])(void) = { " + ", ".join(f"cell_{n}" for n in range(len(cells))) + " };"
    source.write_text("\n".join([_HEAD, *functions, table, _TAIL]))
    program = folder / "floor"
    subprocess.run(["cc", "-O2", "-o", str(program), str(source)], check=True)
    return program


def _function(number: int, cell: Cell, setup: Setup) -> str:
    body = []
    step = setup[0]
    assert isinstance(step, Become)
    who = step.credential
    body.append(_list("groups", who.groups))
    body.append(
        f"become({len(who.groups)}, groups, {who.uid.real}, {who.uid.effective}, {who.uid.saved}, "
        f"{who.gid.real}, {who.gid.effective}, {who.gid.saved}, {who.capabilities.permitted}ULL);"
    )
    for line in cell.scenario.lines:
        name, arguments = line.call.name, line.call.arguments
        if name.startswith("getres"):
            body.append(f"syscall(SYS_{name}, &a, &b, &c);")
        elif name == "getgroups":
            body.append("syscall(SYS_getgroups, syscall(SYS_getgroups, 0, 0), list);")
        elif name == "setgroups":
            assert isinstance(arguments[0], Items)
            numbers = arguments[0].numbers or ()
            body.append(f"{{ {_list('wanted', numbers)} syscall(SYS_setgroups, {len(numbers)}, wanted); }}")
        else:
            body.append(f"syscall({', '.join([f'SYS_{name}', *(f'{number}L' for number in arguments)])});")
    return f"static void cell_{number}(void)\n{{\n\t" + "\n\t".join(body) + "\n}"


def _list(name: str, numbers: tuple[int, ...]) -> str:
    values = ", ".join(f"(int){number}LL" for number in numbers) or "0"
    return f"static const int {name}[] = {{ {values} }};"
