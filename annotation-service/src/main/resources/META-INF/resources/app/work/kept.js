// What this browser keeps for the one who works: it survives a closed tab and a dead network.
const mine = `gyre.${document.body.dataset.viewer}.`;
const WEEKS = 14 * 24 * 3600 * 1000;

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(mine + name));
  } catch {
    return null; // written by an older page
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(mine + name, JSON.stringify(value));
  } catch {
    // A full store: the work goes on, and what is on the screen is still sent.
  }
}

export function drop(name) {
  localStorage.removeItem(mine + name);
}

export function keptNames(prefix) {
  return Object.keys(localStorage).filter((key) => key.startsWith(mine + prefix)).map((key) => key.slice(mine.length));
}

// Drafts hold everything that was answered on a task but not submitted.
export const drafts = {
  of: (task) => kept(`draft.${task.task}`),
  keep: (task, draft) => keep(`draft.${task.task}`, { ...draft, at: Date.now() }),
  drop: (task) => drop(`draft.${task.task}`),
  tidy: () => {
    for (const name of keptNames('draft.')) {
      if (!(kept(name)?.at > Date.now() - WEEKS)) drop(name);
    }
  },
};
