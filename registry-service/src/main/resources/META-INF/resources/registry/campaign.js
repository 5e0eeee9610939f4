// One campaign from its alarm to the model that learned from it.
import { card, element, fetchJson, follow, line, notice } from "./draw.js";
import { timeline, trace } from "./timeline.js";

const place = document.getElementById("campaign");
const path = `/api/campaigns/${encodeURIComponent(place.dataset.campaign)}`;

function progress(story) {
  return element("div", { class: "gathered" },
    element("b", {}, String(story.judgements)), ` judgements of ${story.tasks} tasks`,
    element("progress", { max: Math.max(story.tasks, story.judgements), value: story.judgements, "aria-label": "judgements" }));
}

function draw(story) {
  document.title = `Campaign for ${story.model} · ${story.state} · Gyre`;
  place.replaceChildren(
    element("div", {},
      element("div", { class: "title" }, element("h1", {}, `Campaign for ${story.model}`),
        element("span", { class: "badge accent" }, story.state)),
      element("div", { class: "facts-of-run" },
        element("span", {}, "campaign ", element("b", { class: "mono" }, story.campaign)),
        element("span", {}, "project ", element("b", { class: "mono" }, story.project)),
        story.run
          ? element("span", {}, "run ", element("a", { class: "mono", href: `/runs/${encodeURIComponent(story.run)}` }, story.run))
          : null,
        trace(story.trace))),
    element("div", { class: "columns" },
      card("Stages", timeline(story.stages, story.facts)),
      element("div", { class: "stack" },
        card("Judgements", progress(story)),
        element("section", { class: "card flush" },
          element("h2", {}, `Turns of this story`),
          element("ol", { class: "feed short", tabindex: 0 }, ...story.facts.toReversed().map(line))))));
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
