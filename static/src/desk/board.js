// The board of Comuni: filters without leaving the page, checks a column or a stretch of it, counts what is checked.
// Without this script each of these is a link or a button that asks the server.
const board = document.querySelector('.board-form');
const filter = document.querySelector('.board-filter');
const search = filter.querySelector('[type=search]');
const ways = [...document.querySelectorAll('[data-show]')];
const rows = [...board.querySelectorAll('tr[data-state]')];
const boxes = rows.map((row) => row.querySelector('[type=checkbox]'));
const told = board.querySelector('[data-told]');

const plain = (text) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ');

const shown = () => boxes.filter((box) => !box.closest('tr').hidden);

const column = Object.assign(document.createElement('input'), { type: 'checkbox' });
column.setAttribute('aria-label', 'Scegli tutti quelli mostrati');
board.querySelector('thead th').replaceChildren(column);

function count() {
  const checked = boxes.filter((box) => box.checked);
  const here = shown();
  const apart = checked.filter((box) => box.closest('tr').hidden).length;
  const number = checked.length === 1 ? 'Un Comune scelto' : `${checked.length} Comuni scelti`;
  told.textContent = checked.length ? number + (apart ? `, ${apart} fuori da quelli mostrati` : '') : '';
  column.checked = here.length > 0 && here.every((box) => box.checked);
  column.indeterminate = !column.checked && here.some((box) => box.checked);
}

function narrow() {
  const name = plain(search.value);
  const state = filter.querySelector('[aria-current]').dataset.show;
  for (const row of rows) {
    row.hidden = !(row.dataset.names.includes(name) && (!state || row.dataset.state === state));
  }
  for (const part of board.querySelectorAll('tbody')) part.hidden = !part.querySelector('tr[data-state]:not([hidden])');
  board.querySelector('.board-nothing').hidden = shown().length > 0;
  const query = new URLSearchParams({ ...(search.value && { nome: search.value }), ...(state && { stato: state }) });
  history.replaceState(null, '', query.size ? `?${query}` : location.pathname);
  count();
}

search.addEventListener('input', narrow);
filter.addEventListener('submit', (event) => {
  event.preventDefault();
  narrow();
});
for (const way of ways) {
  way.addEventListener('click', (event) => {
    event.preventDefault();
    if (!filter.contains(way)) search.value = '';
    for (const other of filter.querySelectorAll('[data-show]')) {
      if (other.dataset.show === way.dataset.show) other.setAttribute('aria-current', 'true');
      else other.removeAttribute('aria-current');
    }
    narrow();
    if (!filter.contains(way)) search.focus();
  });
}

function check(some, is) {
  for (const box of some) box.checked = is;
  count();
}

column.addEventListener('change', () => check(shown(), column.checked));
for (const link of board.querySelectorAll('[data-choose]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    if (link.dataset.choose === 'all') check(shown(), true);
    else check(boxes, false);
  });
}

let last;
board.addEventListener('click', ({ target, shiftKey }) => {
  if (!boxes.includes(target)) return;
  const here = shown();
  if (shiftKey && here.includes(last)) {
    const [from, to] = [here.indexOf(last), here.indexOf(target)].sort((one, other) => one - other);
    check(here.slice(from, to + 1), target.checked);
  }
  last = target;
  count();
});

board.addEventListener('change', count); // somebody else checked one: a draft that came back

// Arrows walk down the column, as in a sheet.
board.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || (!boxes.includes(event.target) && event.target !== column)) return;
  const here = [column, ...shown()];
  here[here.indexOf(event.target) + step]?.focus();
  event.preventDefault();
});

count();
