// One cell: its transcript beside what was expected, the clause, the facts, and the commands that lead on.

const drawCell = (state, hits) => {
  const i = places.get(state.cell);
  const up = aboveCell(state);
  const on = i === undefined ? [] : targets.filter((_, t) => cells.on[t][i] >= 0);
  if (!on.length) return heading(up, "back", `There is no cell ${state.cell} in this run`);
  const target = on.includes(state.on) ? state.on : on[0];
  const [{ name, path, number, about, cites }, result] = [scenarioOf(i), resultOn(i, target)];
  const [actor, api, agent] = [text(cells.actor[i]), text(cells.api[i]), text(cells.agent[i])];
  const told = result.answers.length > result.wrong && result.expected; // the transcript says what the reason would
  return [
    ...heading(up, isEmpty(up) ? "what failed" : "the list", name),
    el("p", { class: "verdict" }, sign(result.outcome), el("b", {}, ` ${result.outcome}`),
      ` on ${target}, as ${actor}, through ${api}`, ["native", "python"].includes(agent) ? "" : `, ${agent}`,
      drawSteps(state, hits, i, target)),
    about ? el("p", {}, about) : "",
    drawTranscript(i, result, target),
    told || !result.reason ? "" : el("p", { class: "reason" }, result.reason),
    told && unstable(result) ? el("p", { class: "reason" }, unstable(result)) : "",
    drawDeviation(result.deviation),
    result.clause === undefined ? "" : drawClause(result.clause, "broken"),
    ...result.errata.map(({ place, taken }) => drawClause(place, `erratum: as ${taken} has it`)),
    ...result.choices.map(({ place, taken }) => drawClause(place, `chosen: ${taken}`)),
    path ? fine(`${path}:${result.line || number}`) : "",
    data.actors[actor] ? fine(el("b", {}, actor), `: ${data.actors[actor]}`) : "",
    fine([data.systems[`${target}:${agent}`], result.privilege].filter(Boolean).join("; "), " ",
      el("a", { href: "#facts", click: (event) => openFacts(event, target) }, "all facts")),
    ...commandsOf(i, target).map(drawCommand),
    on.length > 1 ? drawOthers(state, i, target, on) : "",
    drawCited(cites),
  ];
};
// How often a cell that was run several times came to what, if that was not the same each time.
const unstable = ({ reason }) => (reason.startsWith("unstable: ") ? reason.split("; ")[0] : "");
const resultOn = (i, target) => came(cells.on[targets.indexOf(target)][i]);

// On to the next cell of the list that came to the same.
const drawSteps = (state, hits, i, target) => {
  const { outcome } = resultOn(i, target);
  const same = hits.filter(({ r }) => outcomeOf(r) === outcome);
  const at = same.findIndex((hit) => hit.i === i && targets[hit.t] === target);
  if (at < 0 || same.length < 2) return "";
  const step = (hit, name) => (hit ? link({ ...state, cell: idOf(hit.i), on: targets[hit.t] }, name) : name);
  return el("span", { class: "steps fine" },
    step(same[at - 1], "previous"), ` ${at + 1} of ${same.length} `, step(same[at + 1], "next"));
};

const COLUMNS = ["line", "call", "expected", "answered"];
const drawTranscript = (i, result, target) => {
  if (!result.answers.length && result.wrong === undefined) return "";
  const others = targets
    .filter((name, t) => name !== target && cells.on[t][i] >= 0)
    .map((name) => ({ name, answers: resultOn(i, name).answers }));
  const rows = linesOf(i, result).flatMap((line, n) => drawLine(line, n, result, others));
  const setUp = result.wrong === -1 ? [drawWrongSetUp(), drawFinding(result)] : [];
  return el("table", { class: "transcript" },
    el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, setUp, rows));
};
const drawLine = ({ number, call, expected }, n, result, others) => {
  const [wrong, answer] = [n === result.wrong, result.answers[n]];
  const elsewhere = others.filter(({ answers }) => answer !== undefined && n < answers.length && answers[n] !== answer);
  const also = [...groupedBy(elsewhere, ({ answers }) => answers[n])].map(([other, those]) => el("tr", { class: "also" }, el("td", {}),
    el("td", { colspan: 3 }, el("code", {}, other), ` on ${those.map(({ name }) => short(name)).join(", ")}`)));
  const row = el("tr", { class: wrong ? "wrong" : answer === undefined ? "never" : undefined },
    el("td", { class: "at" }, wrong ? [sign("fail", "wrong"), " "] : "", `${number || ""}`),
    el("td", { class: "call" }, call),
    el("td", { class: "expected", "data-is": "expected" }, expected || "(prepares)"),
    el("td", { class: "answer", "data-is": "answered" }, answer ?? "(not performed)"));
  const says = result.expected && (expected !== `= ${result.expected}` || answer !== result.seen);
  return [row, ...(wrong && says ? [drawFinding(result)] : []), ...also];
};
const drawFinding = ({ expected, seen }) =>
  el("tr", { class: "finding" }, el("td", {}), el("td", { colspan: 3 }, `${expected} expected, ${seen} seen`));
const drawWrongSetUp = () => el("tr", { class: "wrong" },
  el("td", { class: "at" }, sign("fail", "wrong")), el("td", { colspan: 3 }, "the set-up of the actor"));

const drawClause = (place, label = "") => {
  const about = clause(place);
  return el("div", { class: "clause" },
    el("p", {}, label ? [el("b", { class: "state" }, label), " "] : "", link({ clause: about.id }, about.id)),
    about.says ? el("p", { class: "says" }, about.says) : "", clauseNotes(about));
};
const drawCited = (cites) => (cites.length
  ? el("details", {}, el("summary", {}, `Clauses that the scenario cites: ${cites.length}`), cites.map((place) => drawClause(place)))
  : "");
const drawDeviation = ([name, state, says, where]) => {
  if (!name) return "";
  const leads = /^https?:\/\//.test(where) ? el("a", { href: where, rel: "noreferrer noopener" }, where) : where;
  return el("div", { class: "clause" }, el("p", {}, el("b", {}, `deviation ${name}, ${state}: `), says, " ", leads));
};
const drawOthers = (state, i, target, on) => el("p", {}, "This cell on ", on.map((name) => el(
  "a", { class: "chip", href: address({ ...state, on: name }), "aria-current": name === target },
  sign(resultOn(i, name).outcome), ` ${short(name)}`)));

const commandsOf = (i, target) => data.commands[scenarioOf(i).asked]
  .map((command) => command.replace(/\{(id|target)\}/g, (_, name) => (name === "id" ? inQuotes(idOf(i)) : shellWord(target))));
const inQuotes = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const shellWord = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : inQuotes(text));
const drawCommand = (command) => {
  const code = el("code", {}, command);
  const button = el("button", { type: "button", click: () => copy(button, code) }, "Copy");
  return el("div", { class: "command" }, code, button);
};
const copy = async (button, code) => {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // a browser that gives no file the clipboard
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
};
const openFacts = (event, target) => {
  event.preventDefault();
  const details = all("[data-facts]").find((each) => each.dataset.facts === target);
  if (details) details.open = true;
  const to = details ? $("summary", details) : $("#facts-title");
  to.focus();
  to.scrollIntoView();
};
