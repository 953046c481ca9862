// The dialog that finds a picture in the library, or takes a new one in.
import './upload.js';

const MARKUP = `
  <header><h2 id="library-title">Scegli un’immagine</h2><button type="button" class="button" data-close>Chiudi</button></header>
  <form class="pictures-search" role="search"><label for="library-words">Cerca nella libreria</label>
    <input type="search" id="library-words" autocomplete="off"></form>
  <details><summary>Carica un’immagine nuova</summary>
    <form class="pictures-new" method="post" novalidate>
      <p><label for="library-file">Immagine</label>
        <input type="file" id="library-file" name="file" aria-describedby="library-limits">
        <span class="help" id="library-limits"></span></p>
      <p><label for="library-alternative">Testo alternativo</label>
        <textarea id="library-alternative" name="alternative_text" rows="2" maxlength="255" aria-describedby="library-about"></textarea>
        <span class="help" id="library-about">Che cosa mostra, per chi non la vede.</span></p>
      <p><label for="library-credit">Autore o provenienza</label> <input id="library-credit" name="credit" maxlength="160"></p>
      <p><button type="submit" class="button default">Carica e scegli</button></p>
    </form></details>
  <p class="pictures-told" role="status"></p>
  <ul class="picture-wall"></ul>
  <p><button type="button" class="button" data-more hidden>Mostra altre</button></p>`;
const PAUSE = 250; // milliseconds without typing before the library is asked

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

function choiceOf(picture, choose) {
  const image = make('img', { src: picture.thumbnail, alt: '', width: 320, height: 240, loading: 'lazy' });
  const button = make(
    'button',
    { type: 'button' },
    image,
    make('span', { className: 'picture-words', textContent: picture.name }),
  );
  button.addEventListener('click', () => choose(picture));
  return make('li', {}, button, make('p', { textContent: picture.credit }));
}

// Resolves with the picture that was chosen, or null.
export function choosePicture(address) {
  return new Promise((resolve) => {
    const dialog = make('dialog', { className: 'picture-dialog', innerHTML: MARKUP });
    dialog.setAttribute('aria-labelledby', 'library-title');
    const find = (selector) => dialog.querySelector(selector);
    const [words, told, wall, more, upload] = [
      '#library-words',
      '.pictures-told',
      'ul',
      '[data-more]',
      '.pictures-new',
    ].map(find);
    let page = 1;
    let chosen = null;
    let asked = 0;
    const once = crypto.randomUUID().replaceAll('-', ''); // pressed twice, it is taken in once

    const choose = (picture) => {
      chosen = picture;
      dialog.close();
    };

    async function show(wanted) {
      const question = ++asked;
      page = wanted;
      told.textContent = 'Cerco…';
      const response = await fetch(`${address}?${new URLSearchParams({ q: words.value, pagina: page })}`).catch(
        () => null,
      );
      if (question !== asked) return;
      if (!response?.ok)
        return void (told.textContent = 'La libreria non risponde: forse la sessione è scaduta. Riprova.');
      const { pictures, more: isMore, limits } = await response.json();
      for (const [name, value] of Object.entries(limits.attributes)) upload.elements.file.setAttribute(name, value);
      find('#library-limits').textContent = limits.told;
      if (page === 1) wall.replaceChildren();
      const shown = pictures.map((picture) => choiceOf(picture, choose));
      wall.append(...shown);
      told.textContent = wall.children.length
        ? `Immagini mostrate: ${wall.children.length}.`
        : 'Nessuna immagine corrisponde.';
      more.hidden = !isMore;
      if (page > 1) shown[0]?.querySelector('button').focus();
    }

    async function send(event) {
      event.preventDefault();
      if (!upload.reportValidity()) return;
      const data = new FormData(upload);
      data.set('focal_x', '0.5');
      data.set('focal_y', '0.5');
      data.set('una_volta', once);
      data.set('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value);
      told.textContent = 'Carico…';
      const response = await fetch(address, { method: 'POST', body: data }).catch(() => null);
      const answer = await response?.json().catch(() => null);
      if (answer?.picture) {
        upload.dispatchEvent(new Event('desk:saved'));
        return choose(answer.picture);
      }
      told.textContent = answer
        ? 'L’immagine non è stata caricata: correggi i campi segnalati.'
        : 'L’immagine non è stata caricata: riprova.';
      blame(upload, answer?.errors ?? {});
    }

    let timer;
    words.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(show, PAUSE, 1);
    });
    find('.pictures-search').addEventListener('submit', (event) => {
      event.preventDefault();
      show(1);
    });
    more.addEventListener('click', () => show(page + 1));
    find('[data-close]').addEventListener('click', () => dialog.close());
    upload.addEventListener('submit', send);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    upload.dispatchEvent(new CustomEvent('desk:form', { bubbles: true, detail: { page: 'libreria' } }));
    dialog.showModal();
    words.focus();
    show(1);
  });
}

// Each message at its field, read with it; the first field at fault takes the focus.
function blame(form, errors) {
  for (const old of form.querySelectorAll('.errorlist')) old.remove();
  for (const field of form.elements) {
    const messages = errors[field.name];
    field.toggleAttribute('aria-invalid', Boolean(messages));
    if (!messages) continue;
    const list = make(
      'ul',
      { className: 'errorlist', id: `${field.id}-errors` },
      ...messages.map((text) => make('li', { textContent: text })),
    );
    field.before(list);
    field.setAttribute('aria-errormessage', list.id);
  }
  form.querySelector('[aria-invalid]')?.focus();
}
