// All that the portal needs from a script: the version that validators look for, the names on the map, a text to copy.
import './place.js';

window.BOOTSTRAP_ITALIA_VERSION = BOOTSTRAP_ITALIA_VERSION; // put here by the build

for (const map of document.querySelectorAll('.mosaic-map')) {
  const label = map.querySelector('.mosaic-label');
  const show = (event) => {
    const cell = event.target.closest('a');
    if (!cell || !label) return;
    const box = cell.getBBox();
    // «Crema: partecipa dal 2024, comunità Crema» takes three lines: the name, and what is said of it.
    const lines = cell
      .getAttribute('aria-label')
      .split(/: |, /)
      .map((words) => {
        const line = document.createElementNS(label.namespaceURI, 'tspan');
        line.textContent = words;
        return line;
      });
    label.replaceChildren(...lines);
    const half = Math.max(...lines.map((line) => line.getComputedTextLength())) / 2;
    const x = Math.min(1000 - half, Math.max(half, box.x + box.width / 2));
    lines.forEach((line, nth) => {
      line.setAttribute('x', x);
      if (nth) line.setAttribute('dy', '1.15em');
    });
    // One line stands on its cell; several stand below it, and leave what it is filled with in sight.
    const y = lines.length > 1 ? box.y + box.height + 45 : box.y + box.height / 2 + 10;
    label.setAttribute('y', Math.min(850 - 50 * (lines.length - 1), Math.max(40, y)));
    map.classList.add('is-naming');
  };
  const hide = () => {
    label.textContent = '';
    map.classList.remove('is-naming');
  };
  map.addEventListener('pointerover', show);
  map.addEventListener('focusin', show);
  map.addEventListener('pointerleave', hide);
  map.addEventListener('focusout', hide);
}

// A link to a text gets a button beside it that copies the text instead of showing it.
for (const link of document.querySelectorAll('.share [data-copies]')) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: link.dataset.copies });
  const item = document.createElement('li');
  button.prepend(link.querySelector('svg').cloneNode(true));
  button
    .querySelector('use')
    .setAttribute('href', link.querySelector('use').getAttribute('href').replace(/#.*/, '#it-copy'));
  item.append(button);
  link.parentElement.after(item);
  const status = link.closest('.share').querySelector('[role=status]');
  const text = async () => {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    return new Blob([await answer.text()], { type: 'text/plain' });
  };
  button.addEventListener('click', async () => {
    status.textContent = '';
    try {
      // The promise itself: some browsers copy only what was given to them while the button was pressed.
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text() })]);
      status.textContent = 'Copiato: incollalo dove ti serve.';
    } catch {
      location.assign(link.href);
    }
  });
}
