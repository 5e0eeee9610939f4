// How many facts wait for whom: topics down, services across.
import { element } from "./draw.js";

const SERVICES = ["ingest", "annotation", "trainer", "eval", "registry"];
const DEAD = ".dead";
const MUCH = 1000;

/// @param topics in the order of the circle
/// @param reading as `/api/lag` says it
export function drawLag(place, topics, reading) {
  if (!reading.at) {
    place.replaceChildren(element("p", { class: "empty" }, "The broker has not said yet."));
    return;
  }
  const cells = new Map();
  for (const it of reading.items) {
    const service = SERVICES.find(name => it.consumer === name || it.consumer.startsWith(`${name}-`));
    const key = `${service} ${it.topic}`;
    cells.set(key, [...(cells.get(key) ?? []), it]);
  }
  const dead = topics.map(topic => topic + DEAD).filter(topic => cells.has(`registry ${topic}`) && behind(cells.get(`registry ${topic}`)) > 0);
  place.replaceChildren(element("table", { class: "figures lag" },
    element("caption", { class: "hidden" }, "Facts that wait, by topic and service"),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "topic"), ...SERVICES.map(name => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...[...topics, ...dead].map(topic => element("tr", {}, element("th", { scope: "row" }, topic),
      ...SERVICES.map(service => cell(cells.get(`${service} ${topic}`))))))));
}

function behind(items) {
  return Math.max(...items.map(it => it.facts));
}

function cell(items) {
  if (!items) return element("td", {});
  const most = behind(items);
  return element("td", { class: most > MUCH ? "bad" : most ? "some" : "soft", title: items.map(it => `${it.consumer}: ${it.facts}`).join("\n") },
    most.toLocaleString());
}
