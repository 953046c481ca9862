// The page works without: here the preview follows the choices, and a button copies.
const form = document.querySelector('.builder-form');
const status = document.querySelector('.builder-status');
let waiting;
let asked = 0;

async function show() {
  const turn = ++asked;
  const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  try {
    const answer = await fetch(`${form.getAttribute('action').split('#')[0]}?${chosen}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (turn !== asked) return;
    for (const part of ['.builder-preview', '.builder-codes']) {
      document.querySelector(part).replaceWith(page.querySelector(part));
    }
    offerToCopy();
    history.replaceState(null, '', `?${chosen}`);
    status.textContent = answer.ok ? 'Anteprima e codici aggiornati.' : 'C’è qualcosa da correggere: leggi sopra l’anteprima.';
  } catch {
    status.textContent = 'L’anteprima non risponde: premi «Mostra».';
  }
}

function offerToCopy() {
  for (const button of document.querySelectorAll('.code-copy')) button.hidden = false;
}

async function copy(button) {
  const code = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(code.value);
    status.textContent = `Copiato: ${button.dataset.what}.`;
  } catch {
    code.select();
    status.textContent = document.execCommand('copy')
      ? `Copiato: ${button.dataset.what}.`
      : 'Non riesco a copiare da solo: il testo è selezionato, premi Ctrl+C.';
  }
}

form.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('.code-copy');
  if (button) copy(button);
});
offerToCopy();
