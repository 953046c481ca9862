// All that the portal needs from a script: the version that validators look for, and the names on the map.
window.BOOTSTRAP_ITALIA_VERSION = '__BOOTSTRAP_ITALIA_VERSION__';

for (const map of document.querySelectorAll('.mosaic-map')) {
  const label = map.querySelector('.mosaic-label');
  const show = (event) => {
    const cell = event.target.closest('a');
    if (!cell || !label) return;
    const box = cell.getBBox();
    // «Crema: partecipa dal 2024, comunità Crema» takes three lines: the name, and what is said of it.
    const lines = cell.getAttribute('aria-label').split(/: |, /).map((words) => {
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
