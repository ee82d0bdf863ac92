// What is shown is what the fragment of the address says, so that every view can be linked; and which cells that is.

const LISTS = ["target", "api", "verdict"];
const FILTERS = ["q", "api", "verdict", "actor", "clause", "differs"]; // they change what squares count

const read = () => {
  const state = {};
  const fragment = location.hash.slice(1);
  for (const part of fragment.includes("=") ? fragment.split("&") : []) {
    const [name, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    try {
      if (value) state[name] = LISTS.includes(name) ? value.split(",").map(decodeURIComponent) : decodeURIComponent(value);
    } catch {
      // no fragment that this page has written
    }
  }
  return state;
};

const encoded = (value) => encodeURIComponent(value).replace(/%(2F|3A|40)/g, decodeURIComponent);
const address = (state) => "#" + Object.entries(state)
  .filter(([, value]) => value?.length)
  .map(([name, value]) => `${name}=${[value].flat().map(encoded).join(",")}`)
  .join("&");

const isEmpty = (state) => !Object.keys(state).length;
const isFiltered = (state) => FILTERS.some((name) => state[name]);
const aboveCell = ({ cell, on, ...rest }) => rest;

// Text is looked for word by word, in all that is known of a cell: each kind of text is searched once, not in each cell.

const lowered = {};
const lower = (kind, all, say) => (lowered[kind] ??= all.map((_, place) => say(place).toLowerCase()));
const sayClause = (place) => (place === undefined ? "" : `${clause(place).id} ${clause(place).says}`);
const sayScenario = (place) => {
  const { id, about, path, cites, lines } = scenario(place);
  return [id, about, path, ...cites.map(sayClause), ...lines.map((each, n) => (n % 3 ? text(each) : ""))].join("\n");
};
const sayCame = (r) => {
  const { answers, reason, expected, seen, deviation, clause: broken } = came(r);
  return [reason, expected, seen, ...deviation, ...answers, sayClause(broken)].join("\n");
};
const speaksOf = (q = "") => {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return () => true;
  const hits = (texts) => words.map((word) => texts.map((each) => each.includes(word)));
  const scenarios = hits(lower("scenario", data.scenarios, sayScenario));
  const results = hits(lower("came", cameTo, sayCame));
  const ways = hits(lower("text", data.texts, text));
  return (i, r) => words.every((_, w) => scenarios[w][cells.scenario[i]] || results[w][r] || ways[w][cells.way[i]]);
};

const fitting = (state) => {
  const speaks = speaksOf(state.q);
  const place = state.clause && clausePlace(state.clause);
  return (i, r) =>
    (!state.api || state.api.includes(text(cells.api[i]))) &&
    (!state.actor || state.actor === text(cells.actor[i])) &&
    (!state.verdict || state.verdict.includes(outcomeOf(r))) &&
    (!state.differs || (atStake.has(i) && ["1", clause(atStake.get(i)).id].includes(state.differs))) &&
    (!state.clause || brokenBy(r) === place || scenarioOf(i).cites.includes(place)) &&
    speaks(i, r);
};

// A hit is a cell, a target, and what the cell came to there.
const hitsOf = (state) => {
  const fits = fitting(state);
  const hits = [];
  cells.scenario.forEach((_, i) => targets.forEach((target, t) => {
    const r = cells.on[t][i];
    if (r >= 0 && fits(i, r)) hits.push({ i, t, r });
  }));
  return hits;
};
const pageOf = ({ i }) => scenarioOf(i).page;
const isChosen = (state) => (hit) =>
  (!state.page || state.page === pageOf(hit)) && (!state.target || state.target.includes(targets[hit.t]));

const countsOf = (hits) => {
  const counts = outcomes.map(() => 0);
  for (const { r } of hits) counts[cameTo[r][0]]++;
  return Object.fromEntries(outcomes.map((outcome, n) => [outcome, counts[n]]).filter(([, count]) => count));
};
const groupedBy = (items, keysOf) => {
  const groups = new Map();
  for (const item of items)
    for (const key of [keysOf(item)].flat()) groups.has(key) ? groups.get(key).push(item) : groups.set(key, [item]);
  return groups;
};
