// "Il mio Comune": kept in this browser alone, and put first wherever a page has a hook for it.
// Pages join by markup: [data-place-link], [data-place-choice], [data-place-remember], [data-place-filter],
// [data-place-brief], [data-place-forget], [data-comune] on a row, select[name=comune], .mosaic-map.
const KEY = 'comune';
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);
const status = make('p', '', { className: 'visually-hidden', role: 'status' });
const address = (place) => `/comuni/${place.slug}/`;

const recall = () => {
  try {
    const place = JSON.parse(localStorage.getItem(KEY));
    return /^[a-z0-9-]+$/.test(place.slug) && place.name ? place : null;
  } catch {
    return null; // nothing kept, or storage refused
  }
};

const keep = (place) => {
  try {
    if (place) localStorage.setItem(KEY, JSON.stringify(place));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
};

const showLink = (link, place) => {
  link.dataset.elsewhere ??= link.getAttribute('href');
  link.dataset.words ??= link.textContent;
  link.href = place ? address(place) : link.dataset.elsewhere;
  const mine = () => [make('span', 'Il mio Comune: ', { className: 'place-prefix' }), place.name];
  link.replaceChildren(...(place ? mine() : [link.dataset.words]));
};

const showChoice = (choice, place) => {
  const isMine = place?.slug === choice.dataset.placeChoice;
  const [mine, forget] = all('button', choice);
  const hadFocus = choice.contains(document.activeElement);
  mine.hidden = isMine;
  forget.hidden = !isMine;
  all('[data-place-mine]', choice).forEach((words) => (words.hidden = !isMine));
  all('[data-place-not-mine]', choice).forEach((words) => (words.hidden = isMine));
  if (hadFocus) (isMine ? forget : mine).focus();
};

const showFilter = (hook, place) => {
  // What the form beside it says, and not the address: that may hold what others hung on it, and former names.
  const query = new URLSearchParams([...new FormData(hook.previousElementSibling)].filter(([, value]) => value));
  const isOn = query.get('comune') === place?.slug;
  if (place) query.set('comune', place.slug);
  const words = `Solo ciò che riguarda ${place?.name}`;
  hook.replaceChildren(
    ...(place && !isOn ? [make('a', words, { className: 'chip chip-place', href: `?${query}` })] : []),
  );
};

const mark = (place) => {
  all('.is-mine').forEach((row) => row.classList.remove('is-mine'));
  all('.mine-mark, .mosaic-ring').forEach((made) => made.remove());
  if (!place) return;
  for (const row of all(`[data-comune="${place.slug}"]`)) {
    row.classList.add('is-mine');
    (row.querySelector('a') ?? row).after(make('span', 'il mio Comune', { className: 'mine-mark' }));
  }
  for (const cell of all(`.mosaic-map a[href$="${address(place)}"]:not(.is-here)`)) {
    const ring = document.createElementNS(cell.namespaceURI, 'g');
    ring.setAttribute('class', 'mosaic-ring');
    ring.append(cell.firstElementChild.cloneNode(), cell.firstElementChild.cloneNode());
    all('path', ring).forEach((path) => path.removeAttribute('fill'));
    cell.parentNode.querySelector('.mosaic-names').before(ring);
  }
  for (const option of all(`select[name=comune] option[value="${place.slug}"]`))
    option.parentNode.options[0].after(option);
};

// A Comune whose address has changed since it was kept is still the same one.
const renew = (place, slug) => {
  if (!slug || slug === place.slug) return place;
  const renewed = { ...place, slug };
  keep(renewed);
  return renewed;
};

// The home takes the part of the Comune's page "in breve" that is made for it, in place of the way to choose; an
// initiative takes how the Comune stands in it.
const showBrief = async (box, place) => {
  const source = box.dataset.source; // of a page that answers for the Comune of its query
  const answer = place && (await fetch(source ? source + place.slug : `${address(place)}in-breve/`));
  if (!answer?.ok) return;
  if (answer.redirected && !source) {
    place = renew(place, new URL(answer.url).pathname.split('/')[2]);
    show();
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const brief = page.querySelector('[data-brief]');
  if (!brief || recall()?.slug !== place.slug) return;
  box.style.minHeight = `${box.offsetHeight}px`; // what is below stays where it is
  box.dataset.placeBrief = place.slug;
  const before = [...box.childNodes];
  box.replaceChildren(brief);
  all('[data-place-forget]', box).forEach((button) => {
    button.addEventListener('click', () => {
      box.replaceChildren(...before);
      box.querySelector('select')?.focus();
    });
  });
  status.textContent = `Ecco ciò che riguarda ${place.name}.`;
};

const show = () => {
  let place = recall();
  const choice = place && all('[data-place-choice]').find(({ dataset }) => dataset.name === place.name);
  if (choice) place = renew(place, choice.dataset.placeChoice);
  all('[data-place-link]').forEach((link) => showLink(link, place));
  all('[data-place-choice]').forEach((choice) => showChoice(choice, place));
  all('[data-place-filter]').forEach((hook) => showFilter(hook, place));
  all('[data-place-known]').forEach((part) => (part.hidden = !place));
  all('[data-place-unknown]').forEach((part) => (part.hidden = Boolean(place)));
  all('[data-place-name]').forEach((part) => (part.textContent = place?.name ?? ''));
  mark(place);
  return place;
};

document.documentElement.classList.add('has-scripts');
document.body.append(status);
document.addEventListener('click', ({ target }) => {
  const choice = target.closest('[data-place-choose]')?.closest('[data-place-choice]');
  const chosen = choice && { slug: choice.dataset.placeChoice, name: choice.dataset.name };
  if (!chosen && !target.closest('[data-place-forget]')) return;
  status.textContent = !keep(chosen)
    ? 'Questo browser non permette di ricordarlo.'
    : chosen
      ? `Ricordato: il tuo Comune è ${chosen.name}.`
      : 'Dimenticato: non resta nulla in questo browser.';
  show();
});
document.addEventListener('submit', ({ target }) => {
  const option = target.elements.comune?.selectedOptions?.[0];
  if (option?.value && target.querySelector('[data-place-remember]:checked'))
    keep({ slug: option.value, name: option.text });
});
const place = show();
all('[data-place-brief]').forEach((box) => showBrief(box, place).catch(() => {}));
