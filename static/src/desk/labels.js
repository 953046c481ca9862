// The search box of a list with suggestions is made by a script and has no name: it takes that of its field.
// The boxes are made when jQuery is ready, which may be after the page has loaded: this waits in the same queue.
window.django?.jQuery?.(() => {
  for (const select of document.querySelectorAll('select.admin-autocomplete')) {
    const box = select.nextElementSibling?.querySelector('.select2-search__field');
    const label = select.labels[0]?.textContent.replace(/\s*:\s*$/, '').trim();
    if (box && label) box.setAttribute('aria-label', label);
  }
});
