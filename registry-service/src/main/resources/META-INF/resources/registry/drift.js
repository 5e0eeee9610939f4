// How watched streams went: each statistic of each window beside its threshold, alarms shaded.
import { badge, element, figure, moment, shape } from "./draw.js";

const WIDTH = 240, HEIGHT = 64, LEAST = 10;
const CRISP = { "vector-effect": "non-scaling-stroke" };

/// @param items as `/api/drift` says them
export function drawDrift(place, items) {
  const open = new Set([...place.querySelectorAll("details[open]")].map(it => it.dataset.stream));
  const streams = items.filter(it => it.windows.length);
  place.replaceChildren(...streams.map(it => streamCard(it, open.has(it.stream))));
  if (!streams.length) {
    place.replaceChildren(element("p", { class: "card empty" }, "No window was measured yet. Monitors begin with a champion's first traffic."));
  }
}

function streamCard(stream, open) {
  const alarm = stream.alarms.findLast(it => it.to === null);
  const last = stream.windows.at(-1);
  const names = [...new Map(last.statistics.map(it => [key(it), it])).values()];
  return element("article", { class: "card stream" },
    element("header", {}, element("h3", {}, stream.stream.replace("/", " · ")),
      badge(alarm ? "ALARM" : "WATCHING"),
      element("span", { class: "soft pull" }, `${last.model}, window ${last.number} at `, moment(last.at))),
    alarm ? element("p", { class: "why" }, alarm.explanation) : null,
    element("div", { class: "charts" }, ...names.map(it => chart(stream, it))),
    element("details", { class: "older", "data-stream": stream.stream, open },
      element("summary", {}, "Figures"), figures(stream, names)));
}

function key(statistic) {
  return `${statistic.statistic} ${statistic.detector}`;
}

function of(window, statistic) {
  return window.statistics.find(it => key(it) === key(statistic));
}

function chart(stream, statistic) {
  const points = stream.windows.map((window, index) => ({ window, index, it: of(window, statistic) })).filter(point => point.it);
  const numbers = points.flatMap(({ it }) => [it.value, it.threshold]);
  const low = Math.min(0, ...numbers), high = Math.max(...numbers, low + 1e-9);
  const slot = WIDTH / Math.max(LEAST, stream.windows.length);
  const x = index => (index + 0.5) * slot;
  const y = value => HEIGHT - 4 - (HEIGHT - 8) * (value - low) / (high - low);
  const path = (value, steps) => points.map((point, place) => {
    const broken = place === 0 || points[place - 1].window.era !== point.window.era;
    const height = y(value(point.it)).toFixed(1);
    return steps
      ? `${broken ? "M" : "L"}${(x(point.index) - slot / 2).toFixed(1)} ${height}h${slot.toFixed(1)}`
      : `${broken ? "M" : "L"}${x(point.index).toFixed(1)} ${height}`;
  }).join("");
  const now = points.at(-1).it;
  const label = `${statistic.statistic} by ${statistic.detector}: ${figure(now.value)} with threshold ${figure(now.threshold)}, ${points.length} windows`;
  return element("figure", {},
    element("figcaption", {}, element("span", {}, statistic.statistic.replaceAll("-", " "), element("small", {}, ` ${statistic.detector}`)),
      element("span", { class: tone(now.verdict) }, figure(now.value), element("small", {}, ` of ${figure(now.threshold)}`))),
    shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label },
      ...stream.alarms.map(alarm => shade(alarm, stream, slot)),
      ...stream.windows.flatMap((window, index) => index && stream.windows[index - 1].era !== window.era
        ? [shape("line", { ...CRISP, class: "era", x1: index * slot, x2: index * slot, y1: 0, y2: HEIGHT }, shape("title", {}, "a new reference"))] : []),
      shape("path", { ...CRISP, class: "threshold", d: path(it => it.threshold, true) }),
      shape("path", { ...CRISP, class: "value", d: path(it => it.value, false) }),
      ...points.filter(({ it }) => it.verdict !== "CALM").map(({ index, it }) =>
        shape("path", { ...CRISP, class: `mark ${tone(it.verdict)}`, d: `M${x(index).toFixed(1)} ${y(it.value).toFixed(1)}h.01` })),
      ...points.map(({ index, it, window }) => shape("rect", { class: "touch", x: index * slot, y: 0, width: slot, height: HEIGHT },
        shape("title", {}, `window ${window.number}, ${new Date(window.at).toLocaleTimeString()}, ${window.model}\n${figure(it.value, 4)}, threshold ${figure(it.threshold, 4)}: ${it.verdict.toLowerCase()}`)))));
}

function shade(alarm, stream, slot) {
  const to = alarm.to ?? stream.windows.length - 1;
  return shape("rect", { class: "alarm", x: alarm.from * slot, y: 0, width: Math.max(1, to - alarm.from + 1) * slot, height: HEIGHT },
    shape("title", {}, alarm.explanation));
}

function tone(verdict) {
  return { DRIFT: "bad", WARNING: "mild" }[verdict] ?? "";
}

function figures(stream, names) {
  const rows = stream.windows.slice(-20).reverse().map(window => element("tr", {},
    element("th", { scope: "row" }, String(window.number)), element("td", {}, moment(window.at)), element("td", {}, window.model),
    ...names.map(name => {
      const it = of(window, name);
      return element("td", { class: it ? tone(it.verdict) : "" }, it ? `${figure(it.value)} / ${figure(it.threshold)}` : "");
    })));
  return element("div", { class: "wide", tabindex: 0 }, element("table", { class: "figures" },
    element("caption", { class: "hidden" }, `${stream.stream}: value and threshold of the latest windows`),
    element("thead", {}, element("tr", {}, ...["window", "at", "model", ...names.map(key)].map(name => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows)));
}
