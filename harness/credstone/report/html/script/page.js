// The page follows the fragment; the keyboard goes where the eye goes.

const form = $("#filters");
const panel = $("#view");
let before = {};
let shown = "";

const show = (moved) => {
  const state = read();
  const any = !isEmpty(state);
  const hits = any ? hitsOf(state) : [];
  const chosen = hits.filter(isChosen(state));
  drawSquares(state, hits);
  const drawn = any ? (state.cell ? drawCell : drawList)(state, chosen) : [];
  panel.replaceChildren(...drawn.flat().filter((each) => each !== ""));
  panel.hidden = !any;
  $("#failures").classList.toggle("behind", any);
  fillForm(state);
  $("#said").textContent = any && !state.cell ? `${chosen.length} ${chosen.length === 1 ? "cell" : "cells"}` : "";
  if (moved) focusOn(state, any);
  before = state;
  shown = location.hash;
};
// Down to what was opened; and on the way up, to where one came from.
const focusOn = (state, any) => {
  const from = before.cell && !state.cell && all("a", panel).find((each) => each.hash === shown);
  const isBefore = ({ dataset }) => dataset.page === before.page && before.target?.includes(dataset.target);
  const square = !any && squares.find(isBefore);
  (from || square || (any ? $("#view-title") : $("#failures-title"))).focus();
};

const fillForm = (state) => {
  for (const input of form.elements)
    if (input.name === "differs") input.checked = Boolean(state.differs);
    else if (input.type === "checkbox") input.checked = Boolean(state[input.name]?.includes(input.value));
    else if (input.name && document.activeElement !== input) input.value = state[input.name] ?? "";
  $("#clear").disabled = isEmpty(state);
};
const ofForm = () => {
  const state = aboveCell(read());
  for (const name of ["q", "actor"]) state[name] = form.elements[name].value;
  for (const name of LISTS) state[name] = all(`input[name=${name}]:checked`, form).map((input) => input.value);
  if (!form.elements.differs?.checked) delete state.differs;
  else state.differs ??= "1";
  return state;
};
const put = (state) => {
  history.replaceState(null, "", address(state));
  show(false);
};

const DIRECTIONS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const rows = all(".matrix tbody tr").map((row) => all("a.square", row));
const walk = (event, square) => {
  const [down, right] = DIRECTIONS[event.key];
  const row = rows.findIndex((each) => each.includes(square));
  const next = rows[row + down]?.[rows[row].indexOf(square) + right];
  event.preventDefault();
  if (!next) return;
  square.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
};

addEventListener("hashchange", () => show(true));
addEventListener("keydown", (event) => {
  const square = event.target.closest?.("a.square");
  const typing = event.target.name === "q" && event.target.value;
  const state = read();
  if (event.key === "Escape" && !isEmpty(state) && !typing) location.hash = address(state.cell ? aboveCell(state) : {});
  else if (square && event.key in DIRECTIONS && !event.altKey && !event.ctrlKey && !event.metaKey) walk(event, square);
});
addEventListener("beforeprint", () => all("details.printed").forEach((each) => { each.open = true; }));
form.addEventListener("input", () => put(ofForm()));
form.addEventListener("submit", (event) => event.preventDefault());
$("#clear").addEventListener("click", () => { location.hash = ""; });

for (const anchor of all("[data-view]")) anchor.href = `#${anchor.dataset.view}`;
for (const anchor of all("nav a, .skip"))
  anchor.addEventListener("click", (event) => {
    const to = $(anchor.hash);
    event.preventDefault();
    if (anchor.hash === "#failures") put({});
    $("h2", to).focus();
    to.scrollIntoView();
  });
squares.forEach((square, n) => { square.tabIndex = n ? -1 : 0; });
for (const each of all(".scripted")) each.hidden = false;
form.hidden = false;
show(location.hash.includes("="));
