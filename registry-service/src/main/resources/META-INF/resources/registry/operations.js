// The operators' page: what each part shows and when it is drawn anew.
import { element, fetchJson, line, listen, moment, notice } from "./draw.js";
import { drawDrift } from "./drift.js";
import { drawLag } from "./lag.js";
import { drawModels } from "./models.js";

const KEPT = 250;
const counts = document.getElementById("counts"), feed = document.getElementById("feed");
const models = document.getElementById("models"), runs = document.getElementById("runs");
const topic = document.getElementById("topic"), pause = document.getElementById("pause");
const tiles = new Map();
const progress = new Map();
let waiting = [];
const stale = { models: true, runs: true, campaigns: true, drift: true };
const drift = document.getElementById("drift"), lag = document.getElementById("lag"), campaigns = document.getElementById("campaigns");
const traced = new URLSearchParams(location.search).get("trace");
const dead = document.getElementById("dead");
const isOperator = document.getElementById("dead-section").dataset.operator === "true";
let deadAt = 0, lagAt = 0;

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
  if (fact.topic === "drift") stale.drift = true;
  if (["campaigns", "judgements", "datasets", "trainings", "models"].includes(fact.topic)) stale.campaigns = true;
  if (fact.topic === "trainings" && fact.type !== "TrainingProgressed") stale.runs = true;
  if (traced && fact.trace !== traced) return;
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

async function refreshModels() {
  const { items } = await fetchJson("/api/registry/models");
  const all = await Promise.all(items.map(item => fetchJson(`/api/registry/models/${encodeURIComponent(item.name)}`)));
  stale.models = !drawModels(models, all, models.dataset.publisher === "true");
}

async function refreshDrift() {
  stale.drift = false;
  drawDrift(drift, (await fetchJson("/api/drift")).items);
}

async function refreshLag() {
  lagAt = Date.now();
  drawLag(lag, [...tiles.keys()], await fetchJson("/api/lag"));
}

async function drawCampaigns() {
  stale.campaigns = false;
  const { items } = await fetchJson("/api/campaigns");
  document.getElementById("campaigns-section").hidden = !items.length;
  campaigns.replaceChildren(...items.map(it => element("li", {},
    element("a", { href: `/campaigns/${encodeURIComponent(it.campaign)}`, class: "mono" }, it.campaign.slice(0, 8)),
    element("span", {}, `${it.model}: ${it.state}`), element("small", {}, `${it.judgements} judgements`), moment(it.openedAt))));
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
    return element("li", { class: "letter" }, element("b", {}, group.topic, element("small", {}, ` for ${group.consumer}`)),
      moment(group.last), again, element("p", {}, group.letters[0].reason));
  }));
}

async function refresh() {
  try {
    if (isOperator && Date.now() - deadAt > 5000) await drawDead();
    if (isOperator && Date.now() - lagAt > 4000) await refreshLag();
    if (stale.models) await refreshModels();
    if (stale.campaigns) await drawCampaigns();
    if (stale.runs) await drawRuns();
    if (stale.drift) await refreshDrift();
  } catch (failure) {
    notice(failure.message);
  }
}

if (traced) {
  document.getElementById("traced").hidden = false;
  document.getElementById("trace-id").textContent = traced;
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
  const newest = await fetchJson("/api/activity?last=600");
  const items = traced ? (await fetchJson(`/api/activity?last=600&trace=${encodeURIComponent(traced)}`)).items : newest.items;
  Object.entries(await fetchJson("/api/activity/counts")).forEach(([name, number]) => count(name, number));
  items.forEach(fact => show(fact, false));
  listen(`/api/activity/stream?after=${newest.next}`, hear);
} catch (failure) {
  notice(failure.message);
}
await refresh();
setInterval(drain, 250);
setInterval(refresh, 1500);
