// The cells of a view: by clause or by script, then by scenario.

const MOST = 240; // cells of a scenario that are drawn at once
const opened = new Set(); // the groups that somebody has opened

const drawList = (state, hits) => {
  const byScript = state.by === "script" && !state.clause && !state.differs;
  const groups = groupsOf(state, hits, byScript);
  const other = link({ ...state, by: byScript ? "" : "script" }, byScript ? "by clause" : "by script");
  return [
    ...heading({}, "everything", titleOf(state)),
    el("p", { class: "tally" }, ...tally(countsOf(hits)), hits.length ? "" : "No cell is like that. ",
      state.clause || state.differs || !hits.length ? ""
        : el("span", { class: "fine" }, byScript ? "by script, or " : "by clause, or ", other)),
    ...groups.map((group) => drawGroup(state, group, byScript, groups.length === 1)),
  ];
};

const titleOf = (state) => [
  state.page ?? "All pages",
  state.target ? `on ${state.target.map(short).join(", ")}` : "",
  ...[
    state.clause, state.differs && "where targets differ", state.differs !== "1" && state.differs, state.api?.join(", "),
    state.verdict?.join(", "), state.actor && `as ${state.actor}`, state.q && `“${state.q}”`,
  ].filter(Boolean).map((each) => `· ${each}`),
].filter(Boolean).join(" ");

// Under a clause stand the cells that cite or break it; those that broke another one show nothing about this.
const groupsOf = (state, hits, byScript) => {
  const only = state.clause && clausePlace(state.clause);
  const keysOf = ({ i, r }) => {
    const { cites, page, name } = scenarioOf(i);
    if (byScript) return `${page}/${name.split("/")[0]}`;
    if (state.clause) return only;
    if (state.differs) return atStake.get(i);
    const broken = brokenBy(r);
    return broken === undefined || cites.includes(broken) ? cites : [...cites, broken];
  };
  const groups = [...groupedBy(hits, keysOf)].map(([key, members]) => {
    const own = members.filter(({ r }) => byScript || (brokenBy(r) ?? key) === key);
    const [counts, about] = [countsOf(own), byScript ? undefined : clause(key)];
    const worst = outcomes.indexOf(Object.keys(counts)[0]);
    return {
      members, counts, about, name: about?.id ?? `suites/${key}.scn`, elsewhere: members.length - own.length,
      rank: worst < 0 ? outcomes.length : worst, most: worst === 0 ? Object.values(counts)[0] : 0,
    };
  });
  return groups.sort((a, b) => a.rank - b.rank || b.most - a.most || (a.name < b.name ? -1 : 1));
};

const drawGroup = (state, { name, about, members, counts, elsewhere }, byScript, only) => {
  const fill = () => {
    if (details.children.length > 1) return;
    if (about) details.append(...clauseNotes(about).filter(Boolean));
    const byName = [...groupedBy(members, ({ i }) => [scenarioOf(i).page, scenarioOf(i).name, scenarioOf(i).about].join("/")).values()];
    details.append(...byName.sort(worstFirst).map((its) => drawScenario(state, its)));
  };
  const toggle = () => {
    details.open ? opened.add(name) : opened.delete(name);
    if (details.open) fill();
  };
  const details = el("details", { class: "group", toggle },
    el("summary", {},
      el("span", { class: "name" }, name), " ",
      el("span", { class: "tally" }, ...tally(counts),
        elsewhere ? el("span", { class: "fine" }, `${elsewhere} broke another clause`) : ""),
      about?.says ? el("span", { class: "says" }, about.says) : ""));
  if (only || opened.has(name)) {
    fill();
    details.open = true;
  }
  return details;
};

const worstOf = (hits) => hits.reduce((worst, { r }) => Math.min(worst, cameTo[r][0]), outcomes.length);
const worstFirst = (hits, others) => worstOf(hits) - worstOf(others);

const drawScenario = (state, hits) => {
  const { path, number, about, name } = scenarioOf(hits[0].i);
  const byCell = [...groupedBy(hits, ({ i }) => i).values()].sort(worstFirst);
  const several = new Set(hits.map(({ t }) => t)).size > 1;
  const list = el("ul", { class: "cells" }, byCell.slice(0, MOST).map((its) => drawChip(state, its, several)));
  const showAll = () => {
    list.append(...byCell.slice(MOST).map((its) => drawChip(state, its, several)));
    more.remove();
  };
  const more = el("button", { type: "button", click: showAll }, `the other ${byCell.length - MOST}`);
  return el("div", { class: "scenario" },
    el("h4", {}, name, path ? el("span", {}, ` ${path}:${number}`) : ""),
    about ? fine(about) : "", list, byCell.length > MOST ? more : "");
};

const drawChip = (state, its, several) => {
  const [{ i }] = its;
  const way = [scenarioOf(i).values, text(cells.way[i])].filter(Boolean).join(" ");
  const to = ({ t }) => ({ ...state, cell: idOf(i), on: targets[t] });
  if (!several) return el("li", {}, link(to(its[0]), sign(outcomeOf(its[0].r)), ` ${way}`));
  return el("li", {}, `${way} `, ...its.map((hit) => {
    const said = `${way} on ${targets[hit.t]}: ${outcomeOf(hit.r)}`;
    return el("a", { href: address(to(hit)), title: said, "aria-label": said }, sign(outcomeOf(hit.r)));
  }));
};
