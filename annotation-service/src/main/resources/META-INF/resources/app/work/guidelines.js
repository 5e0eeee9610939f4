// The guidelines beside the work. They have versions: a task that was lent under a newer one brings it along.
import { call, toast } from '../api.js';
import { Reading } from './reading.js';

const project = document.body.dataset.project;
const panel = document.getElementById('guidelines');
const button = document.getElementById('show-guidelines');
const frame = document.getElementById('guidelines-text');
let version = null;

function paint(text) {
  const reading = new Reading(text.trim() || 'This project has no guidelines. Judge as you would for a friend who asks.');
  reading.element.id = frame.id;
  reading.paint(true);
  document.getElementById(frame.id).replaceWith(reading.element);
}

export function toggleGuidelines(leave) {
  panel.hidden = !panel.hidden;
  button.setAttribute('aria-expanded', String(!panel.hidden));
  if (panel.hidden) leave();
  else panel.focus({ preventScroll: true });
}

// Looks whether this task was lent under guidelines that are not on the page yet.
export async function follow({ guidelineVersion }) {
  if (!(guidelineVersion > (version ?? 0))) return;
  const before = version;
  version = guidelineVersion;
  document.getElementById('guidelines-version').textContent = `version ${version}`;
  if (before === null) return;
  try {
    paint((await call('GET', `/api/projects/${project}`)).guidelines);
    toast(`The guidelines have changed: this is version ${version}.`, { kind: 'hint', action: { label: 'Show', run: () => { if (panel.hidden) button.click(); } } });
  } catch {
    version = before; // asked again with the next task
  }
}

paint(frame.textContent);
