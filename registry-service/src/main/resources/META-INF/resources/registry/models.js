// Models with their versions, verdicts and scorecards, and the way back to a former champion.
import { badge, element, fetchJson, moment, score } from "./draw.js";
import { scorecards } from "./scorecards.js";

/// @param mayRollBack whether this person may
/// @return false where somebody is writing a reason: nothing is drawn then
export function drawModels(place, models, mayRollBack) {
  if (place.querySelector(".rollback[open]")) return false;
  const open = new Set([...place.querySelectorAll("details[open]")].map(it => it.dataset.key));
  place.replaceChildren(...models.map(model => modelCard(model, mayRollBack, open)));
  if (!models.length) place.replaceChildren(element("p", { class: "card empty" }, "No model yet. Import one, or let a run finish."));
  return true;
}

function modelCard(model, mayRollBack, open) {
  const champion = model.versions.find(version => version.state === "CHAMPION");
  const first = model.versions.filter((version, index) => index < 2 || version === champion);
  const older = model.versions.filter(version => !first.includes(version));
  const line = version => versionLine(model, version, champion, mayRollBack);
  return element("article", { class: "card model" },
    element("header", {}, element("h3", {}, model.name),
      element("span", { class: "soft" }, champion ? `v${champion.version} is champion` : "no champion yet"),
      element("span", { class: "pull mono" }, model.repository)),
    element("ul", { class: "versions" }, ...first.map(line)),
    older.length ? more(`${model.name} older`, open, `${older.length} older`, element("ul", { class: "versions" }, ...older.map(line))) : null,
    more(`${model.name} scorecards`, open, "Scorecards over versions", scorecards(model)));
}

function more(key, open, title, content) {
  return content ? element("details", { class: "older", "data-key": key, open: open.has(key) }, element("summary", {}, title), content) : null;
}

function versionLine(model, version, champion, mayRollBack) {
  const head = element("div", { class: "head" },
    element("span", { class: "number" }, `v${version.version}`), badge(version.state),
    ...model.aliases.filter(alias => alias.number === version.version).map(alias => element("span", { class: "badge" }, alias.alias)),
    version.run
      ? element("span", { class: "from" }, `from ${version.base} by `, element("a", { href: `/runs/${encodeURIComponent(version.run)}` }, "run"))
      : element("span", { class: "from" }, "imported"),
    moment(version.since));
  const back = mayRollBack && champion && version.state === "RETIRED" ? rollBack(model, version, champion) : null;
  const examination = version.evaluations[0];
  if (!examination) return element("li", {}, head, element("p", { class: "why soft" }, "waits for its examination"), back);
  const reasons = examination.objections.length ? examination.objections : examination.reasons;
  return element("li", {}, head,
    element("p", { class: "why" }, badge(examination.verdict), " ", reasons.join(" · ")),
    element("div", { class: "scores" }, ...examination.scores.filter(it => it.slice === "all").map(it => score(it, model.suites[it.suite]))), back);
}

function rollBack(model, version, champion) {
  const reason = element("input", { name: "reason", required: true, maxlength: 500, placeholder: `Why v${champion.version} has to go` , "aria-label": "Reason" });
  const problem = element("output", { class: "bad", role: "alert" });
  const send = element("button", {}, `Make v${version.version} champion again`);
  const form = element("form", {}, reason, send, problem);
  const whole = element("details", { class: "rollback" }, element("summary", {}, `Roll back to v${version.version}…`), form);
  form.addEventListener("submit", async event => {
    event.preventDefault();
    send.disabled = true;
    problem.textContent = "";
    try {
      await fetchJson(`/api/registry/models/${encodeURIComponent(model.name)}/rollback`, { to: version.version, reason: reason.value });
      whole.open = false;
    } catch (failure) {
      problem.textContent = failure.message;
      send.disabled = false;
    }
  });
  whole.addEventListener("toggle", () => whole.open && reason.focus());
  return whole;
}
