// One run through every stage.
import { card, curve, element, fetchJson, follow, line, notice, score } from "./draw.js";
import { timeline, trace } from "./timeline.js";

const place = document.getElementById("run");
const path = `/api/runs/${encodeURIComponent(place.dataset.run)}`;

function row(name, value) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, String(value)));
}

/// Suite after suite, each under the name of its data set; a whole suite before its slices.
function scores(story) {
  const suites = [...new Set(story.scores.map(it => it.suite))];
  return suites.flatMap(suite => {
    const own = story.scores.filter(it => it.suite === suite);
    return [element("h3", {}, story.suites[suite] ?? suite, element("small", {}, ` ${own[0].rows} rows held out`)), ...own.map(it => score(it))];
  });
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
        element("span", {}, "data set ", element("b", { class: "mono" }, story.dataset)),
        story.campaign
          ? element("span", {}, "campaign ", element("a", { class: "mono", href: `/campaigns/${encodeURIComponent(story.campaign)}` }, story.campaign))
          : null,
        trace(story.trace)),
      element("p", {}, story.reason)),
    element("div", { class: "columns" },
      element("div", { class: "stack" }, card("Stages", timeline(story.stages, story.facts))),
      element("div", { class: "stack" },
        story.steps.length ? card("Loss", curve(story.steps)) : null,
        story.scores.length ? card("Candidate against champion", element("div", { class: "scores" }, ...scores(story))) : null,
        card("Recipe", element("table", { class: "settings" }, element("tbody", {},
          row("method", recipe.method), row("adapter", recipe.adapter), row("seed", story.seed), ...settings))))),
    element("details", { class: "card", open },
      element("summary", {}, `${story.facts.length} facts`),
      element("ol", { class: "feed" }, ...story.facts.map(line))));
}

async function refresh() {
  try {
    const story = await fetchJson(path);
    draw(story);
    notice("");
    return story.trace;
  } catch (failure) {
    place.replaceChildren(element("p", { class: "card empty" }, failure.message));
    return null;
  }
}

await follow(refresh);
