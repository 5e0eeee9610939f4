// Elements, figures and drawings that both pages use.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter(child => child !== undefined && child !== null));
  return node;
}

export function figure(value, digits = 3) {
  return value === null || value === undefined ? "–" : Number(value).toFixed(digits).replace("-", "−");
}

export function signed(value, digits = 3) {
  return (value > 0 ? "+" : "") + figure(value, digits);
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 0.95) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

export function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return element("time", { datetime: text, title: at.toLocaleString() }, (today ? "" : DAY.format(at) + " ") + CLOCK.format(at));
}

const BADGES = {
  CHAMPION: ["accent", "champion"], CANDIDATE: ["mild", "candidate"], RETIRED: ["", "former champion"], REJECTED: ["", "not promoted"],
  PASS: ["good", "pass"], FAIL: ["bad", "fail"], INCONCLUSIVE: ["mild", "inconclusive"], FAILED: ["bad", "not examined"], FELL_SHORT: ["bad", "rated worse"],
};

export function badge(word) {
  const [tone, text] = BADGES[word] ?? ["", word.toLowerCase()];
  return element("span", { class: `badge ${tone}` }, text);
}

const lowerIsBetter = metric => metric.startsWith("nats") || metric.includes("perplexity") || metric.includes("loss");

/// Candidate against champion: the difference and its 95 % interval on an axis with zero.
export function score(it) {
  const down = lowerIsBetter(it.metric);
  const name = element("span", {}, it.metric.replaceAll("-", " "),
    it.slice === "all" ? "" : element("small", {}, ` ${it.slice}`),
    element("small", {}, down ? " ↓" : " ↑"));
  name.title = `${down ? "lower" : "higher"} is better; ${it.rows} rows of ${it.suite}`;
  if (it.difference === null || it.difference === undefined) {
    return element("div", { class: "score" }, name, element("span", { class: "soft" }, `${it.rows} rows`),
      element("span", { class: "figures" }, figure(it.candidate)));
  }
  const tone = it.low === null || it.high === null ? ""
    : (down ? it.high < 0 : it.low > 0) ? "good" : (down ? it.low > 0 : it.high < 0) ? "bad" : "";
  const guess = it.baseline === null || it.baseline === undefined ? "" : `${it.metric.startsWith("preference") ? "length-only guess" : "commonest label"} ${figure(it.baseline)}`;
  const figures = element("span", { class: "figures" }, `${figure(it.champion)} → ${figure(it.candidate)} `,
    element("b", {}, signed(it.difference)), guess ? element("small", {}, element("br"), guess) : "");
  return element("div", { class: "score" }, name, interval(it, tone), figures);
}

function interval(it, tone) {
  const low = it.low ?? it.difference, high = it.high ?? it.difference;
  const reach = 1.15 * Math.max(Math.abs(low), Math.abs(high), Math.abs(it.difference), 1e-9);
  const x = value => (100 + 96 * value / reach).toFixed(2);
  const label = `difference ${signed(it.difference)}, 95 % interval ${figure(low)} to ${figure(high)}`;
  return shape("svg", { viewBox: "0 0 200 24", preserveAspectRatio: "none", role: "img", "aria-label": label, class: `interval ${tone}` },
    shape("title", {}, label),
    shape("line", { class: "axis", x1: 2, x2: 198, y1: 12, y2: 12, "vector-effect": "non-scaling-stroke" }),
    shape("line", { class: "zero", x1: 100, x2: 100, y1: 1, y2: 23, "vector-effect": "non-scaling-stroke" }),
    shape("line", { class: "range", x1: x(low), x2: x(high), y1: 12, y2: 12, "vector-effect": "non-scaling-stroke" }),
    shape("line", { class: "point", x1: x(it.difference), x2: x(it.difference), y1: 5, y2: 19, "vector-effect": "non-scaling-stroke" }));
}

/// Loss over steps.
export function curve(steps) {
  const width = 640, height = 190, left = 46, right = 12, top = 12, bottom = 24;
  const most = Math.max(...steps.map(it => it.step)), least = Math.min(...steps.map(it => it.step));
  const high = Math.max(...steps.map(it => it.loss)), low = Math.min(...steps.map(it => it.loss));
  const span = high - low || Math.abs(high) || 1;
  const x = step => left + (width - left - right) * (most === least ? 1 : (step - least) / (most - least));
  const y = loss => top + (height - top - bottom) * (1 - (loss - low) / span);
  const path = steps.map((it, index) => `${index ? "L" : "M"}${x(it.step).toFixed(1)} ${y(it.loss).toFixed(1)}`).join("");
  const last = steps.at(-1);
  const label = `Loss from ${figure(steps[0].loss)} at step ${steps[0].step} to ${figure(last.loss)} at step ${last.step}`;
  const lines = [low, low + span / 2, low + span].flatMap(value => [
    shape("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
    shape("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, figure(value, 2))]);
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "curve", role: "img", "aria-label": label }, ...lines,
    shape("text", { x: left, y: height - 4 }, `step ${least}`),
    shape("text", { x: width - right, y: height - 4, "text-anchor": "end" }, `step ${most}`),
    shape("path", { class: "loss", d: path }),
    shape("circle", { class: "last", cx: x(last.step), cy: y(last.loss), r: 3.5 }));
}

const GOOD = new Set(["ChampionPromoted", "TrainingCompleted", "DatasetFrozen"]);
const BAD = new Set(["TrainingFailed", "EvaluationFailed", "AnswersFailed", "DriftDetected"]);

/// `ChampionPromoted` as people say it.
export function spoken(type) {
  const words = type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

export function line(fact) {
  const tone = GOOD.has(fact.type) ? "good" : BAD.has(fact.type) ? "bad" : "";
  const isRun = fact.topic === "trainings";
  const what = element("span", { class: `what ${tone}` }, spoken(fact.type));
  return element("li", { "data-topic": fact.topic }, moment(fact.time),
    element("div", {}, isRun ? element("a", { href: `/runs/${encodeURIComponent(fact.key)}` }, what) : what,
      element("span", { class: "topic" }, fact.topic)),
    element("p", {}, fact.summary));
}

/// @param body what is posted; without one the path is read
export async function fetchJson(path, body) {
  const answer = await fetch(path, body === undefined
    ? { headers: { Accept: "application/json" } }
    : { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (answer.ok) return answer.json();
  if (answer.status === 401) notice("Your login has expired. Reload the page to log in again.");
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail ?? `${path} answered ${answer.status}`);
}

export function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.hidden = !text;
}

/// Facts from an id on; goes on by itself after an interruption.
export function listen(path, hear) {
  const state = document.getElementById("line");
  const show = (word, text) => { state.dataset.state = word; state.lastElementChild.textContent = text; };
  const source = new EventSource(path);
  source.onopen = () => show("live", "live");
  source.onerror = () => {
    const over = source.readyState === EventSource.CLOSED;
    show("lost", over ? "stopped" : "reconnecting");
    if (over) notice("The stream of facts has ended. Reload the page to log in again.");
  };
  source.onmessage = message => hear(JSON.parse(message.data));
}
