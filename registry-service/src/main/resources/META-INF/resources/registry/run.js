// One run through every stage.
import { curve, duration, element, fetchJson, line, listen, moment, notice, score } from "./draw.js";

const place = document.getElementById("run");
const run = place.dataset.run;
const path = `/api/runs/${encodeURIComponent(run)}`;
const MARKS = { DONE: "✓", FAILED: "✕", RUNNING: "…", WAITING: "" };
const WORDS = { DONE: "done", FAILED: "failed", RUNNING: "under way", WAITING: "waiting" };
let changed = false;
let story = run;

function stage(it) {
  return element("li", { class: it.state },
    element("span", { class: "dot", title: WORDS[it.state] }, MARKS[it.state]),
    element("div", {}, element("div", { class: "stage" }, it.name, element("span", { class: "hidden" }, `, ${WORDS[it.state]}`)),
      element("h3", {}, it.title)),
    element("div", { class: "done-in" }, it.at ? moment(it.at) : "", it.seconds ? element("div", {}, duration(it.seconds)) : ""),
    it.details.length ? element("div", { class: "details" }, ...it.details.map(detail => element("div", {}, detail))) : null);
}

function row(name, value) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, String(value)));
}

function card(title, ...content) {
  return element("section", { class: "card" }, element("h2", {}, title), ...content);
}

function draw(story) {
  document.title = `${story.version ?? story.model} · ${story.state} · Gyre`;
  const open = place.querySelector("details")?.open ?? false;
  const recipe = story.recipe;
  const settings = Object.entries(recipe.settings).sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => row(name, value));
  place.replaceChildren(
    element("div", {},
      element("div", { class: "title" }, element("h1", {}, story.version ?? `a new version of ${story.model}`),
        element("span", { class: "badge accent" }, story.state)),
      element("div", { class: "facts-of-run" },
        element("span", {}, "run ", element("b", { class: "mono" }, story.run)),
        element("span", {}, "from ", element("b", {}, story.base)),
        element("span", {}, "data set ", element("b", { class: "mono" }, story.dataset))),
      element("p", {}, story.reason)),
    element("div", { class: "columns" },
      element("div", { class: "stack" },
        card("Stages", element("ol", { class: "timeline" }, ...story.stages.map(stage)))),
      element("div", { class: "stack" },
        story.steps.length ? card("Loss", curve(story.steps)) : null,
        story.scores.length ? card("Candidate against champion", element("div", { class: "scores" }, ...story.scores.map(score))) : null,
        card("Recipe", element("table", { class: "settings" }, element("tbody", {},
          row("method", recipe.method), row("adapter", recipe.adapter), row("seed", story.seed), ...settings))))),
    element("details", { class: "card", open },
      element("summary", {}, `${story.facts.length} facts`),
      element("ol", { class: "feed" }, ...story.facts.map(line))));
}

async function refresh() {
  changed = false;
  try {
    const told = await fetchJson(path);
    story = told.story;
    draw(told);
    notice("");
  } catch (failure) {
    place.replaceChildren(element("p", { class: "card empty" }, failure.message));
  }
}

await refresh();
const { next } = await fetchJson(`/api/activity?correlation=${encodeURIComponent(story)}&last=1`).catch(() => ({ next: 0 }));
listen(`/api/activity/stream?correlation=${encodeURIComponent(story)}&after=${next}`, () => { changed = true; });
setInterval(() => changed && refresh(), 700);
