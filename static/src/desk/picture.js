// The focal point, by a click on the picture or with the arrow keys, and the crops that readers will see.
const CROPS = [
  ['Scheda, 16:9', 'wide'],
  ['Elenco, 3:2', 'list'],
  ['Quadrato', 'square'],
];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
// The fields hold numbers as Italians write them.
const numberIn = (field) => Number(field.value.replace(',', '.'));
const putNumber = (field, value) => {
  field.value = value.toFixed(2).replace('.', ',');
};
const within = (value) => Math.min(1, Math.max(0, value));

// The picture with its marker and its crops, put before `place`; returns how to show another picture in it.
function stage(place, source) {
  const [x, y] = ['#id_focal_x', '#id_focal_y'].map((selector) => document.querySelector(selector));
  const image = make('img', { alt: '', src: source });
  const marker = make('button', { type: 'button', className: 'focal-marker' });
  const told = make('p', { className: 'focal-told', id: 'focal-told' });
  const crops = CROPS.map(([name, shape]) => {
    const crop = make('img', { alt: '', src: source, className: `focal-crop focal-${shape}` });
    return make('figure', {}, crop, make('figcaption', { textContent: name }));
  });
  const help =
    'Premi sull’immagine il punto che deve restare visibile, oppure sposta il segno con le frecce (con Maiusc, di più).';
  told.setAttribute('role', 'status');
  marker.setAttribute('aria-label', 'Punto d’interesse');
  marker.setAttribute('aria-describedby', 'focal-help focal-told');
  const frame = make('div', { className: 'focal-frame' }, image, marker);
  const about = make('div', {}, make('p', { className: 'focal-help', id: 'focal-help', textContent: help }), told);
  const desk = make(
    'div',
    { className: 'focal-desk' },
    frame,
    make('div', { className: 'focal-crops' }, about, ...crops),
  );
  place.before(desk);

  function show() {
    const at = [x, y].map((field) => within(numberIn(field) || 0));
    marker.style.left = `${at[0] * 100}%`;
    marker.style.top = `${at[1] * 100}%`;
    // Pages know steps of a tenth: the crops show what they will do, not more.
    const [left, top] = at.map((value) => `${Math.round(value * 10) * 10}%`);
    for (const crop of desk.querySelectorAll('.focal-crop')) crop.style.objectPosition = `${left} ${top}`;
    told.textContent = `${Math.round(at[0] * 100)}% da sinistra, ${Math.round(at[1] * 100)}% dall’alto.`;
  }

  function put(left, top) {
    putNumber(x, within(left));
    putNumber(y, within(top));
    for (const field of [x, y]) field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  frame.addEventListener('click', ({ clientX, clientY, detail }) => {
    if (!detail) return; // Enter on the marker
    const box = image.getBoundingClientRect();
    put((clientX - box.left) / box.width, (clientY - box.top) / box.height);
    marker.focus();
  });
  marker.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.1 : 0.01;
    put(numberIn(x) + step[0] * size, numberIn(y) + step[1] * size);
  });
  for (const field of [x, y]) field.addEventListener('input', show);
  show();
  return (source) => {
    for (const picture of desk.querySelectorAll('img')) picture.src = source;
  };
}

const shown = document.querySelector('img.picture-shown');
let replace;
if (shown && document.querySelector('#id_focal_x')) {
  stage(shown, shown.src);
  shown.hidden = true;
}
document.addEventListener('picture:shown', ({ detail }) => {
  if (!document.querySelector('#id_focal_x')) return;
  detail.hidden = true; // it is shown larger here
  if (replace) replace(detail.src);
  else replace = stage(detail, detail.src);
});
