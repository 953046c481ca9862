// Pictures on their way into a text, pasted or dropped: each goes to the library and stands where it was let go. They
// come without words, so the page waits for these before it can be published.
import { faultOf, limitsIn } from './upload.js';

const MOST = 10; // pictures at a time
const number = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const isPicture = ({ type, name }) => type.startsWith('image/') || /\.hei[cf]$/i.test(name);

function libraryOf(editor) {
  const { library } = editor.extensionManager.extensions.find(({ name }) => name === 'figure')?.options ?? {};
  return library;
}

export const canTakeIn = (editor, files) => Boolean(libraryOf(editor)) && files.some(isPicture);

// Puts the pictures among these files at a place of the text, one after the other, and says what became of each;
// `besides`: what is to be said of the same paste.
export async function takeIn(editor, files, place, besides = '') {
  const pictures = files.filter(isPicture).slice(0, MOST);
  const others = files.length - files.filter(isPicture).length;
  const tooMany = files.length - others - pictures.length;
  const say = (...told) => editor.storage.desk.say(told.filter(Boolean).join(' '));
  const rows = pictures.map((file) => rowOf(editor, file));
  const follow = ({ transaction }) => {
    place = transaction.mapping.map(place);
  };
  const done = guard(editor, say);
  editor.on('transaction', follow);
  say(`Carico ${number(pictures.length, 'immagine', 'immagini')}…`);
  const limits = await limitsOf(libraryOf(editor));
  let taken = 0;
  for (const [index, file] of pictures.entries()) {
    const { picture, fault } = await sent(editor, file, limits, rows[index]);
    if (picture) {
      place = insert(editor, picture, place);
      taken += 1;
      rows[index].item.remove();
    } else {
      rows[index].fail(fault);
    }
  }
  editor.off('transaction', follow);
  done();
  const lost = pictures.length - taken;
  say(
    taken &&
      `${number(taken, 'immagine è nel testo, da descrivere: sceglila', 'immagini sono nel testo, da descrivere: scegli ciascuna')} e premi «Immagine».`,
    lost &&
      `${number(lost, 'immagine non è stata caricata', 'immagini non sono state caricate')}: il motivo è qui sotto.`,
    tooMany &&
      `Si caricano al massimo ${MOST} immagini alla volta: ${number(tooMany, 'è rimasta fuori', 'sono rimaste fuori')}.`,
    besides,
    others && 'Gli altri file non si incollano nel testo: aggiungili fra gli allegati.',
  );
}

// After the block of the text in which the place is, so that no sentence is cut in two. Returns where the next one goes.
function insert(editor, { source, width, height }, place) {
  const at = editor.state.doc.resolve(Math.min(place, editor.state.doc.content.size));
  const after = at.depth ? at.after(1) : at.pos;
  const figure = editor.schema.nodes.figure.create(
    null,
    editor.schema.nodes.image.create({ src: source, alt: '', width, height }),
  );
  editor.view.dispatch(editor.state.tr.insert(after, figure));
  return after + figure.nodeSize;
}

async function limitsOf(library) {
  const response = await fetch(`${library}?pk=0`).catch(() => null);
  const told = response?.ok ? await response.json().catch(() => null) : null;
  return told && limitsIn(told.limits.attributes);
}

const AGAIN = 'Il portale non risponde, o la sessione è scaduta: rientra in un’altra finestra, poi incollala di nuovo.';

function sent(editor, file, limits, row) {
  const fault = limits && faultOf(file, limits);
  if (fault) return { fault };
  const data = new FormData();
  data.set('file', file, file.name || 'immagine.png');
  data.set('da_descrivere', '1');
  data.set('una_volta', crypto.randomUUID().replaceAll('-', ''));
  data.set('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // fetch does not say how far it is
    request.upload.addEventListener('progress', ({ loaded, total }) => row.show(loaded / total));
    request.addEventListener('loadend', () => {
      const answer = request.response;
      const told = Object.values(answer?.errors ?? {})
        .flat()
        .join(' ');
      resolve(answer?.picture ? { picture: answer.picture } : { fault: told || AGAIN });
    });
    request.responseType = 'json';
    request.open('POST', libraryOf(editor));
    request.send(data);
  });
}

// A line below the text for each picture: how far it is, and why it did not come in.
function rowOf(editor, file) {
  const around = editor.options.element;
  const list = around.querySelector('.picture-queue') ?? make('ul', { className: 'picture-queue' });
  list.setAttribute('aria-label', 'Immagini in arrivo');
  if (!list.isConnected) around.append(list);
  const name = file.name || 'immagine';
  const bar = make('progress', { max: 1, value: 0 });
  const told = make('span', { textContent: `«${name}»` });
  const item = make('li', {}, told, ' ', bar);
  bar.setAttribute('aria-label', `Caricamento di ${name}`);
  list.append(item);
  return {
    item,
    show: (share) => (bar.value = share),
    fail(fault) {
      const close = make('button', { type: 'button', className: 'button', textContent: 'Ho letto' });
      close.setAttribute('aria-label', `Ho letto di ${name}`);
      close.addEventListener('click', () => {
        item.remove();
        editor.commands.focus();
      });
      told.textContent = fault.includes(name) ? fault : `«${name}»: ${fault}`;
      bar.replaceWith(close);
      item.className = 'is-fault';
    },
  };
}

// Whoever saves, or leaves the page, while something is on its way would lose it.
function guard(editor, say) {
  const { form } = editor.options.element.querySelector('textarea');
  const wait = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    say('Aspetta: sto ancora caricando le immagini. Poi salva di nuovo.');
    editor.commands.focus();
  };
  const stay = (event) => event.preventDefault(); // the browser asks, in its own words
  form?.addEventListener('submit', wait, { capture: true });
  addEventListener('beforeunload', stay);
  return () => {
    form?.removeEventListener('submit', wait, { capture: true });
    removeEventListener('beforeunload', stay);
  };
}

// A picture that a pasted page carries within itself; null if it is none.
export function fileOfData(source) {
  const [, type, content] = /^data:(image\/[\w.+-]+);base64,([\sA-Za-z0-9+/=]+)$/.exec(source) ?? [];
  if (!type) return null;
  try {
    const bytes = Uint8Array.from(atob(content.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
    return new File([bytes], `immagine.${type.slice('image/'.length).replace(/\W.*/, '')}`, { type });
  } catch {
    return null;
  }
}
