// What each version scored on each suite, the newest first, and how the figures moved.
import { badge, better, element, figure, shape, signed } from "./draw.js";

const SHOWN = 8;

/// @param model as `/api/registry/models/{name}` says it
export function scorecards(model) {
  const versions = model.versions.map(it => ({ version: it.version, examined: it.evaluations.find(one => one.scores.length) }))
    .filter(it => it.examined).slice(0, SHOWN);
  if (!versions.length) return null;
  const rows = new Map();
  for (const version of versions) {
    for (const it of version.examined.scores) {
      const key = `${it.suite} ${it.slice} ${it.metric}`;
      if (!rows.has(key)) rows.set(key, { ...it, cells: new Map() });
      rows.get(key).cells.set(version.version, it);
    }
  }
  const ordered = [...rows.values()].sort((a, b) => name(model, a).localeCompare(name(model, b)) || (b.slice === "all") - (a.slice === "all"));
  return element("div", { class: "wide", tabindex: 0 }, element("table", { class: "figures scorecard" },
    element("caption", { class: "hidden" }, `Scores of ${model.name} by version`),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "suite"), element("th", { scope: "col" }, "course"),
      ...versions.map(it => element("th", { scope: "col" }, `v${it.version} `, badge(it.examined.verdict))))),
    element("tbody", {}, ...ordered.map(row => element("tr", {},
      element("th", { scope: "row" }, name(model, row), row.slice === "all" ? "" : ` · ${row.slice}`,
        element("small", {}, ` ${row.metric.replaceAll("-", " ")} ${better(row.metric) > 0 ? "↑" : "↓"}`)),
      element("td", {}, course(versions.toReversed().map(it => row.cells.get(it.version)?.candidate))),
      ...versions.map(it => cell(row.cells.get(it.version))))))));
}

function name(model, row) {
  return model.suites[row.suite] ?? row.suite;
}

function cell(it) {
  if (!it) return element("td", { class: "soft" }, "–");
  if (it.difference === null || it.low === null || it.high === null) return element("td", {}, figure(it.candidate));
  const sign = better(it.metric);
  const tone = sign * it.low > 0 && sign * it.high > 0 ? "good" : sign * it.low < 0 && sign * it.high < 0 ? "bad" : "";
  return element("td", { title: `${it.rows} rows; champion ${figure(it.champion)}` }, figure(it.candidate),
    element("small", { class: tone }, ` ${signed(it.difference)} [${figure(it.low)}, ${figure(it.high)}]`));
}

function course(values) {
  const known = values.map((value, index) => ({ value, index })).filter(it => it.value !== undefined);
  if (known.length < 2) return "";
  const low = Math.min(...known.map(it => it.value)), high = Math.max(...known.map(it => it.value));
  const x = index => 4 + 72 * index / (values.length - 1);
  const y = value => high === low ? 11 : 18 - 14 * (value - low) / (high - low);
  const label = known.map(it => figure(it.value)).join(", then ");
  return shape("svg", { viewBox: "0 0 80 22", class: "course", role: "img", "aria-label": label }, shape("title", {}, label),
    shape("path", { d: known.map((it, at) => `${at ? "L" : "M"}${x(it.index).toFixed(1)} ${y(it.value).toFixed(1)}`).join("") }),
    shape("circle", { cx: x(known.at(-1).index), cy: y(known.at(-1).value), r: 2.5 }));
}
