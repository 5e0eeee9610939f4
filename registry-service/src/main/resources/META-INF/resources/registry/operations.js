// The operators' page: counts, models with their verdicts, runs, and facts as they happen.
import { badge, element, fetchJson, line, listen, moment, notice, score } from "./draw.js";

const KEPT = 250;
const counts = document.getElementById("counts"), feed = document.getElementById("feed");
const models = document.getElementById("models"), runs = document.getElementById("runs");
const topic = document.getElementById("topic"), pause = document.getElementById("pause");
const tiles = new Map();
const progress = new Map();
let waiting = [];
let stale = { models: true, runs: true };
const dead = document.getElementById("dead");
const mayRedrive = document.getElementById("dead-section").dataset.operator === "true";
let deadAt = 0;

function count(name, number) {
  let tile = tiles.get(name);
  if (!tile) {
    tile = { number: 0, value: element("b", {}, "0"), item: element("li", { class: "quiet" }) };
    tile.item.append(tile.value, element("span", {}, name));
    tiles.set(name, tile);
    counts.append(tile.item);
    topic.append(element("option", { value: name }, name));
  }
  tile.number = number;
  tile.value.textContent = number.toLocaleString();
  tile.item.classList.toggle("quiet", number === 0);
}

function show(fact, fresh) {
  const item = line(fact);
  item.classList.toggle("fresh", fresh);
  item.hidden = topic.value !== "" && topic.value !== fact.topic;
  if (fact.type === "TrainingProgressed") {
    progress.get(fact.key)?.remove();
    progress.set(fact.key, item);
  }
  feed.prepend(item);
  while (feed.childElementCount > KEPT) feed.lastElementChild.remove();
}

function hear(fact) {
  const tile = tiles.get(fact.topic);
  if (tile) {
    count(fact.topic, tile.number + 1);
    tile.item.classList.add("fresh");
    setTimeout(() => tile.item.classList.remove("fresh"), 900);
  }
  if (fact.topic === "models" || fact.topic === "evaluations") stale.models = true;
  if (fact.topic === "trainings" && fact.type !== "TrainingProgressed") stale.runs = true;
  waiting.push(fact);
  if (waiting.length > KEPT) waiting = waiting.slice(-KEPT);
}

function drain() {
  if (pause.getAttribute("aria-pressed") === "false" && waiting.length) {
    waiting.forEach(fact => show(fact, waiting.length < 20));
    waiting = [];
  }
  if (pause.getAttribute("aria-pressed") === "true") pause.textContent = waiting.length ? `Go on (${waiting.length})` : "Go on";
}

function versionLine(model, version) {
  const head = element("div", { class: "head" },
    element("span", { class: "number" }, `v${version.version}`), badge(version.state),
    ...model.aliases.filter(alias => alias.number === version.version).map(alias => element("span", { class: "badge" }, alias.alias)),
    version.run
      ? element("span", { class: "from" }, `from ${version.base} by `, element("a", { href: `/runs/${encodeURIComponent(version.run)}` }, "run"))
      : element("span", { class: "from" }, "imported"),
    moment(version.since));
  const examination = version.evaluations[0];
  if (!examination) return element("li", {}, head, element("p", { class: "why soft" }, "waits for its examination"));
  const reasons = examination.objections.length ? examination.objections : examination.reasons;
  return element("li", {}, head,
    element("p", { class: "why" }, badge(examination.verdict), " ", reasons.join(" · ")),
    element("div", { class: "scores" }, ...examination.scores.filter(it => it.slice === "all").map(score)));
}

function modelCard(model, workspace) {
  const champion = model.versions.find(version => version.state === "CHAMPION");
  const first = model.versions.filter((version, index) => index < 2 || version === champion);
  const older = model.versions.filter(version => !first.includes(version));
  return element("article", { class: "card model" },
    element("header", {}, element("h3", {}, model.name),
      element("span", { class: "soft" }, champion ? `v${champion.version} is champion` : "no champion yet"),
      element("span", { class: "pull mono" }, model.repository)),
    element("ul", { class: "versions" }, ...first.map(version => versionLine(model, version))),
    older.length
      ? element("details", { class: "older" }, element("summary", {}, `${older.length} older`),
        element("ul", { class: "versions" }, ...older.map(version => versionLine(model, version))))
      : null);
}

async function drawModels() {
  stale.models = false;
  const { items } = await fetchJson("/api/registry/models");
  const all = await Promise.all(items.map(item => fetchJson(`/api/registry/models/${encodeURIComponent(item.name)}`)));
  models.replaceChildren(...all.map(model => modelCard(model)));
  if (!all.length) models.replaceChildren(element("p", { class: "card empty" }, "No model yet. Import one, or let a run finish."));
}

async function drawRuns() {
  stale.runs = false;
  const { items } = await fetchJson("/api/activity?type=TrainingRequested&last=12");
  runs.replaceChildren(...items.reverse().map(fact => element("li", {},
    element("a", { href: `/runs/${encodeURIComponent(fact.key)}`, class: "mono" }, fact.key.slice(0, 8)),
    element("span", {}, fact.summary), moment(fact.time))));
  if (!items.length) runs.replaceChildren(element("li", { class: "empty" }, "No run yet."));
}

/// Whoever may not see dead letters, or has none, sees no section for them.
async function drawDead() {
  deadAt = Date.now();
  const { groups } = await fetchJson("/api/dead-letters");
  document.getElementById("dead-section").hidden = groups.length === 0;
  dead.replaceChildren(...groups.map(group => {
    const again = element("button", { type: "button" }, `Send ${group.waiting} again`);
    again.addEventListener("click", async () => {
      again.disabled = true;
      try {
        await fetchJson("/api/dead-letters/redrive", { topic: group.topic, consumer: group.consumer, kind: group.kind });
        await drawDead();
      } catch (failure) {
        notice(failure.message);
        again.disabled = false;
      }
    });
    return element("li", {}, element("span", { class: "mono" }, group.topic),
      element("span", {}, `${group.consumer}: ${group.letters[0].reason}`), moment(group.last), again);
  }));
}

async function refresh() {
  try {
    if (mayRedrive && Date.now() - deadAt > 5000) await drawDead();
    if (stale.models) await drawModels();
    if (stale.runs) await drawRuns();
  } catch (failure) {
    notice(failure.message);
  }
}

pause.addEventListener("click", () => {
  const paused = pause.getAttribute("aria-pressed") === "false";
  pause.setAttribute("aria-pressed", paused);
  pause.textContent = paused ? "Go on" : "Pause";
  drain();
});
topic.addEventListener("change", () => {
  for (const item of feed.children) item.hidden = topic.value !== "" && topic.value !== item.dataset.topic;
});

try {
  const { items, next } = await fetchJson("/api/activity?last=600");
  Object.entries(await fetchJson("/api/activity/counts")).forEach(([name, number]) => count(name, number));
  items.forEach(fact => show(fact, false));
  listen(`/api/activity/stream?after=${next}`, hear);
} catch (failure) {
  notice(failure.message);
}
await refresh();
setInterval(drain, 250);
setInterval(refresh, 1500);
