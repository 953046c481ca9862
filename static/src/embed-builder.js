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
    status.textContent = answer.ok
      ? 'Anteprima e codici aggiornati.'
      : 'C’è qualcosa da correggere: leggi sopra l’anteprima.';
  } catch {
    status.textContent = 'L’anteprima non risponde: premi «Mostra».';
  }
}

function offerToCopy() {
  for (const button of document.querySelectorAll('.code-copy')) button.hidden = false;
}

async function copy(button) {
  const code = document.getElementById(button.dataset.copies);
  let copied = true;
  try {
    await navigator.clipboard.writeText(code.value);
  } catch {
    code.select();
    copied = document.execCommand('copy');
  }
  status.textContent = copied
    ? `Copiato: ${button.dataset.what}.`
    : 'Non riesco a copiare da solo: il testo è selezionato, premi Ctrl+C.';
  say(button, copied ? 'Copiato' : 'Premi Ctrl+C');
}

// The status stands beside the form, out of sight of who is down here: the button says it too, for a while.
function say(button, words) {
  button.dataset.label ??= button.textContent;
  button.textContent = words;
  clearTimeout(button.back);
  button.back = setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 3000);
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
