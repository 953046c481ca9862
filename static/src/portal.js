// All that the portal needs from a script: the version that validators look for, and the names on the map.
window.BOOTSTRAP_ITALIA_VERSION = '__BOOTSTRAP_ITALIA_VERSION__';

for (const map of document.querySelectorAll('.mosaic-map')) {
  const label = map.querySelector('.mosaic-label');
  const show = (event) => {
    const cell = event.target.closest('a');
    if (!cell || !label) return;
    const box = cell.getBBox();
    label.textContent = cell.getAttribute('aria-label');
    const half = label.getComputedTextLength() / 2;
    label.setAttribute('x', Math.min(1000 - half, Math.max(half, box.x + box.width / 2)));
    label.setAttribute('y', Math.max(40, box.y + box.height / 2 + 10));
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
