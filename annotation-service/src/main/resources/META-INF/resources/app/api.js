// The API as the pages see it, and the few pieces that all pages share.

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Calls the API. Status 0 is a network that is away, 401 a login that has expired.
export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        'X-Requested-With': 'JavaScript',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
  } catch {
    throw new Problem(0, 'The server cannot be reached. Check your connection.');
  }
  if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 499) {
    throw new Problem(401, 'Your login has expired.');
  }
  const type = response.headers.get('Content-Type') ?? '';
  const content = type.includes('json') ? await response.json() : null;
  if (!response.ok) {
    throw new Problem(response.status, content?.detail ?? `The server answered ${response.status}. Try again in a moment.`);
  }
  return content;
}

// Makes an element: h('p', { class: 'soft' }, 'text', child).
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function toast(message, { kind = 'error', action, seconds = 8 } = {}) {
  const box = document.getElementById('toasts');
  const note = h('div', { class: `toast ${kind}` }, h('p', {}, message));
  if (action) {
    note.append(h('button', { class: 'button', type: 'button', onclick: () => { note.remove(); action.run(); } }, action.label));
  }
  box.append(note);
  setTimeout(() => note.remove(), seconds * 1000);
}

// Logs in again in a second window, so that this one keeps what was written, and then goes on.
export function loginAgain(goOn) {
  const channel = new BroadcastChannel('gyre-login');
  channel.onmessage = () => {
    channel.close();
    goOn();
  };
  window.open('/welcome', 'gyre-login', 'popup,width=520,height=680');
}

export const percent = (part, whole) => (whole ? Math.round((100 * part) / whole) : 0);

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export function track(label, part, whole) {
  const done = percent(part, whole);
  const bar = h('span');
  bar.style.width = `${done}%`;
  return h('div', {
    class: 'track', role: 'progressbar', 'aria-label': label,
    'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': done,
  }, bar);
}

export const questionNames = {
  PAIRWISE: 'Compare two answers', RANKING: 'Rank answers', RATING: 'Rate on a scale', LABEL: 'Choose a label', LABELS: 'Choose labels',
  SPANS: 'Mark parts of a text', TEXT: 'Write a remark', DEMONSTRATION: 'Write an answer', EDIT: 'Improve an answer', TURNS: 'Judge a conversation',
};
