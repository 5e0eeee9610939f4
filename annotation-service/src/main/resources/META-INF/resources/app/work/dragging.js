// Rows that are dragged onto each other: before, after, or onto one, which is a tie. Only a convenience beside keys and buttons.
const rowAt = ({ target }) => target.closest?.('[data-id]');

function side(event, row) {
  const { top, height } = row.getBoundingClientRect();
  const part = (event.clientY - top) / height;
  return part < 0.3 ? 'before' : part > 0.7 ? 'after' : 'onto';
}

export function draggable(list, drop) {
  let held = null;
  const show = (row, place) => {
    for (const each of list.children) each.dataset.drop = each === row && each !== held ? place : '';
  };
  list.addEventListener('dragstart', (event) => {
    held = rowAt(event);
    event.dataTransfer.effectAllowed = 'move';
  });
  list.addEventListener('dragover', (event) => {
    const row = rowAt(event);
    if (!held || !row) return;
    event.preventDefault();
    show(row, side(event, row));
  });
  list.addEventListener('drop', (event) => {
    const row = rowAt(event);
    event.preventDefault();
    if (held && row && row !== held) drop(held.dataset.id, row.dataset.id, side(event, row));
  });
  list.addEventListener('dragend', () => {
    show(null);
    held = null;
  });
}
