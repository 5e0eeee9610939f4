// The stages of a run or a campaign, one below the other.
import { duration, element, moment, spoken } from "./draw.js";

const MARKS = { DONE: "✓", FAILED: "✕", RUNNING: "…", WAITING: "" };
const WORDS = { DONE: "done", FAILED: "failed", RUNNING: "under way", WAITING: "waiting" };
const ABOUT_RUNS = new Set(["retrain", "train"]);

/// @param facts of the story, which name the causes
export function timeline(stages, facts) {
  const types = new Map(facts.map(fact => [fact.event, fact.type]));
  return element("ol", { class: "timeline" }, ...stages.map(it => stage(it, types)));
}

function stage(it, types) {
  return element("li", { class: it.state },
    element("span", { class: "dot", title: WORDS[it.state] }, MARKS[it.state]),
    element("div", {}, element("div", { class: "stage" }, it.name, element("span", { class: "hidden" }, `, ${WORDS[it.state]}`)),
      element("h3", {}, it.title)),
    element("div", { class: "done-in" }, it.at ? moment(it.at) : "", it.seconds ? element("div", {}, duration(it.seconds)) : ""),
    element("div", { class: "details" }, ...it.details.map(detail => element("div", {}, detail)), origin(it, types)));
}

function origin(it, types) {
  if (!it.id) return null;
  const id = ABOUT_RUNS.has(it.name) ? element("a", { href: `/runs/${encodeURIComponent(it.id)}` }, it.id) : it.id;
  const cause = types.get(it.cause);
  return element("div", { class: "origin" }, element("span", { class: "mono" }, id),
    cause ? ` · because of: ${spoken(cause).toLowerCase()}` : "");
}

/// The id that joins all facts of a story, in every service.
export function trace(id) {
  return element("span", {}, "trace ", element("a", { class: "mono", href: `/?trace=${id}`, title: "all facts with this trace id" }, id));
}
