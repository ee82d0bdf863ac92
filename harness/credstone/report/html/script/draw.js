// Elements, and the squares of the matrix.  Texts get into the page as texts alone: nothing here writes HTML.

const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const el = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name === "click" || name === "toggle") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
};
const link = (state, ...children) => el("a", { href: address(state) }, ...children);
const fine = (...children) => el("p", { class: "fine" }, ...children);
const sign = (outcome, name = outcome) =>
  el("span", { class: `mark ${outcome}`, role: "img", "aria-label": name }, marks[outcome]);
const tally = (counts) => Object.entries(counts).map(([outcome, count]) =>
  el("span", { class: `count ${outcome}` }, sign(outcome), ` ${count.toLocaleString("en")} `, outcome));
const told = (counts) =>
  Object.entries(counts).map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`).join(", ") || "no cells";

const names = Object.fromEntries(all(".matrix thead a").map((column) => [column.dataset.target, column.textContent]));
const short = (target) => names[target] ?? target;

const squares = all(".matrix a.square");
const asPrinted = ({ className, title, childNodes }) => ({ kind: className, title, said: [...childNodes] });
const whole = new Map(squares.map((square) => [square, asPrinted(square)]));
const squareOf = (counts) => {
  const [worst] = Object.keys(counts);
  if (!worst) return { kind: "square none", title: told(counts), said: ["·"] };
  const total = Object.values(counts).reduce((sum, count) => sum + count);
  const of = total > counts[worst] ? el("small", {}, `/${total}`) : "";
  const said = [el("span", { class: "mark" }, marks[worst]), el("span", { class: "of" }, `${counts[worst]}`, of)];
  return { kind: `square ${worst}${worst === "unsupported" && of ? " partly" : ""}`, title: told(counts), said };
};
const point = (element, here) => (here ? element.setAttribute("aria-current", "true") : element.removeAttribute("aria-current"));
const drawSquares = (state, hits) => {
  const keyOf = (page, target) => `${page}\n${target}`;
  const inSquare = groupedBy(isFiltered(state) ? hits : [], (hit) => keyOf(pageOf(hit), targets[hit.t]));
  for (const square of squares) {
    const { page, target } = square.dataset;
    const filtered = isFiltered(state) && squareOf(countsOf(inSquare.get(keyOf(page, target)) ?? []));
    const { kind, title, said } = filtered || whole.get(square);
    square.className = kind;
    square.title = title;
    square.replaceChildren(...said);
    square.setAttribute("aria-label", `${page} on ${target}: ${title}`);
    square.href = address({ ...aboveCell(state), page, target: [target] });
    point(square, state.page === page && state.target?.includes(target));
  }
  for (const row of all(".matrix tbody th a")) point(row, row.textContent === state.page);
  for (const column of all(".matrix thead a")) point(column, state.target?.includes(column.dataset.target));
};

const heading = (up, where, title) => [
  el("p", { class: "up" }, link(up, `← ${where}`)),
  el("h2", { id: "view-title", tabindex: -1 }, title),
];
const clauseNotes = ({ level, section, since, erratum }) => [
  fine([
    section && `section ${section}`,
    level === "linux" && "the page is silent, Linux has always done so",
    since && `since ${since}`,
  ].filter(Boolean).join("; ")),
  erratum ? fine(el("b", {}, "Erratum: "), erratum) : "",
];
