// The search box of a list with suggestions is made by a script and has no name: it takes that of its field.
addEventListener('load', () => {
  for (const select of document.querySelectorAll('select.admin-autocomplete')) {
    const box = select.nextElementSibling?.querySelector('.select2-search__field');
    const label = select.labels[0]?.textContent.replace(/\s*:\s*$/, '').trim();
    if (box && label) box.setAttribute('aria-label', label);
  }
});
