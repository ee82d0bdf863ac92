// The data of the page, as data.py packs it: texts, clauses, scenarios and what cells came to are named by their places.

const data = JSON.parse(document.getElementById("data").textContent);
const { targets, cells, cameTo } = data;
const outcomes = data.outcomes.map(([name]) => name);
const marks = Object.fromEntries(data.outcomes);

const text = (place) => data.texts[place ?? 0];

const clause = (place) => {
  const [id, level, section, says, since, erratum] = data.clauses[place];
  return { id, level, section, says, since, erratum };
};
const clausePlace = (id) => data.clauses.findIndex(([each]) => each === id);

const unpacked = [];
const scenario = (place) => (unpacked[place] ??= unpack(data.scenarios[place]));
const unpack = ([id, page, path, number, cites, about, asked, lines]) => {
  const name = text(id).slice(text(page).length + 1);
  const values = /\[.*$/s.exec(name)?.[0] ?? "";
  return {
    id: text(id), page: text(page), name: name.slice(0, name.length - values.length), values,
    path: text(path), number, cites, about: text(about), asked, lines,
  };
};
const scenarioOf = (i) => scenario(cells.scenario[i]);
const idOf = (i) => `${scenarioOf(i).id}@${text(cells.way[i])}`;

const places = new Map(cells.scenario.map((_, i) => [idOf(i), i]));
const atStake = new Map(data.differs); // by cell in which targets differ, the clause

// What a cell came to: its parts by name, where only the number of the outcome and of the clause are asked for at once.
const outcomeOf = (r) => outcomes[cameTo[r][0]];
const brokenBy = (r) => cameTo[r][11]?.[0];
const came = (r) => {
  const [, answers, choices, errata, lines, deviation, reason, privilege, wrong, expected, seen] = cameTo[r];
  return {
    outcome: outcomeOf(r), answers: (answers ?? []).map(text), choices: pairsOf(choices), errata: pairsOf(errata),
    lines: lines ?? [], deviation: (deviation ?? []).map(text), reason: text(reason), privilege: text(privilege),
    wrong: wrong?.[0], line: wrong?.[1], expected: text(expected), seen: text(seen), clause: brokenBy(r),
  };
};
const pairsOf = (flat = []) => flat.flatMap((place, n) => (n % 2 ? [] : [{ place, taken: text(flat[n + 1]) }]));

const linesOf = (i, result) => {
  const flat = result.lines.length ? result.lines : scenarioOf(i).lines;
  return flat.flatMap((number, n) => (n % 3 ? [] : [{ number, call: text(flat[n + 1]), expected: text(flat[n + 2]) }]));
};
